import { numberAttribute } from './attribute.ts';
import { asIs } from './as-is.ts';
import { valueFault } from './fault.ts';
import type { FieldDefinition, JsonSchema, ValueFault } from './field-type.ts';
import { isUuid, UUID_PATTERN } from './uuid.ts';

/** Schema of a list of ids without repetition. */
export function idArraySchema(def: FieldDefinition, fallbackCount: number): JsonSchema {
  return {
    type: 'array',
    items: { type: 'string', format: 'uuid', pattern: UUID_PATTERN },
    uniqueItems: true,
    maxItems: numberAttribute(def, 'maxCount', fallbackCount),
  };
}

/** Small letters, each once, in their order; null when empty. */
export function normaliseIds(value: unknown): unknown {
  if (!Array.isArray(value)) return asIs(value);
  const ids = value.map((id: unknown) => (typeof id === 'string' ? id.toLowerCase() : id));
  return ids.length ? [...new Set(ids)] : null;
}

/** The first faulty id of a list. */
export function checkIds(value: unknown): ValueFault | null {
  if (!Array.isArray(value))
    return valueFault('MRT_VALUE_TYPE', '应为 id 的列表。', 'It must be a list of ids.');
  const bad = value.findIndex((id) => !isUuid(id));
  return bad < 0
    ? null
    : valueFault('MRT_VALUE_FORMAT', '应为 id(uuid)。', 'It must be an id (a uuid).', `/${bad}`);
}
