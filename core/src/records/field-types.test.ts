import { beforeAll, expect, it } from 'vitest';
import type { Problem } from '../errors/problem.ts';
import type { Layer } from '../model/layer.ts';
import { describeEngines } from '../testing/databases.ts';
import { label } from '../testing/sample-documents.ts';
import { openRecords, type RecordsFixture } from './test-records.ts';

const UNKNOWN_ID = '99999999-0000-7000-8000-000000000000';

/** A good value, what is read back, filters that find it and that do not, and bad values with their fault. */
interface TypeCase {
  readonly field: string;
  readonly value: unknown;
  readonly read?: unknown;
  readonly finds: readonly unknown[];
  readonly misses: readonly unknown[];
  /** Sorts behind `value`. */
  readonly later?: unknown;
  readonly bad: readonly (readonly [value: unknown, path: string, code: string])[];
}

const CASES: readonly TypeCase[] = [
  {
    field: 'tax_code',
    value: ' A1 ',
    read: 'A1',
    later: 'B1',
    finds: ['A1', { $startsWith: 'a' }, { $like: 'A_' }, { $in: ['A1'] }, { $ne: 'B1' }],
    misses: ['A2', { $contains: '%' }, { $null: true }],
    bad: [
      [5, '/tax_code', 'MRT_VALUE_TYPE'],
      ['x'.repeat(19), '/tax_code', 'MRT_VALUE_TOO_LONG'],
    ],
  },
  {
    field: 'note',
    value: 'one\ntwo',
    finds: [{ $contains: 'TWO' }],
    misses: [{ $contains: 'three' }],
    bad: [[['x'], '/note', 'MRT_VALUE_TYPE']],
  },
  {
    field: 'count',
    value: 7,
    later: 8,
    finds: [7, { $gte: 7, $lt: 8 }, { $nin: [8] }],
    misses: [{ $gt: 7 }],
    bad: [
      ['7', '/count', 'MRT_VALUE_TYPE'],
      [1.5, '/count', 'MRT_VALUE_TYPE'],
      [1001, '/count', 'MRT_VALUE_RANGE'],
      [-1, '/count', 'MRT_VALUE_RANGE'],
    ],
  },
  {
    field: 'ratio',
    value: '0.5',
    read: '0.5000',
    later: '0.6',
    finds: ['0.5', { $lte: '0.50' }],
    misses: [{ $gt: '0.5' }],
    bad: [
      ['0.12345', '/ratio', 'MRT_VALUE_DECIMALS'],
      [0.5, '/ratio', 'MRT_VALUE_TYPE'],
    ],
  },
  {
    field: 'amount',
    value: '10.5',
    read: '10.50',
    later: '9000.00',
    finds: ['10.50', { $gte: '10.5' }],
    misses: [{ $gt: '10.50' }],
    bad: [
      ['1.234', '/amount', 'MRT_VALUE_DECIMALS'],
      ['ten', '/amount', 'MRT_VALUE_PATTERN'],
    ],
  },
  {
    field: 'active',
    value: false,
    later: true,
    finds: [false],
    misses: [true],
    bad: [['no', '/active', 'MRT_VALUE_TYPE']],
  },
  {
    field: 'start_on',
    value: '2026-01-31',
    later: '2026-02-01',
    finds: ['2026-01-31', { $lt: '2026-02-01' }],
    misses: [{ $gt: '2026-01-31' }],
    bad: [
      ['2026-02-30', '/start_on', 'MRT_VALUE_FORMAT'],
      ['31.1.2026', '/start_on', 'MRT_VALUE_FORMAT'],
    ],
  },
  {
    field: 'seen_at',
    value: '2026-01-31T08:00:00+08:00',
    read: '2026-01-31T00:00:00.000Z',
    later: '2026-02-01T00:00:00Z',
    finds: [{ $gte: '2026-01-31T00:00:00Z' }],
    misses: [{ $lt: '2026-01-31T00:00:00Z' }],
    bad: [['2026-01-31T25:00:00Z', '/seen_at', 'MRT_VALUE_FORMAT']],
  },
  {
    field: 'email',
    value: 'a@example.cn',
    finds: ['a@example.cn'],
    misses: ['b@example.cn'],
    bad: [['nobody', '/email', 'MRT_VALUE_FORMAT']],
  },
  {
    field: 'phone',
    value: '010-12345678',
    finds: [{ $contains: '1234' }],
    misses: [{ $contains: '999' }],
    bad: [[10, '/phone', 'MRT_VALUE_TYPE']],
  },
  {
    field: 'site',
    value: 'https://example.cn/a',
    finds: [{ $contains: 'example' }],
    misses: [{ $contains: 'other' }],
    bad: [['javascript:alert(1)', '/site', 'MRT_VALUE_FORMAT']],
  },
  {
    field: 'grade',
    value: 'a',
    later: 'b',
    finds: ['a', { $in: ['a', 'b'] }],
    misses: ['b'],
    bad: [['c', '/grade', 'MRT_VALUE_OPTION']],
  },
  {
    field: 'region',
    value: 'sh',
    later: 'west',
    finds: ['sh', { $under: 'east' }],
    misses: [{ $under: 'west' }],
    bad: [
      ['nowhere', '/region', 'MRT_VALUE_CHOICE'],
      ['old', '/region', 'MRT_VALUE_CHOICE'],
    ],
  },
  {
    field: 'tags',
    value: ['x', 'y'],
    finds: [{ $contains: 'x' }, { $in: ['y', 'z'] }],
    misses: [{ $contains: 'z' }],
    bad: [
      ['x', '/tags', 'MRT_VALUE_TYPE'],
      [['x', 'q'], '/tags/1', 'MRT_VALUE_CHOICE'],
    ],
  },
  {
    field: 'log',
    value: [{ on: '2026-01-01', text: 'first' }],
    finds: [{ $null: false }],
    misses: [{ $null: true }],
    bad: [
      [[{ on: '2026-02-30' }], '/log/0/on', 'MRT_VALUE_FORMAT'],
      [[{ text: 'x' }], '/log/0/on', 'MRT_VALUE_REQUIRED'],
      [[{ on: '2026-01-01', more: 1 }], '/log/0/more', 'MRT_VALUE_UNKNOWN_FIELD'],
    ],
  },
  {
    field: 'parent',
    value: '$friend',
    finds: ['$friend', { $under: '$friend' }],
    misses: [UNKNOWN_ID],
    bad: [
      ['x', '/parent', 'MRT_VALUE_FORMAT'],
      [UNKNOWN_ID, '/parent', 'MRT_VALUE_REFERENCE'],
    ],
  },
  {
    field: 'friends',
    value: ['$friend'],
    finds: [{ $contains: '$friend' }],
    misses: [{ $null: true }],
    bad: [[[UNKNOWN_ID], '/friends/0', 'MRT_VALUE_REFERENCE']],
  },
  {
    field: 'papers',
    value: ['$paper'],
    finds: [{ $contains: '$paper' }],
    misses: [{ $null: true }],
    bad: [[[UNKNOWN_ID], '/papers/0', 'MRT_VALUE_REFERENCE']],
  },
  {
    field: 'pictures',
    value: ['$paper'],
    finds: [{ $null: false }],
    misses: [{ $null: true }],
    bad: [[['x'], '/pictures/0', 'MRT_VALUE_FORMAT']],
  },
  {
    field: 'share',
    value: '0.125',
    read: '0.1250',
    later: '0.2',
    finds: ['0.125', { $gte: '0.1', $lt: 1 }],
    misses: [{ $gt: '0.125' }],
    bad: [
      ['12%', '/share', 'MRT_VALUE_PATTERN'],
      ['0.12345', '/share', 'MRT_VALUE_DECIMALS'],
    ],
  },
  {
    field: 'opens_at',
    value: '09:30',
    later: '10:00',
    finds: ['09:30', { $lt: '10:00' }],
    misses: [{ $gt: '09:30' }],
    bad: [
      ['25:00', '/opens_at', 'MRT_VALUE_PATTERN'],
      ['09:30:15', '/opens_at', 'MRT_VALUE_FORMAT'],
    ],
  },
  {
    field: 'takes',
    value: 5400,
    later: 9000,
    finds: [{ $gte: 5400 }],
    misses: [{ $lt: 5400 }],
    bad: [
      [-1, '/takes', 'MRT_VALUE_RANGE'],
      ['1h', '/takes', 'MRT_VALUE_TYPE'],
    ],
  },
  {
    field: 'clerk',
    value: '$wang',
    finds: ['$wang', { $ne: '$me' }],
    misses: ['$me', { $null: true }],
    bad: [
      ['x', '/clerk', 'MRT_VALUE_FORMAT'],
      [UNKNOWN_ID, '/clerk', 'MRT_VALUE_REFERENCE'],
    ],
  },
  {
    field: 'units_in_charge',
    value: ['$sales'],
    finds: [{ $contains: '$sales' }],
    misses: [{ $null: true }],
    bad: [[[UNKNOWN_ID], '/units_in_charge/0', 'MRT_VALUE_REFERENCE']],
  },
  {
    field: 'paint',
    value: '#1F6FEB',
    read: '#1f6feb',
    later: '#ffffff',
    finds: ['#1f6feb', { $nin: ['#000000'] }],
    misses: [{ $ne: '#1f6feb' }],
    bad: [['blue', '/paint', 'MRT_VALUE_PATTERN']],
  },
  {
    field: 'stars',
    value: 3,
    later: 5,
    finds: [{ $gte: 3 }],
    misses: [{ $gt: 3 }],
    bad: [
      [0, '/stars', 'MRT_VALUE_RANGE'],
      [6, '/stars', 'MRT_VALUE_RANGE'],
    ],
  },
  {
    field: 'words',
    value: [' 重点 ', 'VIP', 'vip'],
    read: ['重点', 'VIP'],
    finds: ['VIP', { $contains: ['VIP', '重点'] }, { $in: ['x', 'VIP'] }],
    misses: [{ $nin: ['VIP'] }, 'x'],
    bad: [
      [['a,b'], '/words/0', 'MRT_VALUE_CHARACTERS'],
      ['a', '/words', 'MRT_VALUE_TYPE'],
    ],
  },
  {
    field: 'isbn',
    value: '978-7-302-51776-4',
    read: '9787302517764',
    later: '9787302517771',
    finds: ['978-7-302-51776-4', { $startsWith: '9787' }],
    misses: [{ $contains: 'x' }],
    bad: [['9787302517765', '/isbn', 'MRT_VALUE_FORMAT']],
  },
  {
    field: 'minutes',
    value:
      '<p onclick="x()">甲 <strong>乙</strong><script>alert(1)</script> <a href="javascript:1">丙</a></p>',
    read: '<p>甲 <strong>乙</strong> <a>丙</a></p>',
    finds: [{ $contains: '乙' }],
    misses: [{ $contains: 'strong' }, { $contains: 'alert' }],
    bad: [[5, '/minutes', 'MRT_VALUE_TYPE']],
  },
  {
    field: 'at_home',
    value: { region: 'sh', street: ' 建国路1号 ', postcode: '１００022' },
    read: { region: 'sh', street: '建国路1号', postcode: '100022' },
    finds: [{ $under: 'sh' }, { $contains: '建国' }],
    misses: [{ $under: 'west' }, { $null: true }],
    bad: [
      [{ region: 'nowhere' }, '/at_home/region', 'MRT_VALUE_CHOICE'],
      [{ city: 'x' }, '/at_home/city', 'MRT_VALUE_UNKNOWN_FIELD'],
      [{ postcode: '!' }, '/at_home/postcode', 'MRT_VALUE_FORMAT'],
    ],
  },
  {
    field: 'spot',
    value: { lat: 31.230_416_7, lon: 121.473_701 },
    read: { lat: 31.230_417, lon: 121.473_701 },
    finds: [{ $near: { lat: 31.2, lon: 121.5, km: 10 } }],
    misses: [{ $near: { lat: 39.9, lon: 116.4, km: 100 } }],
    bad: [[{ lat: 91, lon: 0 }, '/spot/lat', 'MRT_VALUE_RANGE']],
  },
];

