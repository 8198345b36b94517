import type { JsonSchema } from './field-type.ts';

/**
 * The schema that also takes null. It widens `type` (and `enum`) instead of wrapping in `anyOf`, so that a fault
 * still names its one real cause.
 */
export function nullableSchema(schema: JsonSchema): JsonSchema {
  const { type, enum: options } = schema;
  return {
    ...schema,
    ...(typeof type === 'string' ? { type: [type, 'null'] } : {}),
    ...(Array.isArray(options) ? { enum: [...(options as readonly unknown[]), null] } : {}),
  };
}
