import { beforeAll, expect, it } from 'vitest';
import type { Problem } from '../errors/problem.ts';
import type { DictionaryDocument, EntityDocument } from '../model/documents.ts';
import type { Layer } from '../model/layer.ts';
import { describeEngines } from '../testing/databases.ts';
import { label } from '../testing/sample-documents.ts';
import { openRecords, type RecordsFixture } from './test-records.ts';

const field = (type: string, more: object = {}) => ({ field: type, label: label(type), ...more });

const deal: EntityDocument = {
  name: 'deal',
  label: label('Deal'),
  display: 'title',
  ownership: 'user',
  reviews: false,
  unique: {
    once: {
      fields: { thing: true, title: true },
      message: { 'zh-CN': '每家一次', en: 'once for each thing' },
    },
  },
  properties: {
    title: field('text', { required: true }),
    number: field('autonumber', { pattern: 'D{yyyy}-{seq:4}', per: { region: true } }),
    thing: field('reference', { entity: 'thing', where: { grade: 'a' } }),
    visit: field('reference', { entity: 'visit', where: { thing: '$thing' } }),
    due: field('date', { default: { expr: 'today()' } }),
    state: field('choice', {
      options: { open: { label: label('open') }, won: { label: label('won') } },
      default: 'open',
    }),
    won_on: field('date', { requiredWhen: "state == 'won'" }),
    price: field('money', { readOnlyWhen: "state == 'won'" }),
    rate: field('decimal', { precision: 5, scale: 2, default: '1.00' }),
    total: field('money', { compute: 'price * rate' }),
    doubled: field('money', { compute: 'total * 2' }),
    thing_count: field('integer', { compute: 'thing.count' }),
    eastern: field('boolean', { compute: "under(region, 'east')" }),
    region: field('choice', { dictionary: 'area', leafOnly: true }),
    city: field('choice', { dictionary: 'city', dependsOn: { field: 'region', mapping: 'by_region' } }),
    items: field('lines', { entity: 'deal_item', by: 'deal' }),
  },
};

const item: EntityDocument = {
  name: 'deal_item',
  label: label('Item'),
  display: 'what',
  ownership: 'parent',
  parent: 'deal',
  rules: { positive: { when: 'amount > 0', message: label('positive'), at: 'amount' } },
  properties: {
    deal: field('reference', { entity: 'deal', required: true }),
    what: field('text', { required: true }),
    amount: field('decimal', { precision: 9, scale: 2, default: '1.00' }),
    thing: field('reference', { entity: 'thing' }),
    cost: field('money', { compute: 'amount * deal.rate' }),
  },
};

const city: DictionaryDocument = {
  name: 'city',
  label: label('City'),
  mappings: { by_region: { from: 'area', map: { sh: { pudong: true }, west: { chengdu: true } } } },
  values: { pudong: { label: label('Pudong') }, chengdu: { label: label('Chengdu') } },
};

const LAYER: Layer = {
  name: 'site',
  documents: [
    { kind: 'entity', name: 'deal', document: deal, file: 'deal.json' },
    { kind: 'entity', name: 'deal_item', document: item, file: 'deal_item.json' },
    { kind: 'dictionary', name: 'city', document: city, file: 'city.json' },
  ],
};

