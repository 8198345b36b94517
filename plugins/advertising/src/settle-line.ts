import { Decimal } from '@mortise/core/plugin';
import { toCent } from './read-decimal.ts';

/** What is known of a line; null is what the others must yield. */
export interface Figures {
  readonly quantity: Decimal | null;
  readonly unitPrice: Decimal | null;
  readonly discount: Decimal | null;
  readonly amount: Decimal | null;
}

/** A line whose four figures fit together: amount = quantity × unit price × discount. */
export interface Settled {
  readonly quantity: Decimal;
  readonly unitPrice: Decimal;
  readonly discount: Decimal;
  readonly amount: Decimal;
  /** The amount was agreed; the rounded discount (or price) yields it only nearly. */
  readonly agreed: boolean;
}

/** Why a line cannot be settled, and the figure to correct. */
export interface Unsettled {
  readonly fault: 'no-price' | 'above-price' | 'nothing-to-divide' | 'contradiction';
  readonly figure: keyof Figures;
  /** What the product of the other figures is. */
  readonly expected?: Decimal;
}

const ONE = new Decimal(1);
const ofDiscount = (value: Decimal): Decimal => value.round(4, Decimal.roundHalfUp);

/**
 * Two-way calculation (GL-67, DM-SALE-09): whichever figures are given, the rest follow. Quantity is 1 unless said
 * otherwise; the unit price is the rate card's. Rounded half up: amounts, prices and quantities to two places, the
 * discount to four. A given amount is kept to the cent, even where the rounded discount yields another one.
 */
export function settleLine(given: Figures, cardPrice: Decimal | null): Settled | Unsettled {
  const { amount } = given;
  if (amount === null) return multiply(given, cardPrice);
  if (given.discount === null) return divideForDiscount(given, amount, cardPrice);
  if (given.unitPrice === null) {
    const quantity = given.quantity ?? ONE;
    const unitPrice = quotient(amount, quantity.times(given.discount), cardPrice);
    return unitPrice
      ? settled(quantity, toCent(unitPrice), given.discount, amount)
      : { fault: 'nothing-to-divide', figure: 'amount' };
  }
  if (given.quantity === null) {
    const quantity = quotient(amount, given.unitPrice.times(given.discount), ONE);
    return quantity
      ? settled(toCent(quantity), given.unitPrice, given.discount, amount)
      : { fault: 'nothing-to-divide', figure: 'amount' };
  }
  return compare({ quantity: given.quantity, unitPrice: given.unitPrice, discount: given.discount, amount });
}

/** True when the four figures of a line fit together within their rounding. */
export function isConsistent(figures: Figures): boolean {
  const { quantity, unitPrice, discount, amount } = figures;
  return quantity !== null && unitPrice !== null && discount !== null && amount !== null
    ? !('fault' in compare({ quantity, unitPrice, discount, amount }))
    : false;
}

function multiply(given: Figures, cardPrice: Decimal | null): Settled | Unsettled {
  const unitPrice = given.unitPrice ?? cardPrice;
  if (unitPrice === null) return { fault: 'no-price', figure: 'unitPrice' };
  const quantity = given.quantity ?? ONE;
  const discount = given.discount ?? ONE;
  return {
    quantity,
    unitPrice,
    discount,
    amount: toCent(quantity.times(unitPrice).times(discount)),
    agreed: false,
  };
}

function divideForDiscount(given: Figures, amount: Decimal, cardPrice: Decimal | null): Settled | Unsettled {
  const quantity = given.quantity ?? ONE;
  const unitPrice = given.unitPrice ?? cardPrice;
  if (unitPrice === null) return { fault: 'no-price', figure: 'unitPrice' };
  const full = quantity.times(unitPrice);
  if (amount.gt(toCent(full))) return { fault: 'above-price', figure: 'amount', expected: toCent(full) };
  const discount = quotient(amount, full, ONE);
  return discount
    ? settled(quantity, unitPrice, ofDiscount(discount), amount)
    : { fault: 'nothing-to-divide', figure: 'amount' };
}

/** Each figure may be the one that was calculated from the others and rounded. */
function compare(all: {
  quantity: Decimal;
  unitPrice: Decimal;
  discount: Decimal;
  amount: Decimal;
}): Settled | Unsettled {
  const { quantity, unitPrice, discount, amount } = all;
  const product = toCent(quantity.times(unitPrice).times(discount));
  const fits =
    product.eq(amount) ||
    same(discount, quotient(amount, quantity.times(unitPrice), null), ofDiscount) ||
    same(unitPrice, quotient(amount, quantity.times(discount), null), toCent) ||
    same(quantity, quotient(amount, unitPrice.times(discount), null), toCent);
  return fits
    ? settled(quantity, unitPrice, discount, amount)
    : { fault: 'contradiction', figure: 'amount', expected: product };
}

function settled(quantity: Decimal, unitPrice: Decimal, discount: Decimal, amount: Decimal): Settled {
  const agreed = !toCent(quantity.times(unitPrice).times(discount)).eq(amount);
  return { quantity, unitPrice, discount, amount, agreed };
}

/** `of ÷ by`; nought divided by nought is `orElse`, anything else divided by nought is nothing. */
function quotient(of: Decimal, by: Decimal, orElse: Decimal | null): Decimal | null {
  if (!by.eq(0)) return of.div(by);
  return of.eq(0) ? orElse : null;
}

function same(value: Decimal, exact: Decimal | null, round: (value: Decimal) => Decimal): boolean {
  return exact !== null && round(exact).eq(value);
}
