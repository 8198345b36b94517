import { beforeAll, expect, it } from 'vitest';
import { Problem } from '../errors/problem.ts';
import type { Layer } from '../model/layer.ts';
import { describeEngines } from '../testing/databases.ts';
import { label } from '../testing/sample-documents.ts';
import { openRecords, type RecordsFixture } from './test-records.ts';

const document = (name: string, more: object): Layer['documents'][number] => ({
  kind: 'entity',
  name,
  document: { name, ...more } as never,
  file: '',
});
const LAYER: Layer = {
  name: 'site',
  documents: [
    document('exchange_rate', {
      label: label('Rate'),
      display: 'currency',
      ownership: 'user',
      reviews: false,
      properties: {
        currency: { field: 'choice', label: label('Currency'), dictionary: 'currency', required: true },
        on: { field: 'date', label: label('On'), required: true },
        rate: { field: 'decimal', label: label('Rate'), precision: 18, scale: 8, required: true },
      },
    }),
    document('thing', {
      extends: true,
      properties: {
        price: { field: 'money', label: label('Price'), foreign: true, rateOn: 'start_on' },
      },
    }),
    document('thing_line', {
      extends: true,
      properties: {
        paid_at: { field: 'datetime', label: label('Paid at') },
        paid: { field: 'money', label: label('Paid'), foreign: true, rateOn: 'paid_at' },
        fee: { field: 'money', label: label('Fee'), foreign: true },
      },
    }),
  ],
};

describeEngines('CUR-01 amounts in several currencies', (open) => {
  let on: RecordsFixture;
  beforeAll(async () => {
    on = await openRecords(await open(), [LAYER]);
    for (const [day, rate] of [
      ['2026-01-05', '7.1'],
      ['2026-02-01', '7.25'],
    ])
      await on.records.create(on.system, 'exchange_rate', { currency: 'USD', on: day, rate });
  });

  const create = (more: object) => on.records.create(on.as('boss'), 'thing', { name: 'x', ...more });
  const change = (record: Readonly<Record<string, unknown>>, more: object) =>
    on.records.update(on.as('boss'), 'thing', String(record['id']), Number(record['version']), { ...more });
  const priceOf = (record: Readonly<Record<string, unknown>>) => [
    record['price_currency'],
    record['price_rate'],
    record['price_base'],
  ];

  it('keep the rate of their day and the equivalent in the currency of the installation', async () => {
    expect(priceOf(await create({ price: '100.00' }))).toEqual(['CNY', '1.00000000', '100.00']);
    const usd = await create({ price: '100.00', price_currency: 'USD', start_on: '2026-01-31' });
    expect(priceOf(usd)).toEqual(['USD', '7.10000000', '710.00']);
    // Another amount keeps the rate, another day asks for its own.
    const more = await change(usd, { price: '200.00' });
    expect(priceOf(more)).toEqual(['USD', '7.10000000', '1420.00']);
    const later = await change(more, { start_on: '2026-02-01' });
    expect(priceOf(later)).toEqual(['USD', '7.25000000', '1450.00']);
    expect(priceOf(await change(later, { price_currency: 'CNY' }))).toEqual(['CNY', '1.00000000', '200.00']);
  });

  it('take a rate that a person has agreed, and go on with it', async () => {
    const deal = await create({
      price: '10.00',
      price_currency: 'USD',
      price_rate: '7',
      start_on: '2026-02-03',
    });
    expect(priceOf(deal)).toEqual(['USD', '7.00000000', '70.00']);
    expect(priceOf(await change(deal, { price: '20.00' }))).toEqual(['USD', '7.00000000', '140.00']);
    expect(
      priceOf(
        await change(await create({ price: '1.00', price_currency: 'USD', start_on: '2026-02-03' }), {
          price_rate: '6.5',
        }),
      ),
    ).toEqual(['USD', '6.50000000', '6.50']);
  });

  it('are refused where no rate is known, with the field to enter it in', async () => {
    const refused = await create({ price: '1.00', price_currency: 'USD', start_on: '2025-12-31' }).catch(
      (error: unknown) => error,
    );
    expect(refused).toBeInstanceOf(Problem);
    expect((refused as Problem).faults).toMatchObject([{ path: '/price_rate', code: 'MRT_VALUE_RATE' }]);
  });

  it('take the business day of a moment, which is not always the one in UTC', async () => {
    // In Shanghai the first of February has begun.
    const made = await create({
      parts: [{ item: 'a', paid: '1.00', paid_currency: 'USD', paid_at: '2026-01-31T16:30:00.000Z' }],
    });
    expect((made['parts'] as object[])[0]).toMatchObject({ paid_rate: '7.25000000' });
  });

  it('stand in lines too, and are added up by reports', async () => {
    const made = await create({
      price: '5.00',
      price_currency: 'USD',
      start_on: '2026-01-10',
      parts: [{ item: 'a', fee: '2.00', fee_currency: 'USD' }],
    });
    const [line] = made['parts'] as Readonly<Record<string, unknown>>[];
    expect(line).toMatchObject({ fee_rate: '7.25000000', fee_base: '14.50' });
    const rows = await on.records.aggregate(on.as('boss'), 'thing', {
      groupBy: ['price_currency'],
      measures: { sum: { fn: 'sum', field: 'price_base' } },
      filter: { id: made['id'] },
    });
    expect(JSON.stringify(rows)).toContain('35.5');
  });
});
