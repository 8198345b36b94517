import type { FieldDocument } from './documents.ts';

/** `fits`: the column already holds more than is asked for, and validation keeps to the stricter rule. */
export function compareTypes(real: string, wanted: string): 'widen' | 'fits' | 'other' {
  if (real === wanted) return 'fits';
  const size = (type: string): number | null => {
    if (type === 'text') return Infinity;
    const digits = /^varchar\((\d+)\)$/.exec(type)?.[1];
    return digits === undefined ? null : Number(digits);
  };
  const [from, to] = [size(real), size(wanted)];
  if (from !== null && to !== null) return to > from ? 'widen' : 'fits';
  const decimal = (type: string): [number, number] | null => {
    const match = /^numeric\((\d+),\s*(\d+)\)$/.exec(type);
    return match ? [Number(match[1]), Number(match[2])] : null;
  };
  const [low, high] = [decimal(real), decimal(wanted)];
  // Another scale would round stored amounts or rewrite the table.
  if (low && high && low[1] === high[1]) return high[0] > low[0] ? 'widen' : 'fits';
  return 'other';
}

/** Plain texts that differ in their length alone. */
const PLAIN_TEXT: ReadonlySet<string> = new Set(['text', 'longtext']);
/** What decides, besides the column, which values a field can hold. */
const MEANING = ['dictionary', 'entity', 'multiple'] as const;

/**
 * Does `next` hold values of another kind than `previous`, so that each stored one must be converted and checked?
 * Types are the field's SQL types. A longer text or a larger number is no other kind.
 */
export function isRetype(
  previous: { readonly def: FieldDocument; readonly type: string },
  next: { readonly def: FieldDocument; readonly type: string },
): boolean {
  const texts = PLAIN_TEXT.has(previous.def.field) && PLAIN_TEXT.has(next.def.field);
  if (previous.def.field !== next.def.field && !texts) return true;
  if (MEANING.some((name) => (previous.def[name] ?? false) !== (next.def[name] ?? false))) return true;
  return compareTypes(previous.type, next.type) === 'other';
}
