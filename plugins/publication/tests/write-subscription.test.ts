import { Decimal, type RecordData } from '@mortise/core/plugin';
import * as fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { writeSubscription } from '../src/write-subscription.ts';
import { GUIDE, NEWS, scopeWith, SEMIMONTHLY, subscriptionEvent, yearLine } from './subscription-fixture.ts';

const CUSTOMER: RecordData = {
  id: 'c-1',
  province: '51',
  city: '510100',
  address: '成都市春熙路 1 号',
  postcode: '610000',
  phone: '028-86660000',
};
const scope = scopeWith(
  [SEMIMONTHLY, GUIDE, NEWS],
  [CUSTOMER, { ...CUSTOMER, id: 'c-2', address: '重庆市解放碑 2 号' }],
);
const linesOf = (record: RecordData): readonly RecordData[] => record['lines'] as readonly RecordData[];
const write = (draft: RecordData, previous: RecordData | null = null, where = scope): Promise<RecordData> =>
  writeSubscription(subscriptionEvent(draft, previous), where);

describe('writeSubscription on a new subscription', () => {
  it('PUB-04 counts the issues of the term and multiplies copies, issues and price', async () => {
    const made = await write({ lines: [yearLine()] });
    expect(linesOf(made)[0]).toMatchObject({
      issues: 24,
      unit_price: '10.00',
      amount: '480.00',
      price_note: '单价 10.00 × 24 期 × 2 份',
    });
    expect(made).toMatchObject({ amount: '480.00', amount_currency: 'CNY', payment_status: 'none' });
  });

  it('PUB-03 takes several titles, each with its term, and totals them', async () => {
    const guide = yearLine({ publication: 'fair_guide', copies: 1 });
    const made = await write({ lines: [yearLine({ end_date: '2026-06-30' }), guide] });
    expect(linesOf(made).map((line) => line['amount'])).toEqual(['240.00', '180.00']);
    expect(made['amount']).toBe('420.00');
  });

  it('DM-ISS-01 takes the price of an issue from the price of the year where it has none', async () => {
    const made = await write(
      { lines: [yearLine()] },
      null,
      scopeWith([{ ...SEMIMONTHLY, unit_price: null, year_price: '200.00', year_price_currency: 'CNY' }]),
    );
    expect(linesOf(made)[0]).toMatchObject({ unit_price: '8.33', amount: '399.84' });
  });

  it('PUB-04 keeps issues, price and amount that were entered', async () => {
    const lines = [
      yearLine({ issues: 20 }),
      yearLine({ unit_price: '9.50' }),
      yearLine({ amount: '400.00' }),
    ];
    const made = await write({ lines });
    expect(linesOf(made).map((line) => line['amount'])).toEqual(['400.00', '456.00', '400.00']);
    expect(linesOf(made)[2]).toMatchObject({ price_note: '单价 10.00 × 24 期 × 2 份,议定金额 400.00' });
  });

  it('PUB-04 asks how many issues of an irregular title are meant', async () => {
    await expect(write({ lines: [yearLine({ publication: 'paili_news' })] })).rejects.toThrow(
      '/lines/0/issues',
    );
    const made = await write({ lines: [yearLine({ publication: 'paili_news', issues: 6 })] });
    expect(made['amount']).toBe('60.00');
  });

  it('DM-SUB-12 complimentary copies cost nothing and owe nothing', async () => {
    const made = await write({ nature: 'complimentary', lines: [yearLine({ unit_price: '10.00' })] });
    expect(linesOf(made)[0]).toMatchObject({ issues: 24, amount: '0.00', price_note: '赠阅 24 期 × 2 份' });
    expect(made).toMatchObject({ amount: '0.00', payment_status: 'full' });
    await expect(write({ nature: 'complimentary', lines: [yearLine({ amount: '5.00' })] })).rejects.toThrow(
      '/lines/0/amount',
    );
  });

  it('the total is the sum of the lines to the cent, whatever they are', async () => {
    const line = fc.record({
      publication: fc.constantFrom('semimonthly', 'fair_guide'),
      copies: fc.integer({ min: 1, max: 5000 }),
      unit_price: fc.integer({ min: 0, max: 99_999 }).map((cents) => new Decimal(cents).div(100).toFixed(2)),
      end_date: fc.constantFrom('2026-03-15', '2026-12-31', '2028-02-29'),
    });
    await fc.assert(
      fc.asyncProperty(fc.array(line, { minLength: 1, maxLength: 10 }), async (lines) => {
        const made = await write({ lines: lines.map((each) => yearLine(each)) });
        const cents = linesOf(made).reduce(
          (sum, each) => sum + BigInt(String(each['amount']).replace('.', '')),
          0n,
        );
        expect(made['amount']).toBe(new Decimal(cents.toString()).div(100).toFixed(2));
      }),
    );
  });
});

