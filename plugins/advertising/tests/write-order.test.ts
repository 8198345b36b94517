import { Decimal, type RecordData } from '@mortise/core/plugin';
import * as fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { totalOf, writeOrder } from '../src/write-order.ts';
import { HALF_PAGE, orderEvent, scopeWith } from './order-fixture.ts';

const scope = scopeWith([
  HALF_PAGE,
  { ...HALF_PAGE, id: 'banner', name: '网站横幅', price: '600.00', price_unit: '天' },
]);
const linesOf = (order: RecordData): readonly RecordData[] => order['lines'] as readonly RecordData[];

describe('writeOrder on a new order', () => {
  it('ADV-04 prices a line from the rate card and explains the price', async () => {
    const order = await writeOrder(
      orderEvent({ lines: [{ ad_service: 'half-page', quantity: '2', discount: '0.85' }] }),
      scope,
    );
    expect(linesOf(order)[0]).toMatchObject({
      quantity: '2',
      catalogue_price: '8000.00',
      unit_price: '8000.00',
      unit_price_currency: 'CNY',
      discount: '0.85',
      amount: '13600.00',
      price_note: '刊例价 8000.00 × 2 × 0.85',
    });
    expect(order).toMatchObject({ contract_amount: '13600.00', contract_amount_currency: 'CNY' });
  });

  it('DM-ADO-17 takes edition, size, colour and unit from the service, unless they are given', async () => {
    const order = await writeOrder(
      orderEvent({ lines: [{ ad_service: 'half-page', edition: 'non_staple' }] }),
      scope,
    );
    expect(linesOf(order)[0]).toMatchObject({
      edition: 'non_staple',
      size: 'half',
      colour: 'full_color',
      price_unit: '期',
    });
  });

  it('DM-ADO-17 totals the lines', async () => {
    const lines = [
      { ad_service: 'half-page', amount: '6800' },
      { ad_service: 'banner', quantity: '30', discount: '0.7' },
    ];
    const order = await writeOrder(orderEvent({ lines }), scope);
    expect(linesOf(order).map((line) => line['discount'])).toEqual(['0.8500', '0.7']);
    expect(order['contract_amount']).toBe('19400.00');
  });

  it('reads the rate card once for all lines', async () => {
    const counting = scopeWith([HALF_PAGE]);
    await writeOrder(
      orderEvent({ lines: [{ ad_service: 'half-page' }, { ad_service: 'half-page' }] }),
      counting,
    );
    expect(counting.asked).toHaveLength(1);
  });

  it('says where a price was agreed', async () => {
    const lines = [
      { ad_service: 'half-page', unit_price: '7000.00' },
      { ad_service: 'half-page', amount: '6799.90' },
    ];
    const order = await writeOrder(orderEvent({ lines }), scope);
    expect(linesOf(order).map((line) => line['price_note'])).toEqual([
      '议定价 7000.00(刊例价 8000.00) × 1',
      '刊例价 8000.00 × 1 × 0.85 ≈ 议定金额 6799.90',
    ]);
  });

  it('the total is the sum of the lines to the cent, whatever the lines are', async () => {
    const line = fc.record({
      ad_service: fc.constantFrom('half-page', 'banner'),
      quantity: fc.integer({ min: 1, max: 9_999 }).map((n) => new Decimal(n).div(100).toFixed(2)),
      discount: fc.integer({ min: 0, max: 10_000 }).map((n) => new Decimal(n).div(10_000).toFixed(4)),
    });
    await fc.assert(
      fc.asyncProperty(fc.array(line, { minLength: 1, maxLength: 12 }), async (lines) => {
        const order = await writeOrder(orderEvent({ lines }), scope);
        const cents = linesOf(order).reduce(
          (sum, each) => sum + BigInt(String(each['amount']).replace('.', '')),
          0n,
        );
        expect(order['contract_amount']).toBe(new Decimal(cents.toString()).div(100).toFixed(2));
      }),
    );
  });
});

