import type { JsonSchema } from '../field-type.ts';
import { LOCALE_TEXT } from '../locale-text-schema.ts';

/** Code of a dictionary value or option, as JSON-Schema pattern. */
export const CODE_PATTERN = '^[A-Za-z0-9_.\\-]{1,60}$';

/** Attributes of a choice field. */
export const CHOICE_DEFINITION: JsonSchema = {
  type: 'object',
  properties: {
    dictionary: {
      type: 'string',
      // `$roles` is no document: its values are the names of the roles.
      pattern: '^(\\$roles|[a-z][a-z0-9_]{0,39})$',
      description: '字典名 / Name of the dictionary',
    },
    options: {
      type: 'object',
      minProperties: 1,
      propertyNames: { pattern: CODE_PATTERN },
      description:
        '自带选项,代码→标签,代替字典 / Options of the field itself, code → label, instead of a dictionary',
      additionalProperties: {
        type: 'object',
        required: ['label'],
        additionalProperties: false,
        properties: { label: LOCALE_TEXT, color: { type: 'string', pattern: '^#[0-9a-fA-F]{6}$' } },
      },
    },
    multiple: { type: 'boolean', description: '可多选 / Several values' },
    maxCount: { type: 'integer', minimum: 1, maximum: 1000, description: '多选时最多个数 / Most values' },
    dependsOn: {
      type: 'object',
      description: '可选值取决于另一字段的值 / What may be chosen depends on another field',
      required: ['field'],
      additionalProperties: false,
      properties: {
        field: { type: 'string', pattern: '^[a-z][a-z0-9_]{0,39}$' },
        mapping: { type: 'string', pattern: '^[a-z][a-z0-9_]{0,39}$' },
      },
    },
    leafOnly: { type: 'boolean', description: '树形字典只能选末级 / Only leaves of a tree may be chosen' },
  },
};
