import type { FieldKind } from '../contracts';

/** `1234567.50` → `1,234,567.50`, digit by digit: a decimal string must not pass through a double. */
export function groupDigits(value: unknown): string {
  if (value === null || value === undefined || value === '') return '';
  const match = /^(-?)(\d+)(\.\d+)?$/.exec(String(value));
  if (!match) return String(value);
  return `${match[1]}${match[2]!.replace(/\B(?=(\d{3})+$)/g, ',')}${match[3] ?? ''}`;
}

export const integerKind: FieldKind = {
  align: 'end',
  width: 100,
  filter: 'number',
  cell: (value) => groupDigits(value),
};
export const decimalKind: FieldKind = { ...integerKind, width: 120 };
export const moneyKind: FieldKind = { ...integerKind, width: 130 };