/** The types that the sample documents do not have. */
const MORE: Layer = {
  name: 'site',
  documents: [
    {
      kind: 'entity',
      name: 'thing',
      document: {
        name: 'thing',
        extends: true,
        properties: Object.fromEntries(
          Object.entries({
            share: { field: 'percent', maximum: 1 },
            opens_at: { field: 'time' },
            takes: { field: 'duration' },
            clerk: { field: 'user' },
            units_in_charge: { field: 'unit', multiple: true },
            paint: { field: 'colour' },
            stars: { field: 'rating' },
            minutes: { field: 'richtext', search: true },
            at_home: { field: 'address', dictionary: 'area', search: true },
            spot: { field: 'geo' },
            words: { field: 'tags', search: true },
            isbn: { field: 'barcode', kind: 'isbn' },
          }).map(([name, def]) => [name, { ...def, label: label(name) }]),
        ),
      } as never,
      file: '',
    },
  ],
};

describeEngines('every field type (issue 2)', (open) => {
  let on: RecordsFixture;
  const known = new Map<string, string>();
  const fill = (value: unknown): unknown => {
    if (typeof value === 'string') return known.get(value) ?? value;
    if (Array.isArray(value)) return value.map(fill);
    return typeof value === 'object' && value !== null
      ? Object.fromEntries(Object.entries(value).map(([key, inner]) => [key, fill(inner)]))
      : value;
  };
  const faultsOf = async (run: Promise<unknown>) => {
    const problem = await run.then(
      () => null,
      (error: Problem) => error,
    );
    return problem?.faults.map((fault) => [fault.path, fault.code]);
  };

  beforeAll(async () => {
    on = await openRecords(await open(), [MORE]);
    known.set('$wang', on.people.wang.id).set('$sales', on.units.sales);
    const friend = await on.records.create(on.as('boss'), 'thing', { name: 'Friend' });
    known.set('$friend', String(friend['id']));
    known.set('$paper', '00000000-0000-7000-8000-0000000000f1');
    await on.db.query({
      text: `insert into mortise.file (id, name, type, size, sha256, path, created_by) values ($1, 'a.pdf', 'application/pdf', 1, 'x', 'x', $2)`,
      values: [known.get('$paper'), on.people.boss.id],
    });
  });

  for (const { field, value, read, finds, misses, later, bad } of CASES) {
    it(`${field} is written, read, found and sorted`, async () => {
      const boss = on.as('boss');
      const name = `Case ${field}`;
      const created = await on.records.create(boss, 'thing', { name, [field]: fill(value) });
      const expected = fill(read ?? value);
      expect(created[field]).toEqual(expected);
      const { items } = await on.records.list(boss, 'thing', { filter: { name }, fields: [field] });
      expect(items.map((item) => item[field])).toEqual([expected]);
      const found = async (filter: unknown) =>
        (await on.records.list(boss, 'thing', { filter: { name, [field]: fill(filter) } })).items.length;
      for (const filter of finds) expect([filter, await found(filter)]).toEqual([filter, 1]);
      for (const filter of misses) expect([filter, await found(filter)]).toEqual([filter, 0]);
      if (later === undefined) return;
      await on.records.create(boss, 'thing', { name, [field]: later });
      const sorted = async (sort: string) =>
        (await on.records.list(boss, 'thing', { filter: { name }, sort, fields: [field] })).items[0]?.[field];
      expect(await sorted(field)).toEqual(expected);
      expect(await sorted(`-${field}`)).not.toEqual(expected);
    });

    it(`${field} refuses bad input with the exact path`, async () => {
      const boss = on.as('boss');
      const there = await on.records.create(boss, 'thing', { name: 'Bad' });
      for (const [wrong, path, code] of bad) {
        expect([
          wrong,
          await faultsOf(on.records.create(boss, 'thing', { name: 'Bad', [field]: wrong })),
        ]).toEqual([wrong, [[path, code]]]);
        expect([
          wrong,
          await faultsOf(on.records.update(boss, 'thing', String(there['id']), 1, { [field]: wrong })),
        ]).toEqual([wrong, [[path, code]]]);
      }
      expect((await on.records.read(boss, 'thing', String(there['id'])))['version']).toBe(1);
    });
  }

  it('ENG-03 suggests the tags in use, the most used first, and counts no row that one may not see', async () => {
    const boss = on.as('boss');
    const name = 'Tagged';
    await on.records.create(boss, 'thing', { name, words: ['茶', '酒'], owner: on.people.zhao.id });
    await on.records.create(boss, 'thing', { name, words: ['酒', '50%'] });
    const used = (await on.records.valuesInUse(boss, 'thing', 'words', '')).filter(({ value }) =>
      ['茶', '酒', '50%'].includes(value),
    );
    expect(used).toEqual([
      { value: '酒', uses: 2 },
      { value: '50%', uses: 1 },
      { value: '茶', uses: 1 },
    ]);
    expect(await on.records.valuesInUse(boss, 'thing', 'words', '%')).toEqual([{ value: '50%', uses: 1 }]);
    expect(await faultsOf(on.records.valuesInUse(boss, 'thing', 'stars', ''))).toEqual([
      ['/field', 'MRT_QUERY_OPERATOR'],
    ]);
    expect(await on.records.valuesInUse(on.as('zhao'), 'thing', 'words', '茶')).toEqual([]);
  });

  it('I18N-01 spells an address out for the reader, where texts are asked for', async () => {
    const boss = on.as('boss');
    const at_home = { region: 'sh', street: '1 Nanjing Road', postcode: '200001' };
    const { id } = await on.records.create(boss, 'thing', { name: 'Spelt', at_home });
    const read = await on.records.read(boss, 'thing', String(id), { display: true });
    expect(read).toMatchObject({
      at_home,
      at_home$display: expect.stringMatching(/^1 Nanjing Road, Shanghai.* 200001$/),
    });
  });

  it('QRY-01 finds records by a tag in the search box', async () => {
    const boss = on.as('boss');
    await on.records.create(boss, 'thing', { name: 'Searched', words: ['茶文化节'] });
    const { items } = await on.records.list(boss, 'thing', { search: '文化节', fields: ['name'] });
    expect(items.map((item) => item['name'])).toEqual(['Searched']);
  });

  it('ENG-02 changes many records at once in the newer types', async () => {
    const boss = on.as('boss');
    const made = await on.records.create(boss, 'thing', { name: 'Mass' });
    const patch = { share: '0.5', words: ['a'], clerk: on.people.li.id, takes: 60, stars: 2 };
    await on.records.bulk(boss, 'thing', {
      operation: 'update',
      items: [{ id: String(made['id']), version: 1, ...patch }],
    });
    expect(await on.records.read(boss, 'thing', String(made['id']))).toMatchObject({
      ...patch,
      share: '0.5000',
    });
  });

  it('refuses unknown, missing and system-kept fields with the exact path', async () => {
    const boss = on.as('boss');
    expect(await faultsOf(on.records.create(boss, 'thing', { name: 'A', nmae: 'B' }))).toEqual([
      ['/nmae', 'MRT_VALUE_UNKNOWN_FIELD'],
    ]);
    expect(await faultsOf(on.records.create(boss, 'thing', {}))).toEqual([['/name', 'MRT_VALUE_REQUIRED']]);
    expect(await faultsOf(on.records.create(boss, 'thing', { name: '   ' }))).toEqual([
      ['/name', 'MRT_VALUE_REQUIRED'],
    ]);
    expect(
      await faultsOf(on.records.create(boss, 'thing', { name: 'A', created_by: on.people.wang.id })),
    ).toEqual([['/created_by', 'MRT_VALUE_READ_ONLY']]);
    expect(await faultsOf(on.records.create(boss, 'thing', { name: 'A', total: '1.00' }))).toEqual([
      ['/total', 'MRT_VALUE_READ_ONLY'],
    ]);
    expect(
      await faultsOf(on.records.create(boss, 'thing', { name: 'A', parts: [{ item: 'x', price: '1.234' }] })),
    ).toEqual([['/parts/0/price', 'MRT_VALUE_DECIMALS']]);
    expect(
      await faultsOf(
        on.records.create(boss, 'thing', { name: 'A', parts: [{ item: 'x' }, { quantity: 0, item: 'y' }] }),
      ),
    ).toEqual([['/parts/1/quantity', 'MRT_VALUE_RANGE']]);
    expect(
      await faultsOf(
        on.records.create(boss, 'thing', { name: 'A', start_on: '2026-02-01', end_on: '2026-01-01' }),
      ),
    ).toEqual([['/end_on', 'MRT_RULE_DATES']]);
  });

  it('creates, changes and lists a whole record with lines, children and display texts', async () => {
    const boss = on.as('boss');
    const friend = known.get('$friend');
    const input = {
      name: '北京酒业',
      ratio: '0.2500',
      amount: '1200.50',
      secret: 'hush',
      grade: 'a',
      region: 'sh',
      tags: ['x', 'y'],
      parent: friend,
      friends: [friend],
      parts: [{ item: 'one', quantity: 2, price: '3.50' }, { item: 'two' }],
    };
    const created = await on.records.create(boss, 'thing', input);
    expect(created).toMatchObject({
      name: '北京酒业',
      version: 1,
      total: '300.13',
      code: 'a002',
      amount_currency: 'CNY',
      owner: boss.actor.id,
    });
    const { id, version } = created as { id: string; version: number };
    const read = await on.records.read(boss, 'thing', id, { include: ['parts', 'visits'], display: true });
    expect(read).toMatchObject({
      ...input,
      parent$display: 'Friend',
      friends$display: ['Friend'],
      region$display: 'Shanghai',
      tags$display: ['X', 'Y'],
      owner$display: 'Name of boss',
      visits: [],
      parts: [
        { item: 'one', quantity: 2, price: '3.50', position: 1 },
        { item: 'two', quantity: 1, price: null, position: 2 },
      ],
    });
    const updated = await on.records.update(boss, 'thing', id, version, {
      name: '上海酒业',
      secret: null,
      count: 8,
    });
    expect(updated).toMatchObject({ name: '上海酒业', secret: null, count: 8, version: 2, region: 'sh' });
    const list = await on.records.list(boss, 'thing', {
      filter: { name: { $contains: '上海' } },
      fields: ['name', 'count', 'owner.display_name'],
      count: 'exact',
    });
    expect(list).toEqual({
      items: [{ id, version: 2, name: '上海酒业', count: 8, 'owner.display_name': 'Name of boss' }],
      total: 1,
    });
  });
});