describeEngines('calculated fields, conditions and rules', (open) => {
  let on: RecordsFixture;
  let thing: Record<string, unknown>;
  let other: Record<string, unknown>;
  let count = 0;
  const make = (input: Record<string, unknown> = {}) =>
    on.records.create(on.as('boss'), 'deal', { title: `Deal ${(count += 1)}`, ...input });
  const faultsOf = async (run: Promise<unknown>) =>
    await run.then(
      () => [],
      (error: Problem) => error.faults.map((fault) => [fault.path, fault.code]),
    );

  beforeAll(async () => {
    on = await openRecords(await open(), [LAYER]);
    thing = await on.records.create(on.as('boss'), 'thing', { name: 'A', grade: 'a', count: 42 });
    other = await on.records.create(on.as('boss'), 'thing', { name: 'B', grade: 'b' });
  });

  it('gives defaults, and calculates fields after those they read, over references and lines too', async () => {
    const now = new Date('2026-11-21T18:00:00Z');
    const made = await on.records.create({ ...on.as('boss'), now }, 'deal', {
      title: 'First',
      price: '10.05',
      rate: '1.5',
      thing: thing['id'],
      region: 'sh',
      items: [{ what: 'x', amount: '2.00' }, { what: 'y' }],
    });
    expect(made).toMatchObject({
      due: '2026-11-22',
      state: 'open',
      total: '15.08',
      doubled: '30.16',
      thing_count: 42,
      eastern: true,
      number: 'D2026-0001',
      items: [
        { what: 'x', amount: '2.00', cost: '3.00' },
        { what: 'y', amount: '1.00', cost: '1.50' },
      ],
    });
    expect(
      await on.records.read(on.as('boss'), 'deal', String(made['id']), {
        fields: ['total', 'doubled', 'eastern'],
      }),
    ).toMatchObject({ total: '15.08', doubled: '30.16', eastern: true });
    const changed = await on.records.update(on.as('boss'), 'deal', String(made['id']), 1, {
      price: null,
      region: 'west',
    });
    expect(changed).toMatchObject({ total: null, doubled: null, eastern: false, number: 'D2026-0001' });
  });

  it('counts by the fields that the rule names (DM-CODE-07)', async () => {
    const at = async (region: string) => (await make({ region }))['number'];
    const [west, sh, west2] = [await at('west'), await at('sh'), await at('west')];
    expect([west, west2].map((number) => String(number).slice(-4))).toEqual(['0001', '0002']);
    expect(String(sh).slice(-4)).toBe('0002');
  });

  it('requires and locks by condition', async () => {
    expect(await faultsOf(make({ state: 'won' }))).toEqual([['/won_on', 'MRT_VALUE_REQUIRED']]);
    const won = await make({ state: 'won', won_on: '2026-01-01', price: '5.00' });
    const update = (patch: Record<string, unknown>) =>
      on.records.update(on.as('boss'), 'deal', String(won['id']), 1, patch);
    expect(await faultsOf(update({ price: '6.00' }))).toEqual([['/price', 'MRT_VALUE_READ_ONLY']]);
    expect(await faultsOf(update({ won_on: null }))).toEqual([['/won_on', 'MRT_VALUE_REQUIRED']]);
    expect(await faultsOf(update({ state: 'open', price: '6.00' }))).toEqual([
      ['/price', 'MRT_VALUE_READ_ONLY'],
    ]);
    expect(await faultsOf(update({ title: null }))).toEqual([['/title', 'MRT_VALUE_TYPE']]);
  });

  it('holds the rules of lines with the path of the line', async () => {
    expect(await faultsOf(make({ items: [{ what: 'ok' }, { what: 'no', amount: '-1.00' }] }))).toEqual([
      ['/items/1/amount', 'MRT_RULE_POSITIVE'],
    ]);
    expect(
      await faultsOf(make({ items: [{ what: 'x', thing: '99999999-0000-7000-8000-000000000000' }] })),
    ).toEqual([['/items/0/thing', 'MRT_VALUE_REFERENCE']]);
  });

  it("holds a reference's condition, fixed or by another field, also when only the other one changes", async () => {
    const visit = await on.records.create(on.as('boss'), 'visit', { subject: 'v', thing: thing['id'] });
    expect(await faultsOf(make({ thing: other['id'] }))).toEqual([['/thing', 'MRT_VALUE_REFERENCE']]);
    const made = await make({ thing: thing['id'], visit: visit['id'] });
    const second = await on.records.create(on.as('boss'), 'thing', { name: 'A2', grade: 'a' });
    const update = (patch: Record<string, unknown>) =>
      on.records.update(on.as('boss'), 'deal', String(made['id']), 1, patch);
    expect(await faultsOf(update({ thing: second['id'] }))).toEqual([['/visit', 'MRT_VALUE_REFERENCE']]);
    expect(await faultsOf(update({ thing: second['id'], visit: null }))).toEqual([]);
  });

  it('lets only leaves and fitting values of dependent choices be chosen (DICT-08a)', async () => {
    expect(await faultsOf(make({ region: 'east' }))).toEqual([['/region', 'MRT_VALUE_CHOICE']]);
    expect(await faultsOf(make({ region: 'sh', city: 'chengdu' }))).toEqual([['/city', 'MRT_VALUE_CHOICE']]);
    const made = await make({ region: 'sh', city: 'pudong' });
    const update = (patch: Record<string, unknown>) =>
      on.records.update(on.as('boss'), 'deal', String(made['id']), 1, patch);
    expect(await faultsOf(update({ region: 'west' }))).toEqual([['/city', 'MRT_VALUE_CHOICE']]);
    expect(await faultsOf(update({ region: 'west', city: 'chengdu' }))).toEqual([]);
  });

  it('names all fields of a unique rule and uses its message', async () => {
    await on.records.create(on.as('boss'), 'deal', { title: 'Only', thing: thing['id'] });
    const refused = await on.records
      .create(on.as('boss'), 'deal', { title: 'Only', thing: thing['id'] })
      .then(
        () => null,
        (error: Problem) => error,
      );
    expect([refused?.code, refused?.faults.map((fault) => [fault.path, fault.message.en])]).toEqual([
      'MRT_RECORD_UNIQUE',
      [
        ['/thing', 'once for each thing'],
        ['/title', 'once for each thing'],
      ],
    ]);
  });
});
