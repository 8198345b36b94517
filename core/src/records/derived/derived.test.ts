import { beforeAll, expect, it } from 'vitest';
import { describeEngines } from '../../testing/databases.ts';
import type { RecordData } from '../records.ts';
import { openRecords, type RecordsFixture } from '../test-records.ts';
import { computed, rollup, shopLayer } from '../../testing/shop-layer.ts';

const FURTHER = {
  client: {
    sales: rollup('integer', { entity: 'sale', by: 'client', function: 'count' }),
    open_total: rollup('money', {
      entity: 'sale',
      by: 'client',
      function: 'sum',
      field: 'total',
      where: "status == 'open'",
    }),
    first_on: rollup('date', { entity: 'sale', by: 'client', function: 'min', field: 'on' }),
    last_on: rollup('date', { entity: 'sale', by: 'client', function: 'max', field: 'on' }),
    mean: rollup('decimal', { entity: 'sale', by: 'client', function: 'avg', field: 'total' }, { scale: 2 }),
    per_sale: computed('decimal', 'open_total / sales', { scale: 4 }),
  },
  sale: {
    total: rollup(
      'decimal',
      { entity: 'sale_line', by: 'sale', function: 'sum', field: 'amount' },
      { scale: 2 },
    ),
    weighted: computed('decimal', 'total * client.factor', { scale: 2 }),
    place: computed('text', "coalesce(client.region, 'none')", { maxLength: 20 }),
  },
  sale_line: { amount: computed('decimal', 'quantity * price', { scale: 2 }) },
  product: {
    sold: rollup('integer', { entity: 'sale_line', by: 'product', function: 'sum', field: 'quantity' }),
  },
};

describeEngines('derived fields', (open) => {
  let on: RecordsFixture;
  beforeAll(async () => {
    on = await openRecords(await open(), [shopLayer(FURTHER)]);
  });
  const make = async (entity: string, input: RecordData) => await on.records.create(on.system, entity, input);
  const read = async (entity: string, record: RecordData) =>
    await on.records.read(on.system, entity, String(record['id']));
  const change = async (entity: string, record: RecordData, patch: RecordData) => {
    const now = await read(entity, record);
    return await on.records.update(on.system, entity, String(record['id']), Number(now['version']), patch);
  };

  it('ENG-05 follow lines, children, parents and chains of them in the same write', async () => {
    const client = await make('client', { name: 'c', region: 'west', factor: '1.5' });
    expect(client).toMatchObject({
      sales: 0,
      open_total: '0.00',
      first_on: null,
      mean: null,
      per_sale: null,
    });
    const pen = await make('product', { name: 'pen' });
    const sale = await make('sale', {
      name: 's',
      client: client['id'],
      status: 'open',
      on: '2026-01-02',
      items: [
        { name: 'a', product: pen['id'], quantity: 2, price: '1.25' },
        { name: 'b', product: pen['id'], quantity: 3, price: '2' },
      ],
    });
    expect(sale).toMatchObject({ total: '8.50', weighted: '12.75', place: 'west' });
    expect(await read('sale', sale)).toMatchObject({ total: '8.50', weighted: '12.75', place: 'west' });
    expect(await read('product', pen)).toMatchObject({ sold: 5 });
    expect(await read('client', client)).toMatchObject({
      version: 1,
      sales: 1,
      open_total: '8.50',
      first_on: '2026-01-02',
      last_on: '2026-01-02',
      mean: '8.50',
      per_sale: '8.5000',
    });

    await change('client', client, { region: 'east', factor: '2' });
    expect(await read('sale', sale)).toMatchObject({ version: 1, weighted: '17.00', place: 'east' });
    await change('sale', sale, { status: 'done' });
    expect(await read('client', client)).toMatchObject({ open_total: '0.00', sales: 1, mean: '8.50' });
    await change('sale', sale, {
      status: 'open',
      items: [{ name: 'c', product: pen['id'], quantity: 1, price: '1' }],
    });
    expect(await read('client', client)).toMatchObject({ open_total: '1.00' });
    expect(await read('product', pen)).toMatchObject({ sold: 1 });
  });

  it('ENG-05 follow a record that moves, goes to the recycle bin, comes back or is void', async () => {
    const [a, b] = [await make('client', { name: 'a' }), await make('client', { name: 'b' })];
    const pen = await make('product', { name: 'pen' });
    const items = [{ name: 'i', product: pen['id'], quantity: 4, price: '1' }];
    const sale = await make('sale', { name: 's', client: a['id'], status: 'open', items });
    await change('sale', sale, { client: b['id'] });
    expect(await read('client', a)).toMatchObject({ sales: 0, open_total: '0.00' });
    expect(await read('client', b)).toMatchObject({ sales: 1, open_total: '4.00' });
    const id = String(sale['id']);
    await on.records.remove(on.system, 'sale', id);
    expect(await read('client', b)).toMatchObject({ sales: 0, open_total: '0.00' });
    expect(await read('product', pen)).toMatchObject({ sold: 0 });
    await on.records.restore(on.system, 'sale', id);
    expect(await read('product', pen)).toMatchObject({ sold: 4 });
    await on.records.setVoid(on.system, 'sale', id, true);
    expect(await read('client', b)).toMatchObject({ sales: 0 });
    expect(await read('product', pen)).toMatchObject({ sold: 0 });
    await on.records.setVoid(on.system, 'sale', id, false);
    expect(await read('client', b)).toMatchObject({ sales: 1, open_total: '4.00' });
  });

  it('ENG-05 follow many records at once, in as many statements as one', async () => {
    const clients = await Promise.all(['x', 'y'].map((name) => make('client', { name, factor: '1' })));
    const inputs = Array.from({ length: 40 }, (_, index) => ({
      name: `s${index}`,
      client: clients[index % 2]!['id'],
      status: 'open',
      items: [{ name: 'i', quantity: 1, price: '2' }],
    }));
    const few = await on.db.count(() => on.records.createMany(on.system, 'sale', inputs.slice(0, 4)));
    const many = await on.db.count(() => on.records.createMany(on.system, 'sale', inputs.slice(4)));
    expect(many).toBe(few);
    expect(await read('client', clients[0]!)).toMatchObject({ sales: 20, open_total: '40.00' });
  });

  it('cost nothing where nothing depends on what is written', async () => {
    expect(await on.db.count(() => make('thing', { name: 'v', grade: 'a' }))).toBeLessThanOrEqual(3);
  });

  it('leave no history and take no version of the records they are shown in', async () => {
    const client = await make('client', { name: 'h' });
    await make('sale', { name: 's', client: client['id'], status: 'open' });
    expect(await read('client', client)).toMatchObject({ sales: 1, version: 1 });
    expect(await on.records.history(on.system, 'client', String(client['id']))).toHaveLength(1);
    const stale = await on.records.update(on.system, 'client', String(client['id']), 1, { name: 'H' });
    expect(stale).toMatchObject({ name: 'H', version: 2, sales: 1 });
  });

  it('sort and filter like other fields', async () => {
    const { items } = await on.records.list(on.system, 'client', {
      fields: ['name', 'sales'],
      filter: { sales: { $gte: 20 } },
      sort: '-sales,name',
    });
    expect(items.map(({ name }) => name)).toEqual(['x', 'y']);
  });
});
