import { beforeAll, expect, it } from 'vitest';
import { problem } from '../errors/catalogue.ts';
import type { Problem } from '../errors/problem.ts';
import { uuid7 } from '../store/uuid7.ts';
import { describeEngines } from '../testing/databases.ts';
import type { RecordData } from './records.ts';
import { openRecords, type RecordsFixture } from './test-records.ts';

const problemOf = async (run: Promise<unknown>): Promise<Problem> =>
  await run.then(
    () => {
      throw new Error('it was not refused');
    },
    (error: Problem) => error,
  );

/** Keys that differ from run to run; ids are replaced by their place, moments by a word. */
function comparable(records: readonly unknown[]): unknown {
  const text = JSON.stringify(records);
  const ids = new Map<string, string>();
  return JSON.parse(
    text
      .replace(/[0-9a-f]{8}-[0-9a-f]{4}-7[0-9a-f]{3}-[89ab][0-9a-f]{3}-[0-9a-f]{12}/g, (id) => {
        if (!ids.has(id)) ids.set(id, `id ${ids.size}`);
        return ids.get(id) ?? '';
      })
      .replace(/\d{4}-\d\d-\d\dT\d\d:\d\d:\d\d\.\d{3}Z/g, 'a moment'),
  ) as unknown;
}

const shared = uuid7();
const things: readonly RecordData[] = [
  {
    name: '一',
    grade: 'a',
    amount: '12.5',
    count: 3,
    tags: ['x', 'y'],
    log: [{ on: '2026-01-01', text: 't' }],
  },
  { name: 'Two', grade: 'b', parts: [{ item: 'x' }, { item: 'y', price: '2' }], note: 'quote " \\ { } 你好' },
  { name: 'Three', grade: 'a', email: 'a@b.cn', start_on: '2026-01-31', end_on: '2026-02-01' },
  { id: shared, name: 'Four', grade: 'a', parts: [{ item: 'z' }] },
  { name: 'Five', tax_code: 'T5', active: false },
];

