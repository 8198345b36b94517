import { Big } from 'big.js';
import { isDate, toMoment } from './calendar.ts';
import { elementType, type ExpressionType, isList } from './types.ts';

/** Our own constructor, so that nobody's settings of big.js change a result: 20 decimals, half away from zero. */
export const Decimal = Big();
/** Decimals of a quotient, in JavaScript and in SQL. */
const DIVISION_SCALE = 20;
Decimal.DP = DIVISION_SCALE;
Decimal.RM = 1;

/** A value while an expression runs. Every number is exact; dates and moments are texts whose order is time's. */
export type Value = null | boolean | string | Big | readonly Value[];

/** The number a text writes out (`-12.50`), or null. The same rule as the SQL of `int()` and `decimal()`. */
function parseNumber(text: string): Big | null {
  return /^[+-]?[0-9]{1,40}(?:\.[0-9]{1,20})?$/.test(text) ? new Decimal(text.replace('+', '')) : null;
}

export function isNumeric(value: Value): value is Big {
  return value instanceof Decimal;
}

function toNumber(raw: unknown): Big | null {
  if (typeof raw === 'number') return Number.isFinite(raw) ? new Decimal(raw) : null;
  if (typeof raw === 'bigint') return new Decimal(raw.toString());
  if (typeof raw === 'string') return /^-?\d+(?:\.\d+)?$/.test(raw) ? new Decimal(raw) : null;
  return null;
}

/** A record's value as the API and the driver give it → a value of the declared type; what does not fit is null. */
export function toValue(raw: unknown, type: ExpressionType): Value {
  if (raw === null || raw === undefined) return null;
  if (isList(type)) return Array.isArray(raw) ? raw.map((item) => toValue(item, elementType(type))) : null;
  switch (type) {
    case 'int':
    case 'decimal':
      return toNumber(raw);
    case 'bool':
      return typeof raw === 'boolean' ? raw : null;
    case 'date':
      return typeof raw === 'string' && isDate(raw) ? raw : null;
    case 'datetime':
      return typeof raw === 'string' || raw instanceof Date ? toMoment(raw) : null;
    case 'string':
      return typeof raw === 'string' ? raw : null;
    default:
      return dynamic(raw);
  }
}

function dynamic(raw: unknown): Value {
  if (typeof raw === 'string' || typeof raw === 'boolean') return raw;
  if (Array.isArray(raw)) return raw.map((item) => toValue(item, 'any'));
  if (raw instanceof Date) return toMoment(raw);
  return toNumber(raw) ?? JSON.stringify(raw) ?? null;
}

/** The plain text of a number: no exponent, no trailing zeros, no negative zero. */
export function numberText(value: Big): string {
  return value.eq(0) ? '0' : value.toFixed();
}

/** A result in the form of the API: integers as numbers, decimals as texts, the rest as it is. */
export function fromValue(value: Value, type: ExpressionType): unknown {
  if (Array.isArray(value)) return value.map((item: Value) => fromValue(item, elementType(type)));
  if (!isNumeric(value)) return value;
  const text = numberText(value);
  if (type === 'decimal' || text.includes('.')) return text;
  // An integer that JavaScript cannot hold exactly would be a wrong number; null is our word for "no result".
  return Number.isSafeInteger(Number(text)) ? Number(text) : type === 'any' ? text : null;
}

/** Order by code point, as PostgreSQL's collation "C" has it (UTF-16 order differs beyond U+FFFF). */
function compareText(a: string, b: string): number {
  const length = Math.min(a.length, b.length);
  for (let i = 0; i < length; i += 1) {
    const x = a.charCodeAt(i);
    const y = b.charCodeAt(i);
    if (x !== y) {
      // Surrogates stand for code points above every other unit.
      const high = (unit: number): number => (unit >= 0xd800 && unit <= 0xdfff ? 1 : 0);
      return high(x) - high(y) || x - y;
    }
  }
  return a.length - b.length;
}

/** Negative, zero or positive; null when the two cannot be ordered (a null, or kinds that do not mix). */
export function compare(a: Value, b: Value): number | null {
  if (isNumeric(a) || isNumeric(b)) {
    const x = asNumber(a);
    const y = asNumber(b);
    return x && y ? x.cmp(y) : null;
  }
  return typeof a === 'string' && typeof b === 'string' ? compareText(a, b) : null;
}

/** Null-safe equality. */
export function equal(a: Value, b: Value): boolean {
  if (Array.isArray(a) && Array.isArray(b)) {
    return a.length === b.length && a.every((item: Value, i) => equal(item, b[i] as Value));
  }
  if (isNumeric(a) || isNumeric(b)) return compare(a, b) === 0;
  return a === b;
}

/** A number, or a text that writes one (values of type `any` only: typed numbers are numbers already). */
export function asNumber(value: Value): Big | null {
  if (isNumeric(value)) return value;
  return typeof value === 'string' ? parseNumber(value) : null;
}

/** Number of characters (code points) of a text. */
export function textLength(text: string): number {
  let count = 0;
  for (const _ of text) count += 1;
  return count;
}
