import { Big } from 'big.js';

/** A decimal number as text: `-12.50`. No exponent, no sign `+`, no grouping. */
export const DECIMAL_PATTERN = '^-?[0-9]+(\\.[0-9]+)?$';
const DECIMAL = new RegExp(DECIMAL_PATTERN, 'u');

/** True for a plain decimal text. */
export function isDecimalText(value: unknown): value is string {
  return typeof value === 'string' && value.length <= 60 && DECIMAL.test(value);
}

/** The number with exactly `scale` decimals; `-0.00` becomes `0.00`. The text must be decimal and fit the scale. */
export function fixDecimals(text: string, scale: number): string {
  const fixed = new Big(text).toFixed(scale);
  return /^-0(\.0*)?$/.test(fixed) ? fixed.slice(1) : fixed;
}

/** Significant decimals: trailing zeros do not count. */
export function decimalsOf(text: string): number {
  return (text.split('.')[1] ?? '').replace(/0+$/, '').length;
}

/** Digits before the point without leading zeros. */
export function integerDigitsOf(text: string): number {
  return (text.replace('-', '').split('.')[0] ?? '').replace(/^0+/, '').length;
}

/** Negative, zero or positive as `a` is below, equal to or above `b`. */
export function compareDecimals(a: string, b: string): number {
  return new Big(a).cmp(b);
}

/** `-1234567.50` → `-1,234,567.50`, as both languages write it. */
export function groupDigits(text: string): string {
  const [whole = '', decimals] = text.split('.');
  const grouped = whole.replace(/\B(?=(\d{3})+(?!\d))/g, ',');
  return decimals === undefined ? grouped : `${grouped}.${decimals}`;
}

/** A spreadsheet cell (`¥1,234.50`, `１２３`, `(5)` is refused) as plain decimal text, or null when it is none. */
export function readDecimal(cell: string): string | null {
  const text = cell
    .replace(/^(-?)[¥￥$€£]\s*/, '$1')
    .replace(/\s*(元|%)?$/, (unit) => (unit.includes('%') ? unit : ''));
  const plain = /^[+-]?\d{1,3}(,\d{3})+(\.\d+)?$/.test(text) ? text.replaceAll(',', '') : text;
  const unsigned = plain.replace(/^\+/, '');
  return isDecimalText(unsigned) ? unsigned : null;
}