describeEngines('creating many records', (open) => {
  let single: RecordsFixture;
  let many: RecordsFixture;
  const whole = async (on: RecordsFixture, ids: readonly unknown[]) => {
    const read = async (id: unknown) => [
      await on.records.read(on.as('boss'), 'thing', String(id), { include: ['parts'] }),
      (await on.records.history(on.as('boss'), 'thing', String(id))).map(({ changes, action, version }) => ({
        changes,
        action,
        version,
      })),
    ];
    const all: unknown[] = [];
    for (const id of ids) all.push(await read(id));
    return comparable(all);
  };
  const names = async (on: RecordsFixture) =>
    (await on.records.list(on.as('boss'), 'thing', { fields: ['name'], limit: 1000 })).items.length;

  beforeAll(async () => {
    single = await openRecords(await open());
    many = await openRecords(await open());
  });

  it('answers and stores what one after the other does, numbers in their order, lines and history', async () => {
    const one: RecordData[] = [];
    for (const input of things) one.push(await single.records.create(single.as('boss'), 'thing', input));
    const before = many.db.statements.length;
    const all = await many.records.createMany(many.as('boss'), 'thing', things);
    const statements = many.db.statements.slice(before).filter((text) => !text.includes('SAVEPOINT'));
    expect(statements).toHaveLength(3);
    expect(comparable(all)).toEqual(comparable(one));
    expect(
      await whole(
        many,
        all.map(({ id }) => id),
      ),
    ).toEqual(
      await whole(
        single,
        one.map(({ id }) => id),
      ),
    );
    expect(all.map((record) => record['code']).filter((code) => String(code).startsWith('a'))).toEqual([
      'a001',
      'a002',
      'a003',
    ]);
    const next = await many.records.create(many.as('boss'), 'thing', { name: 'Next', grade: 'a' });
    expect(next['code']).toBe('a004');
  });

  it('is repeatable with the ids of the client, in the same call too', async () => {
    const again = await many.records.createMany(many.as('boss'), 'thing', [
      { name: 'Beside' },
      { id: shared, name: 'Four', grade: 'a', parts: [{ item: 'z' }] },
    ]);
    expect(again[1]).toMatchObject({ id: shared, version: 1, code: 'a003' });
    const id = uuid7();
    const twice = await many.records.createMany(many.as('boss'), 'thing', [
      { id, name: 'Twice' },
      { id, name: 'Twice' },
    ]);
    expect(twice.map((record) => record['id'])).toEqual([id, id]);
  });

  it('lets a record refer to one before it, but not to one behind it', async () => {
    const [above, below] = [uuid7(), uuid7()];
    const made = await many.records.createMany(many.as('boss'), 'unit', [
      { id: above, name: 'Above' },
      { id: below, name: 'Below', parent: above },
    ]);
    expect(made[1]).toMatchObject({ id: below, parent: above });
    const later = uuid7();
    const refused = await problemOf(
      many.records.createMany(many.as('boss'), 'unit', [
        { name: 'First', parent: later },
        { id: later, name: 'Later' },
      ]),
    );
    expect(refused.faults.map((fault) => [fault.path, fault.code])).toEqual([
      ['/items/0/parent', 'MRT_VALUE_REFERENCE'],
    ]);
    expect(
      (
        await problemOf(
          many.records.createMany(many.as('boss'), 'unit', [
            { name: 'A' },
            { id: later, name: 'Own', parent: later },
          ]),
        )
      ).faults[0]?.path,
    ).toBe('/items/1/parent');
  });

  it('reports the faults of all records with their places and stores none', async () => {
    const before = await names(many);
    const refused = await problemOf(
      many.records.createMany(many.as('boss'), 'thing', [
        { name: 'Fine', grade: 'a' },
        { grade: 'a' },
        { name: 'X', start_on: '2026-02-01', end_on: '2026-01-01' },
        { name: 'Y', owner: uuid7() },
      ]),
    );
    expect(refused.code).toBe('MRT_RECORD_INVALID');
    expect(refused.faults.map((fault) => fault.path)).toEqual([
      '/items/1/name',
      '/items/2/end_on',
      '/items/3/owner',
    ]);
    expect(await names(many)).toBe(before);
    expect((await many.records.create(many.as('boss'), 'thing', { name: 'C', grade: 'a' }))['code']).toBe(
      'a005',
    );
  });

  it('names the second of two with the same unique value, and one that is stored already', async () => {
    const refused = await problemOf(
      many.records.createMany(many.as('boss'), 'thing', [
        { name: 'A', tax_code: 'DOUBLE' },
        { name: 'B' },
        { name: 'C', tax_code: 'DOUBLE' },
      ]),
    );
    expect(refused.faults.map((fault) => [fault.path, fault.code])).toEqual([
      ['/items/2/tax_code', 'MRT_VALUE_UNIQUE'],
    ]);
    const stored = await problemOf(
      many.records.createMany(many.as('boss'), 'thing', [{ name: 'A' }, { name: 'B', tax_code: 'T5' }]),
    );
    expect(stored.faults.map((fault) => fault.path)).toEqual(['/items/1/tax_code']);
  });

  it('passes the gate with every record', async () => {
    const made = await many.records.createMany(many.as('wang'), 'thing', [{ name: 'W1' }, { name: 'W2' }]);
    expect(made.map((record) => record['owner'])).toEqual([many.people.wang.id, many.people.wang.id]);
    const refused = await problemOf(
      many.records.createMany(many.as('wang'), 'thing', [
        { name: 'W3' },
        { name: 'W4', owner: many.people.boss.id },
      ]),
    );
    expect(refused.faults.map((fault) => [fault.path, fault.code])).toEqual([
      ['/items/1', 'MRT_ACCESS_DENIED'],
    ]);
    const denied = await problemOf(
      many.records.createMany(many.as('zhao'), 'thing', [{ name: 'Z1' }, { name: 'Z2' }]),
    );
    expect(denied.faults.map((fault) => fault.code)).toEqual(['MRT_ACCESS_DENIED', 'MRT_ACCESS_DENIED']);
  });

  it('joins an open transaction, which outlives what it refused', async () => {
    await many.db.transaction(async (tx) => {
      const context = many.as('boss');
      await many.records.createMany(context, 'thing', [{ name: 'In 1' }, { name: 'In 2' }], {}, tx);
      await problemOf(many.records.createMany(context, 'thing', [{ name: 'In 3' }, {}], {}, tx));
    });
    const found = await many.records.list(many.as('boss'), 'thing', {
      filter: { name: { $startsWith: 'In ' } },
    });
    expect(found.items.length).toBeGreaterThanOrEqual(2);
  });

  it('lets each record take its turn where a plugin looks at them', async () => {
    const seen: number[] = [];
    const hooked = await openRecords(await open(), [], {
      concerns: (entity) => entity === 'thing',
      async run(event, context, tx) {
        const { items } = await hooked.records.list(context, 'thing', {}, tx);
        seen.push(items.length);
        if (event.draft['name'] === 'Stop')
          throw problem('MRT_RECORD_INVALID', { count: 1 }, [
            { path: '/name', code: 'MRT_PLUGIN_REFUSED', message: { 'zh-CN': '停', en: 'Stop' } },
          ]);
      },
    });
    await hooked.records.createMany(hooked.as('boss'), 'thing', [
      { name: '1' },
      { name: '2' },
      { name: '3' },
    ]);
    expect(seen).toEqual([0, 1, 2]);
    const refused = await problemOf(
      hooked.records.createMany(hooked.as('boss'), 'thing', [{ name: '4' }, { name: 'Stop' }]),
    );
    expect(refused.faults.map((fault) => fault.path)).toEqual(['/items/1/name']);
  });
});