describe('writeSubscription refuses', () => {
  it('DM-SUB-07 a subscription without a title', async () => {
    await expect(write({ lines: [] })).rejects.toThrow('/lines');
  });

  it('DM-ISS-01 a title that does not exist or takes no subscriptions', async () => {
    await expect(write({ lines: [yearLine()] }, null, scopeWith([]))).rejects.toThrow('/lines/0/publication');
    await expect(
      write({ lines: [yearLine()] }, null, scopeWith([{ ...SEMIMONTHLY, active: false }])),
    ).rejects.toThrow('/lines/0/publication');
  });

  it('a title without a price', async () => {
    await expect(
      write({ lines: [yearLine()] }, null, scopeWith([{ ...SEMIMONTHLY, unit_price: null }])),
    ).rejects.toThrow('/lines/0/unit_price');
  });

  it('nothing that validation names better: a term that ends before it begins, copies that are no number', async () => {
    const backwards = yearLine({ end_date: '2025-12-31' });
    const half = yearLine({ copies: 0.5 });
    const made = await write({ lines: [backwards, half] });
    expect(linesOf(made)).toEqual([backwards, half]);
  });
});

describe('writeSubscription on a subscription that exists', () => {
  const line = yearLine({
    id: 'l-1',
    issues: 24,
    unit_price: '10.00',
    unit_price_currency: 'CNY',
    amount: '480.00',
    amount_currency: 'CNY',
  });
  const stored: RecordData = {
    id: 's-1',
    customer: 'c-1',
    nature: 'paid',
    delivery_address: '成都',
    amount: '480.00',
    received_amount: '480.00',
    payment_status: 'full',
    lines: [line],
  };
  const dearer = scopeWith(
    [{ ...SEMIMONTHLY, unit_price: '12.00', active: false }],
    [CUSTOMER, { ...CUSTOMER, id: 'c-2', address: '重庆' }],
  );

  it('leaves untouched lines alone when the title has changed', async () => {
    expect(linesOf(await write({ lines: [line] }, stored, dearer))).toEqual([line]);
    expect(await write({ remarks: '易拉罐' }, stored, dearer)).toEqual({});
  });

  it('PUB-04 counts again when the term changes, at the price that was agreed', async () => {
    const longer = await write({ lines: [{ ...line, end_date: '2027-12-31' }] }, stored, dearer);
    expect(linesOf(longer)[0]).toMatchObject({ issues: 48, unit_price: '10.00', amount: '960.00' });
    expect(longer).toMatchObject({ amount: '960.00', payment_status: 'partial' });
  });

  it('DM-SUB-14 prices anew when paid copies become complimentary, and back', async () => {
    const free = await write({ nature: 'complimentary' }, stored);
    expect(free).toMatchObject({ amount: '0.00' });
    const paid = await write(
      { nature: 'paid' },
      { ...stored, nature: 'complimentary', amount: '0.00', lines: [{ ...line, amount: '0.00' }] },
    );
    expect(paid).toMatchObject({ amount: '480.00' });
  });

  it('DM-SUB-02…06 takes the place of delivery anew only for another customer', async () => {
    expect(await write({ postcode: null }, stored, dearer)).toEqual({});
    const moved = await write({ customer: 'c-2', postcode: '400010' }, stored, dearer);
    expect(moved).toMatchObject({
      region: '51',
      city: '510100',
      delivery_address: '重庆',
      phone: '028-86660000',
    });
    expect(moved).not.toHaveProperty('postcode');
  });
});
