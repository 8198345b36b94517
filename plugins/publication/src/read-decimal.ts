import { Decimal } from '@mortise/core/plugin';

/**
 * The number a field holds: null when empty, undefined when it is no decimal number. A hook runs before validation,
 * so it leaves such a value alone and validation names the fault.
 */
export function readDecimal(value: unknown): Decimal | null | undefined {
  if (value === null || value === undefined || value === '') return null;
  if (typeof value !== 'string' && typeof value !== 'number') return undefined;
  const text = String(value);
  return /^-?\d+(\.\d+)?$/.test(text) ? new Decimal(text) : undefined;
}

/** Half up to the cent, as an invoice rounds. */
export function toCent(value: Decimal): Decimal {
  return value.round(2, Decimal.roundHalfUp);
}
