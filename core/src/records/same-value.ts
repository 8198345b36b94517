import { isDeepStrictEqual } from 'node:util';

/** Are two values of a field equal? Missing and null are one; the order of keys does not count (jsonb forgets it). */
export function sameValue(a: unknown, b: unknown): boolean {
  const left = a ?? null;
  const right = b ?? null;
  if (left === right) return true;
  return typeof left === 'object' && left !== null && isDeepStrictEqual(left, right);
}

/** Is there nothing: null, an empty text, an empty list? */
export function isEmptyValue(value: unknown): boolean {
  return (
    value === null || value === undefined || value === '' || (Array.isArray(value) && value.length === 0)
  );
}
