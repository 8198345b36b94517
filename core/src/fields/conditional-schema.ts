import type { JsonSchema } from './field-type.ts';

/** Schema that applies `schema` to objects whose `property` is `value`, and `otherwise` (or nothing) to others. */
export function when(
  property: string,
  value: unknown,
  schema: JsonSchema,
  otherwise?: JsonSchema,
): JsonSchema {
  return {
    if: { type: 'object', required: [property], properties: { [property]: { const: value } } },
    // oxlint-disable-next-line unicorn/no-thenable -- a keyword of JSON Schema
    then: schema,
    ...(otherwise === undefined ? {} : { else: otherwise }),
  };
}
