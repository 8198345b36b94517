import type { JsonSchema } from '../../fields/field-type.ts';

/** Names as documents write them, as JSON-Schema patterns. */
export const NAME = '^[a-z][a-z0-9_]{0,39}$';
export const DOTTED_NAME = '^[a-z][a-z0-9_]{0,39}\\.[a-z][a-z0-9_]{0,39}$';
export const FIELD_PATH = '^[a-z][a-z0-9_]{0,39}(\\.[a-z][a-z0-9_]{0,39})?$';
export const KEY = '^[a-z][a-z0-9_-]{0,59}$';

/** The shared definition of a text in both languages. */
export const LABEL: JsonSchema = { $ref: '#/$defs/localeText' };

/** A schema with the sentence that editors show, Chinese first. */
export function described(schema: JsonSchema, description: string): JsonSchema {
  return { ...schema, description };
}

/** A CEL expression; whether it means something is checked against the model. */
export function cel(description: string): JsonSchema {
  return { type: 'string', minLength: 1, maxLength: 4000, description };
}

/** A name of an entity, dictionary or field. */
export function name(description: string): JsonSchema {
  return { type: 'string', pattern: NAME, description };
}

/** `true` or `false`. */
export function flag(description: string): JsonSchema {
  return { type: 'boolean', description };
}

/** One of a few words. */
export function oneOf(values: readonly string[], description: string): JsonSchema {
  return { type: 'string', enum: values, description };
}

/** An object that takes these properties and no other. */
export function closed(
  properties: JsonSchema,
  required: readonly string[] = [],
  description?: string,
): JsonSchema {
  return {
    type: 'object',
    ...(description === undefined ? {} : { description }),
    properties,
    ...(required.length ? { required } : {}),
    additionalProperties: false,
  };
}

/** Entries by name: keys match `keys`, values `values`. */
export function mapOf(keys: string, values: JsonSchema, description: string): JsonSchema {
  return { type: 'object', description, propertyNames: { pattern: keys }, additionalProperties: values };
}

/** A set, written as `{ "name": true }` because nothing that merges is an array. */
export function setOf(keys: string, description: string): JsonSchema {
  return mapOf(keys, { const: true }, description);
}
