import { Decimal } from '@mortise/core/plugin';
import type { Settled } from './settle-line.ts';

/**
 * How an amount came about, for the customer who asks: `刊例价 8000.00 × 2 × 0.85`. A price other than the rate
 * card's and an amount that was agreed say so.
 */
export function priceNote(line: Settled, cardPrice: Decimal | null): string {
  const price = line.unitPrice.toFixed(2);
  const base =
    cardPrice === null
      ? `单价 ${price}`
      : cardPrice.eq(line.unitPrice)
        ? `刊例价 ${price}`
        : `议定价 ${price}(刊例价 ${cardPrice.toFixed(2)})`;
  const discount = line.discount.eq(1) ? '' : ` × ${plain(line.discount)}`;
  const agreed = line.agreed ? ` ≈ 议定金额 ${line.amount.toFixed(2)}` : '';
  return `${base} × ${plain(line.quantity)}${discount}${agreed}`;
}

/** Without trailing zeros or an exponent. */
function plain(value: Decimal): string {
  return new Decimal(value)
    .toFixed()
    .replace(/(\.\d*?)0+$/, '$1')
    .replace(/\.$/, '');
}
