import { FilterValueError } from './field-type.ts';

/** JSON-Schema pattern of an id; without the `urn:uuid:` prefix that the format `uuid` lets through. */
export const UUID_PATTERN = '^[0-9a-fA-F]{8}-[0-9a-fA-F]{4}-[0-9a-fA-F]{4}-[0-9a-fA-F]{4}-[0-9a-fA-F]{12}$';
const UUID = new RegExp(UUID_PATTERN, 'u');

/** True for an id in the usual notation. */
export function isUuid(value: unknown): value is string {
  return typeof value === 'string' && UUID.test(value);
}

/** An id from a filter, in small letters. @throws FilterValueError */
export function filterUuid(value: unknown): string {
  if (value === null) throw new FilterValueError('use {"$null": true} to find empty values');
  if (!isUuid(value))
    throw new FilterValueError('an id such as 0198f2c4-7a6b-7c3d-8e9f-0a1b2c3d4e5f is expected');
  return value.toLowerCase();
}
