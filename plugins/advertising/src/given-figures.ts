import type { Decimal } from '@mortise/core/plugin';
import { type Figures, isConsistent } from './settle-line.ts';

/** True when both are empty or the same number. */
function unchanged(a: Decimal | null, b: Decimal | null): boolean {
  return a === null || b === null ? a === b : a.eq(b);
}

/** True when no figure of a line differs from the stored ones. */
export function isUntouched(draft: Figures, stored: Figures): boolean {
  return (
    unchanged(draft.quantity, stored.quantity) &&
    unchanged(draft.unitPrice, stored.unitPrice) &&
    unchanged(draft.discount, stored.discount) &&
    unchanged(draft.amount, stored.amount)
  );
}

/**
 * Which figures of a stored line somebody meant to give. The draft holds all of them, so what was changed counts:
 * - a new amount makes the discount follow; with a new discount as well, the price follows;
 * - a new quantity, price or discount makes the amount follow;
 * - another service brings its own price.
 */
export function givenFigures(draft: Figures, stored: Figures, otherService: boolean): Figures {
  const priceKept = unchanged(draft.unitPrice, stored.unitPrice);
  const figures = otherService && priceKept ? { ...draft, unitPrice: null } : draft;
  if (figures.amount === null || unchanged(draft.amount, stored.amount)) return { ...figures, amount: null };
  if (unchanged(draft.discount, stored.discount)) return { ...figures, discount: null };
  return priceKept && !isConsistent(figures) ? { ...figures, unitPrice: null } : figures;
}
