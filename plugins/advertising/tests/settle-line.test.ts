import { Decimal } from '@mortise/core/plugin';
import * as fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { type Figures, isConsistent, settleLine } from '../src/settle-line.ts';

const figures = (given: Partial<Record<keyof Figures, string>>): Figures => {
  const read = (name: keyof Figures): Decimal | null =>
    given[name] === undefined ? null : new Decimal(given[name]);
  return {
    quantity: read('quantity'),
    unitPrice: read('unitPrice'),
    discount: read('discount'),
    amount: read('amount'),
  };
};

/** Settles and prints the four figures, or the fault. */
function settle(given: Partial<Record<keyof Figures, string>>, cardPrice: string | null = '8000'): string {
  const result = settleLine(figures(given), cardPrice === null ? null : new Decimal(cardPrice));
  if ('fault' in result) return `${result.fault} ${result.expected?.toFixed(2) ?? ''}`.trim();
  const { quantity, unitPrice, discount, amount, agreed } = result;
  return `${quantity.toFixed()} × ${unitPrice.toFixed(2)} × ${discount.toFixed()} = ${amount.toFixed(2)}${agreed ? ' agreed' : ''}`;
}

describe('settleLine', () => {
  it('ADV-04 takes the rate card price, one piece and no discount when nothing is given', () => {
    expect(settle({})).toBe('1 × 8000.00 × 1 = 8000.00');
  });

  it('DM-SALE-09 calculates the amount from quantity, price and discount', () => {
    expect(settle({ quantity: '2', discount: '0.85' })).toBe('2 × 8000.00 × 0.85 = 13600.00');
    expect(settle({ quantity: '3', unitPrice: '7500.50', discount: '0.9' })).toBe(
      '3 × 7500.50 × 0.9 = 20251.35',
    );
  });

  it('GL-67 calculates the discount from an amount', () => {
    expect(settle({ quantity: '2', amount: '13600' })).toBe('2 × 8000.00 × 0.85 = 13600.00');
  });

  it('GL-67 calculates the price from amount and discount', () => {
    expect(settle({ quantity: '2', discount: '0.5', amount: '7000' })).toBe('2 × 7000.00 × 0.5 = 7000.00');
  });

  it('GL-67 calculates the quantity from amount, price and discount', () => {
    expect(settle({ unitPrice: '100', discount: '0.5', amount: '600' })).toBe('12 × 100.00 × 0.5 = 600.00');
  });

  it('rounds half up to the cent', () => {
    expect(settle({ quantity: '1', unitPrice: '0.05', discount: '0.5' })).toBe('1 × 0.05 × 0.5 = 0.03');
    expect(settle({ quantity: '1', unitPrice: '10.05', discount: '0.5' })).toBe('1 × 10.05 × 0.5 = 5.03');
  });

  it('never meets the errors of floating point', () => {
    expect(settle({ quantity: '3', unitPrice: '0.1' })).toBe('3 × 0.10 × 1 = 0.30');
    expect(settle({ quantity: '1', unitPrice: '1.005', discount: '1' })).toBe('1 × 1.01 × 1 = 1.01');
    expect(settle({ quantity: '1000000', unitPrice: '9999999.99', discount: '0.9999' })).toBe(
      '1000000 × 9999999.99 × 0.9999 = 9998999990001.00',
    );
  });

  it('keeps an agreed amount to the cent where the rounded discount misses it', () => {
    expect(settle({ amount: '6799.90' })).toBe('1 × 8000.00 × 0.85 = 6799.90 agreed');
  });

  it('accepts four figures that fit and refuses four that contradict each other', () => {
    expect(settle({ quantity: '2', unitPrice: '8000', discount: '0.85', amount: '13600' })).toBe(
      '2 × 8000.00 × 0.85 = 13600.00',
    );
    expect(settle({ quantity: '1', unitPrice: '8000', discount: '0.85', amount: '6799.90' })).toBe(
      '1 × 8000.00 × 0.85 = 6799.90 agreed',
    );
    expect(settle({ quantity: '2', unitPrice: '8000', discount: '0.85', amount: '13000' })).toBe(
      'contradiction 13600.00',
    );
  });

  it('refuses an amount above quantity × price', () => {
    expect(settle({ quantity: '2', amount: '16000.01' })).toBe('above-price 16000.00');
  });

  it('asks for a price where no card gives one', () => {
    expect(settle({ quantity: '2' }, null)).toBe('no-price');
    expect(settle({ quantity: '2', unitPrice: '5' }, null)).toBe('2 × 5.00 × 1 = 10.00');
  });

  it('does not divide by nought', () => {
    expect(settle({ unitPrice: '0', amount: '5' })).toBe('above-price 0.00');
    expect(settle({ unitPrice: '0', amount: '0' })).toBe('1 × 0.00 × 1 = 0.00');
    expect(settle({ discount: '0', amount: '5' })).toBe('nothing-to-divide');
    expect(settle({ discount: '0', amount: '0' })).toBe('1 × 8000.00 × 0 = 0.00');
    expect(settle({ unitPrice: '0', discount: '1', amount: '5' })).toBe('nothing-to-divide');
  });
});

describe('the four figures of a settled line', () => {
  const quantity = fc.integer({ min: 1, max: 99_999 }).map((n) => new Decimal(n).div(100));
  const price = fc.integer({ min: 1, max: 99_999_999 }).map((n) => new Decimal(n).div(100));
  const discount = fc.integer({ min: 1, max: 10_000 }).map((n) => new Decimal(n).div(10_000));

  it('GL-67 fit together whichever of them was left out', () => {
    const given = fc.record({ quantity, unitPrice: price, discount });
    const leaveOut = fc.constantFrom<keyof Figures>('discount', 'amount', 'quantity', 'unitPrice');
    fc.assert(
      fc.property(given, leaveOut, (all, left) => {
        const first = settleLine({ ...all, amount: null }, null);
        if ('fault' in first) throw new Error(first.fault);
        const again = settleLine({ ...all, amount: first.amount, [left]: null }, null);
        if ('fault' in again) throw new Error(again.fault);
        expect(isConsistent(again)).toBe(true);
        expect(again.amount.toFixed(2)).toBe(first.amount.toFixed(2));
      }),
    );
  });

  it('never differ from the exact product by more than half a cent when the amount was left out', () => {
    fc.assert(
      fc.property(quantity, price, discount, (q, p, d) => {
        const result = settleLine({ quantity: q, unitPrice: p, discount: d, amount: null }, null);
        if ('fault' in result) throw new Error(result.fault);
        expect(result.amount.minus(q.times(p).times(d)).abs().lte('0.005')).toBe(true);
      }),
    );
  });
});
