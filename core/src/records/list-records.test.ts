import { beforeAll, expect, it } from 'vitest';
import type { Problem } from '../errors/problem.ts';
import { describeEngines } from '../testing/databases.ts';
import type { ListRequest } from './records.ts';
import { openRecords, type RecordsFixture } from './test-records.ts';

const GRADES = ['a', 'b', null] as const;

describeEngines('lists', (open) => {
  let on: RecordsFixture;
  const list = (request: ListRequest) => on.records.list(on.as('boss'), 'thing', request);
  const names = async (request: ListRequest) =>
    (await list({ fields: ['name'], ...request })).items.map((item) => item['name']);
  const faultOf = async (request: ListRequest) =>
    await list(request).then(
      () => 'done',
      (error: Problem) => [error.code, error.status, error.faults[0]?.path],
    );

  beforeAll(async () => {
    on = await openRecords(await open());
    for (let index = 0; index < 25; index += 1) {
      const number = String(index).padStart(2, '0');
      await on.records.create(on.as('boss'), 'thing', {
        name: `企业 ${number}`,
        phone: `021-5555${number}00`,
        count: index % 4 === 0 ? null : index % 5,
        grade: GRADES[index % 3] ?? null,
        amount: `${index}.00`,
        start_on: `2026-0${(index % 3) + 1}-15`,
        owner: index % 2 === 0 ? on.people.wang.id : on.people.li.id,
      });
    }
  });

  it('pages by cursor over every order without repeating or missing a record', async () => {
    const all = (await names({ limit: 1000 })).toSorted();
    for (const sort of [
      'name',
      '-name',
      'count',
      '-count,name',
      'grade,-count',
      'owner.display_name,-count',
      '-created_at',
      'updated_at',
      '-id',
      '',
    ]) {
      const seen: unknown[] = [];
      let cursor: string | undefined;
      do {
        const page = await list({ fields: ['name'], sort, limit: 4, ...(cursor ? { cursor } : {}) });
        seen.push(...page.items.map((item) => item['name']));
        cursor = page.next;
      } while (cursor !== undefined);
      expect([sort, seen.toSorted()]).toEqual([sort, all]);
      expect([sort, seen]).toEqual([sort, await names({ sort, limit: 1000 })]);
    }
  });

  it('refuses a cursor that was changed or belongs to another query', async () => {
    const { next } = await list({ sort: 'name', limit: 2 });
    const [signature, ...keys] = JSON.parse(Buffer.from(String(next), 'base64url').toString()) as string[];
    const forged = Buffer.from(JSON.stringify([signature, ...keys.map((key) => `${key}x`)])).toString(
      'base64url',
    );
    for (const cursor of [forged, 'nonsense', Buffer.from('{}').toString('base64url')])
      expect(await faultOf({ sort: 'name', limit: 2, cursor })).toEqual(['MRT_QUERY_CURSOR', 400, '/cursor']);
    expect(await faultOf({ sort: '-name', limit: 2, cursor: String(next) })).toEqual([
      'MRT_QUERY_CURSOR',
      400,
      '/cursor',
    ]);
    expect(await faultOf({ sort: 'name', limit: 2, filter: { grade: 'a' }, cursor: String(next) })).toEqual([
      'MRT_QUERY_CURSOR',
      400,
      '/cursor',
    ]);
  });

  it('counts exactly, by estimate or not at all', async () => {
    expect((await list({ limit: 5, count: 'exact' })).total).toBe(25);
    expect((await list({ limit: 5, offset: 20, count: 'exact' })).total).toBe(25);
    expect((await list({ limit: 5, offset: 100, count: 'exact' })).total).toBe(25);
    expect((await list({ limit: 5, count: 'exact', filter: { grade: 'a' } })).total).toBe(9);
    const { next } = await list({ limit: 5, sort: 'name' });
    expect((await list({ limit: 5, sort: 'name', count: 'exact', cursor: String(next) })).total).toBe(25);
    expect((await list({ limit: 5, count: 'exact', filter: { name: 'none' } })).total).toBe(0);
    expect('total' in (await list({ limit: 5 }))).toBe(false);
    await on.db.query({ text: 'analyze "thing"' });
    expect((await list({ limit: 5, count: 'estimate' })).total).toBeGreaterThan(5);
    expect((await list({ limit: 50, count: 'estimate' })).total).toBe(25);
    // The planner knows the values of all rows: where some may not be read, it is not asked (DESIGN §5).
    const before = on.db.statements.length;
    const counted = { limit: 5, count: 'estimate', filter: { grade: 'a' } } as const;
    expect((await on.records.list(on.as('wang'), 'thing', counted)).total).toBe(9);
    expect(on.db.statements.slice(before).filter((text) => text.includes('EXPLAIN'))).toEqual([]);
  });

  it('keeps to limits between 1 and 1000', async () => {
    for (const limit of [0, 1001, -1, 1.5, Number.NaN])
      expect((await faultOf({ limit }))[0]).toBe('MRT_REQUEST_LIMIT');
    for (const offset of [-1, 0.5]) expect((await faultOf({ offset }))[0]).toBe('MRT_REQUEST_MALFORMED');
  });

  it('says where a query is wrong', async () => {
    const wrong: readonly (readonly [ListRequest, string, string])[] = [
      [{ filter: { nmae: 'x' } }, 'MRT_QUERY_FIELD_UNKNOWN', '/filter/nmae'],
      [
        { filter: { $or: [{ name: 'x' }, { $and: [{ 'owner.nobody': 1 }] }] } },
        'MRT_QUERY_FIELD_UNKNOWN',
        '/filter/$or/1/$and/0/owner.nobody',
      ],
      [{ filter: { 'name.x': 1 } }, 'MRT_QUERY_FIELD_UNKNOWN', '/filter/name.x'],
      [{ filter: { name: { $regex: 'x' } } }, 'MRT_QUERY_OPERATOR', '/filter/name/$regex'],
      [{ filter: { $nor: [] } }, 'MRT_QUERY_OPERATOR', '/filter/$nor'],
      [{ filter: { active: { $gt: true } } }, 'MRT_QUERY_OPERATOR', '/filter/active/$gt'],
      [{ filter: { count: 'many' } }, 'MRT_QUERY_VALUE', '/filter/count'],
      [{ filter: { count: { $in: 5 } } }, 'MRT_QUERY_VALUE', '/filter/count/$in'],
      [{ filter: { start_on: { $gte: '2026-02-30' } } }, 'MRT_QUERY_VALUE', '/filter/start_on/$gte'],
      [{ filter: { owner: 'nobody' } }, 'MRT_QUERY_VALUE', '/filter/owner'],
      [{ filter: { $or: { name: 'x' } } }, 'MRT_QUERY_VALUE', '/filter/$or'],
      [{ filter: { name: {} } }, 'MRT_QUERY_VALUE', '/filter/name'],
      [{ filter: { visits: { $null: true } } }, 'MRT_QUERY_OPERATOR', '/filter/visits/$null'],
      [{ sort: 'nmae' }, 'MRT_QUERY_FIELD_UNKNOWN', '/sort'],
      [{ sort: 'log' }, 'MRT_QUERY_SORT', '/sort'],
      [{ fields: ['name', 'nmae'] }, 'MRT_QUERY_FIELD_UNKNOWN', '/fields'],
      [{ fields: ['name.x'] }, 'MRT_QUERY_FIELD_UNKNOWN', '/fields'],
    ];
    for (const [request, code, path] of wrong)
      expect([request, await faultOf(request)]).toEqual([request, [code, 400, path]]);
    const unknown = await on.records.list(on.as('boss'), 'nothing', {}).then(
      () => null,
      (error: Problem) => error.code,
    );
    expect(unknown).toBe('MRT_ENTITY_UNKNOWN');
    let deep: object = { name: 'x' };
    for (let depth = 0; depth < 20; depth += 1) deep = { $not: deep };
    expect((await faultOf({ filter: deep as Record<string, unknown> }))[0]).toBe('MRT_REQUEST_MALFORMED');
  });

  it('searches every word over the fields marked for it, signs taken literally', async () => {
    expect(await names({ search: '企业 07' })).toEqual(['企业 07']);
    expect(await names({ search: '5555 企业 11' })).toEqual(['企业 11']);
    expect(await names({ search: '%' })).toEqual([]);
    expect(await names({ search: '_' })).toEqual([]);
    expect((await names({ search: '  ' })).length).toBe(25);
  });

  it('understands the acting user, today and negation', async () => {
    const wang = on.as('wang', ['administrator']);
    const own = await on.records.list(wang, 'thing', { filter: { owner: '$me' }, limit: 100 });
    expect(own.items.length).toBe(13);
    expect(
      (await on.records.list(wang, 'thing', { filter: { owner: { $me: true } }, limit: 100 })).items.length,
    ).toBe(13);
    expect(
      (await on.records.list(wang, 'thing', { filter: { registered_on: '$today' }, limit: 100 })).items
        .length,
    ).toBe(25);
    expect((await names({ filter: { $not: { grade: 'a' } } })).length).toBe(16);
    expect((await names({ filter: { grade: { $ne: 'a' } } })).length).toBe(16);
    expect(
      (await names({ filter: { $not: { $or: [{ grade: 'a' }, { grade: { $null: true } }] } } })).length,
    ).toBe(8);
  });

  it('groups and measures, also one reference away and by parts of a date', async () => {
    const boss = on.as('boss');
    const byOwner = await on.records.aggregate(boss, 'thing', {
      groupBy: ['owner.display_name'],
      measures: { n: { fn: 'count' }, sum: { fn: 'sum', field: 'amount' } },
      sort: '-n',
    });
    expect(byOwner).toEqual([
      { 'owner.display_name': 'Name of wang', n: 13, sum: '156.00' },
      { 'owner.display_name': 'Name of li', n: 12, sum: '144.00' },
    ]);
    const longName = '本年度新增重点客户数量合计含已转介绍的客户数'.repeat(2);
    const named = await on.records.aggregate(boss, 'thing', {
      groupBy: [],
      measures: { [longName]: { fn: 'count' } },
    });
    expect(named).toEqual([{ [longName]: 25 }]);
    const byMonth = await on.records.aggregate(boss, 'thing', {
      groupBy: ['start_on:month'],
      measures: { n: { fn: 'count' } },
    });
    expect(byMonth).toEqual([
      { 'start_on:month': '2026-01', n: 9 },
      { 'start_on:month': '2026-02', n: 8 },
      { 'start_on:month': '2026-03', n: 8 },
    ]);
    const byGrade = await on.records.aggregate(boss, 'thing', {
      groupBy: ['grade'],
      filter: { grade: { $null: false } },
      measures: { avg: { fn: 'avg', field: 'amount' }, max: { fn: 'max', field: 'amount' } },
    });
    expect(byGrade).toEqual([
      { grade: 'a', grade$display: 'A', avg: '12.00', max: '24.00' },
      { grade: 'b', grade$display: 'B', avg: '11.50', max: '22.00' },
    ]);
    const wrong = async (request: Parameters<typeof on.records.aggregate>[2]) =>
      await on.records.aggregate(boss, 'thing', request).then(
        () => null,
        (error: Problem) => [error.code, error.faults[0]?.path],
      );
    expect(await wrong({ groupBy: ['nmae'], measures: {} })).toEqual([
      'MRT_QUERY_FIELD_UNKNOWN',
      '/groupBy/0',
    ]);
    expect(await wrong({ groupBy: [], measures: { s: { fn: 'sum', field: 'name' } } })).toEqual([
      'MRT_QUERY_OPERATOR',
      '/measures/s/fn',
    ]);
    expect(await wrong({ groupBy: ['name:month'], measures: {} })).toEqual([
      'MRT_QUERY_OPERATOR',
      '/groupBy/0',
    ]);
  });

  it('answers odd input with a problem or a list, never with a fault of the database', async () => {
    const odd: ListRequest[] = [
      { search: '\u0000' },
      { search: '\\' },
      { search: "'; drop table thing; --" },
      { filter: { name: { $like: '\\' } } },
      { filter: { name: '\u0000' } },
      { filter: { count: 1e12 } },
      { filter: { count: { $in: [1, 1e12] } } },
      { filter: { amount: { $gt: '9'.repeat(500) } } },
      { filter: { start_on: '99999-01-01' } },
      { filter: { seen_at: { $gt: '2026-01-01T00:00:00+99:00' } } },
      { filter: { id: 'x' } },
      { filter: { region: { $under: "x' or 1=1" } } },
      { filter: { __proto__: 'x', constructor: 'y' } },
      { filter: JSON.parse('{"__proto__": {"$eq": 1}}') as Record<string, unknown> },
      { offset: Number.MAX_VALUE },
      { offset: Number.MAX_SAFE_INTEGER },
      { sort: 'name;drop table thing' },
      { fields: ['name"; select 1'] },
      { fields: ['__proto__'] },
      { sort: ',,-,' },
    ];
    for (const request of odd) {
      const answer = await list(request).then(
        () => 'done',
        (error: Problem) => error.code,
      );
      expect([request, answer]).toEqual([request, expect.stringMatching(/^done$|^MRT_(QUERY|REQUEST)/)]);
    }
  });

  it('shares one statement between people of the same roles', async () => {
    const before = on.db.statements.length;
    await on.records.list(on.as('wang', ['employee']), 'thing', { filter: { count: 1 }, sort: 'name' });
    await on.records.list(on.as('li', ['employee']), 'thing', { filter: { count: 2 }, sort: 'name' });
    const [first, second] = on.db.statements.slice(before);
    expect(second).toBe(first);
  });
});
