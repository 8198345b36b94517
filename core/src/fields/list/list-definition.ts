import { when } from '../conditional-schema.ts';
import type { FieldType, JsonSchema } from '../field-type.ts';
import { LOCALE_TEXT } from '../locale-text-schema.ts';
import { NAME_PATTERN } from '../reference-attributes.ts';
import { SCALAR_TYPES } from '../scalar-types.ts';

const COMMON: JsonSchema = {
  label: LOCALE_TEXT,
  help: LOCALE_TEXT,
  required: { type: 'boolean', description: '必填 / Must be given' },
  default: {
    type: ['string', 'number', 'boolean'],
    description: '新增一项时的值 / Value where an item does not give one',
  },
};

/** Schema of an inner field of `type`: a closed object with the inner attributes and the type's own. */
function innerDefinition(type: FieldType): JsonSchema {
  const { properties, required } = type.definition as {
    properties: JsonSchema;
    required?: readonly string[];
  };
  return {
    type: 'object',
    required: ['field', 'label', ...(required ?? [])],
    additionalProperties: false,
    properties: { field: { const: type.name }, ...COMMON, ...properties },
  };
}

/** Attributes of a list field: the fields of one item. */
export const LIST_DEFINITION: JsonSchema = {
  type: 'object',
  required: ['item'],
  properties: {
    maxCount: {
      type: 'integer',
      minimum: 1,
      maximum: 1000,
      description: '最多项数,默认 200 / Most items, default 200',
    },
    item: {
      type: 'object',
      required: ['properties'],
      additionalProperties: false,
      properties: {
        properties: {
          type: 'object',
          minProperties: 1,
          propertyNames: { pattern: NAME_PATTERN },
          additionalProperties: {
            type: 'object',
            required: ['field', 'label'],
            properties: { field: { enum: SCALAR_TYPES.map((type) => type.name) } },
            allOf: SCALAR_TYPES.map((type) => when('field', type.name, innerDefinition(type))),
          },
        },
      },
    },
  },
};
