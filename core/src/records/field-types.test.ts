import { beforeAll, expect, it } from 'vitest';
import type { Problem } from '../errors/problem.ts';
import { describeEngines } from '../testing/databases.ts';
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
];

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
    on = await openRecords(await open());
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