describe('writeOrder refuses', () => {
  const refusal = async (draft: RecordData, services = [HALF_PAGE]): Promise<unknown> => {
    const error = await writeOrder(orderEvent(draft), scopeWith(services)).then(
      () => null,
      (thrown: unknown) => thrown,
    );
    return error && { ...(error as { faults: readonly { path: string; message: RecordData }[] }).faults[0] };
  };

  it('DM-ADO-01 an order without a line', async () => {
    expect(await refusal({ lines: [] })).toMatchObject({ path: '/lines' });
  });

  it('ADV-03 a service that is no longer offered', async () => {
    expect(
      await refusal({ lines: [{ ad_service: 'half-page' }] }, [{ ...HALF_PAGE, active: false }]),
    ).toMatchObject({
      path: '/lines/0/ad_service',
      message: { en: expect.stringContaining('no longer offered') },
    });
  });

  it('ADV-03 a price that is not valid on the day of the order', async () => {
    const lines = [{ ad_service: 'half-page' }];
    expect(await refusal({ order_date: '2027-01-01', lines })).toMatchObject({
      path: '/lines/0/ad_service',
      message: { 'zh-CN': expect.stringContaining('有效期至 2026-12-31') },
    });
    expect(await refusal({ order_date: '2025-12-31', lines })).toMatchObject({ path: '/lines/0/ad_service' });
  });

  it('a service nobody knows', async () => {
    expect(await refusal({ lines: [{ ad_service: 'half-page' }, { ad_service: 'gone' }] })).toMatchObject({
      path: '/lines/1/ad_service',
    });
  });

  it('figures that contradict each other', async () => {
    const lines = [
      { ad_service: 'half-page', quantity: '2', unit_price: '8000', discount: '0.85', amount: '13000' },
    ];
    expect(await refusal({ lines })).toMatchObject({
      path: '/lines/0/amount',
      message: { 'zh-CN': expect.stringContaining('13600.00') },
    });
  });

  it('CUR-01 lines of different currencies', async () => {
    const lines = [
      { ad_service: 'half-page' },
      { ad_service: 'half-page', unit_price: '900', unit_price_currency: 'USD' },
    ];
    expect(await refusal({ lines })).toMatchObject({ path: '/lines/1/unit_price_currency' });
  });
});

describe('writeOrder on an order that exists', () => {
  const stored: RecordData = {
    id: 'order-1',
    order_date: '2026-03-01',
    contract_amount: '13600.00',
    payment_status: 'none',
    received_amount: null,
    lines: [
      {
        id: 'line-1',
        ad_service: 'half-page',
        edition: 'baijiu',
        quantity: '2.00',
        catalogue_price: '8000.00',
        unit_price: '8000.00',
        unit_price_currency: 'CNY',
        discount: '0.8500',
        amount: '13600.00',
        amount_currency: 'CNY',
        price_note: '刊例价 8000.00 × 2 × 0.85',
      },
    ],
  };
  const withLine = (change: RecordData): RecordData => ({ lines: [{ ...linesOf(stored)[0], ...change }] });
  const dearer = scopeWith([
    { ...HALF_PAGE, price: '9000.00', active: false },
    { ...HALF_PAGE, id: 'banner', price: '600.00', edition: null },
  ]);

  it('keeps the price of a line that nobody touched, although the card has changed', async () => {
    const order = await writeOrder(orderEvent(withLine({}), stored), dearer);
    expect(linesOf(order)).toEqual(linesOf(stored));
  });

  it('GL-67 a new quantity gives a new amount at the old card price', async () => {
    const order = await writeOrder(orderEvent(withLine({ quantity: '3.00' }), stored), dearer);
    expect(linesOf(order)[0]).toMatchObject({
      amount: '20400.00',
      discount: '0.8500',
      price_note: '刊例价 8000.00 × 3 × 0.85',
    });
    expect(order['contract_amount']).toBe('20400.00');
  });

  it('GL-67 a new amount gives a new discount', async () => {
    const order = await writeOrder(orderEvent(withLine({ amount: '12000' }), stored), dearer);
    expect(linesOf(order)[0]).toMatchObject({ amount: '12000', discount: '0.7500' });
  });

  it('another service brings its own price and details', async () => {
    const order = await writeOrder(orderEvent(withLine({ ad_service: 'banner' }), stored), dearer);
    expect(linesOf(order)[0]).toMatchObject({
      unit_price: '600.00',
      edition: null,
      amount: '1020.00',
      price_note: '刊例价 600.00 × 2 × 0.85',
    });
  });

  it('does not touch the lines when they were not sent', async () => {
    const order = await writeOrder(orderEvent({ contract_subject: '半版广告' }, stored), dearer);
    expect(order).toEqual({});
  });

  it('leaves values that are no numbers to validation', async () => {
    const order = await writeOrder(orderEvent(withLine({ quantity: 'two' }), stored), dearer);
    expect(linesOf(order)[0]).toMatchObject({ quantity: 'two' });
  });

  it('DM-COM-09 notes who reviewed the contract, and forgets it when the review is taken back', async () => {
    const passed = await writeOrder(orderEvent({ contract_review: 'approved' }, stored), dearer);
    expect(passed).toMatchObject({
      contract_reviewer: 'user-1',
      contract_reviewed_at: expect.stringMatching(/^\d{4}-.*Z$/),
    });
    const back = await writeOrder(
      orderEvent({ contract_review: 'pending' }, { ...stored, contract_review: 'approved' }),
      dearer,
    );
    expect(back).toEqual({ contract_reviewer: null, contract_reviewed_at: null });
  });
});

describe('totalOf', () => {
  it('is nought for no lines and skips lines without an amount', () => {
    expect(totalOf([]).toFixed(2)).toBe('0.00');
    expect(totalOf([{ amount: '0.10' }, { amount: null }, { amount: '0.20' }]).toFixed(2)).toBe('0.30');
  });
});
