import { beforeAll, expect, it } from 'vitest';
import type { Problem } from '../errors/problem.ts';
import { describeEngines } from '../testing/databases.ts';
import { uuid7 } from '../store/uuid7.ts';
import { openRecords, type RecordsFixture } from './test-records.ts';

const problemOf = async (run: Promise<unknown>): Promise<Problem> =>
  await run.then(
    () => {
      throw new Error('it was not refused');
    },
    (error: Problem) => error,
  );
const faultsOf = async (run: Promise<unknown>) =>
  (await problemOf(run)).faults.map((fault) => [fault.path, fault.code]);

describeEngines('writing records', (open) => {
  let on: RecordsFixture;
  const make = async (input: Record<string, unknown> = {}, person: 'boss' | 'wang' | 'li' = 'boss') =>
    (await on.records.create(on.as(person), 'thing', { name: 'Thing', ...input })) as Record<
      string,
      unknown
    > & { id: string; version: number };
  beforeAll(async () => {
    on = await openRecords(await open());
  });

  it('answers a repeated create with the same id once more, and refuses another body', async () => {
    const id = uuid7();
    const body = { id, name: 'Once', amount: '5', parts: [{ item: 'a' }] };
    const first = await on.records.create(on.as('boss'), 'thing', body);
    const again = await on.records.create(on.as('boss'), 'thing', body);
    expect(again).toMatchObject({ id, version: first['version'], amount: '5.00' });
    expect((await on.records.list(on.as('boss'), 'thing', { filter: { id } })).items).toHaveLength(1);
    expect(
      (await problemOf(on.records.create(on.as('boss'), 'thing', { ...body, name: 'Other' }))).code,
    ).toBe('MRT_RECORD_CONFLICT');
  });

  it('merges changes of different fields and refuses those of the same one (ENG-16)', async () => {
    const { id } = await make({ name: 'Merge', count: 1 });
    await on.records.update(on.as('boss'), 'thing', id, 1, { name: 'Theirs' });
    const merged = await on.records.update(on.as('boss'), 'thing', id, 1, { count: 2 });
    expect(merged).toMatchObject({ name: 'Theirs', count: 2, version: 3 });
    const conflict = await problemOf(
      on.records.update(on.as('boss'), 'thing', id, 1, { name: 'Mine', count: 2 }),
    );
    expect(conflict.status).toBe(409);
    expect(conflict.extension).toMatchObject({
      yours: { name: 'Mine', count: 2 },
      conflicts: ['name', 'count'],
      current: { name: 'Theirs', version: 3 },
    });
    const untouched = await on.records.update(on.as('boss'), 'thing', id, 1, {
      name: 'Merge',
      note: 'a form sends all its fields',
    });
    expect(untouched).toMatchObject({ name: 'Theirs', note: 'a form sends all its fields' });
    expect((await problemOf(on.records.update(on.as('boss'), 'thing', id, 99, { count: 9 }))).code).toBe(
      'MRT_RECORD_CONFLICT',
    );
  });

  it('lets exactly one of 20 writers change the same field, and all of them different ones (ENG-16)', async () => {
    const { id } = await make({ name: 'Race' });
    const results = await Promise.allSettled(
      Array.from({ length: 20 }, (_, index) =>
        on.records.update(on.as('boss'), 'thing', id, 1, { name: `Writer ${index}` }),
      ),
    );
    const failures = results.flatMap((result) =>
      result.status === 'rejected' ? [(result.reason as Problem).code] : [],
    );
    expect(failures).toEqual(Array.from({ length: 19 }, () => 'MRT_RECORD_CONFLICT'));
    expect(await on.records.read(on.as('boss'), 'thing', id)).toMatchObject({ version: 2 });

    const other = await make({ name: 'Together' });
    const patches = [
      { count: 5 },
      { note: 'n' },
      { tax_code: 'RACE' },
      { email: 'a@b.cn' },
      { region: 'west' },
      { amount: '5.00' },
    ];
    await Promise.all(patches.map((patch) => on.records.update(on.as('boss'), 'thing', other.id, 1, patch)));
    expect(await on.records.read(on.as('boss'), 'thing', other.id)).toMatchObject({
      version: 7,
      count: 5,
      note: 'n',
      tax_code: 'RACE',
      email: 'a@b.cn',
      region: 'west',
      amount: '5.00',
    });
  });

  it('loses no increment of 20 writers that try again with what the conflict gave back', async () => {
    const { id } = await make({ name: 'Counter', count: 0 });
    const increment = async (): Promise<void> => {
      for (let { version, count } = { version: 1, count: 0 }; ;) {
        const next = await on.records.update(on.as('boss'), 'thing', id, version, { count: count + 1 }).then(
          () => null,
          (error: Problem) => error.extension['current'] as { version: number; count: number },
        );
        if (next === null) return;
        ({ version, count } = next);
      }
    };
    await Promise.all(Array.from({ length: 20 }, increment));
    expect(await on.records.read(on.as('boss'), 'thing', id)).toMatchObject({ count: 20, version: 21 });
  });

  it('writes nothing for a patch that changes nothing', async () => {
    const { id } = await make({
      name: 'Same',
      log: [{ on: '2026-01-01', text: 'x' }],
      parts: [{ item: 'a', price: '1' }],
    });
    const stored = await on.records.read(on.as('boss'), 'thing', id, { include: ['parts'] });
    const parts = (stored['parts'] as Record<string, unknown>[]).map(
      ({ id: lineId, item, price, quantity, price_currency }) => ({
        id: lineId,
        item,
        price,
        quantity,
        price_currency,
      }),
    );
    const same = await on.records.update(on.as('boss'), 'thing', id, 1, {
      name: 'Same',
      log: [{ text: 'x', on: '2026-01-01' }],
      parts,
    });
    expect(same['version']).toBe(1);
    expect(await on.records.history(on.as('boss'), 'thing', id)).toHaveLength(1);
  });

  it('keeps, changes, adds and removes lines inside their parent, in order', async () => {
    const { id } = await make({
      name: 'Lines',
      parts: [{ item: 'a' }, { item: 'b', price: '2' }, { item: 'c' }],
    });
    const read = async () =>
      (await on.records.read(on.as('boss'), 'thing', id, { include: ['parts'] }))['parts'] as Record<
        string,
        unknown
      >[];
    const [a, b] = await read();
    await on.records.update(on.as('boss'), 'thing', id, 1, {
      parts: [{ item: 'new' }, { id: b?.['id'], item: 'b2' }, { id: a?.['id'], item: 'a' }],
    });
    expect(await read()).toMatchObject([
      { item: 'new', position: 1, version: 1 },
      { id: b?.['id'], item: 'b2', price: '2.00', position: 2, version: 2 },
      { id: a?.['id'], item: 'a', position: 3 },
    ]);
    const [update] = await on.records.history(on.as('boss'), 'thing', id);
    expect(Object.keys(update?.changes ?? {})).toEqual(['parts']);
    expect(update?.changes['parts']?.old).toHaveLength(3);
    await on.records.update(on.as('boss'), 'thing', id, 2, { parts: [] });
    expect(await read()).toEqual([]);
    expect((await on.records.list(on.as('boss'), 'thing_line', { filter: { thing: id } })).items).toEqual([]);
  });

  it("refuses another record's line and a line that comes twice", async () => {
    const one = await make({ name: 'One', parts: [{ item: 'x' }] });
    const two = await make({ name: 'Two' });
    const line = (
      (await on.records.read(on.as('boss'), 'thing', one.id, { include: ['parts'] }))['parts'] as {
        id: string;
      }[]
    )[0];
    expect(
      await faultsOf(
        on.records.update(on.as('boss'), 'thing', two.id, 1, { parts: [{ id: line?.id, item: 'mine' }] }),
      ),
    ).toEqual([['/parts/0/id', 'MRT_VALUE_REPEATED']]);
    const twice = { id: line?.id, item: 'x' };
    expect(
      await faultsOf(on.records.update(on.as('boss'), 'thing', one.id, 1, { parts: [twice, twice] })),
    ).toEqual([['/parts/1/id', 'MRT_VALUE_REPEATED']]);
    expect(
      (await on.records.read(on.as('boss'), 'thing', one.id, { include: ['parts'] }))['parts'],
    ).toMatchObject([{ id: line?.id, item: 'x' }]);
  });

  it('writes a line by itself for whoever may change its parent', async () => {
    const mine = await make({ name: 'Mine' }, 'wang');
    const line = await on.records.create(on.as('wang'), 'thing_line', { thing: mine.id, item: 'alone' });
    expect(
      await on.records.update(on.as('wang'), 'thing_line', String(line['id']), 1, { item: 'changed' }),
    ).toMatchObject({ item: 'changed', version: 2 });
    expect(
      (await problemOf(on.records.create(on.as('li'), 'thing_line', { thing: mine.id, item: 'foreign' })))
        .code,
    ).toBe('MRT_ACCESS_DENIED');
    await on.records.remove(on.as('wang'), 'thing_line', String(line['id']));
    expect((await problemOf(on.records.read(on.as('wang'), 'thing_line', String(line['id'])))).code).toBe(
      'MRT_RECORD_NOT_FOUND',
    );
  });

  it('names the fields of a violated unique rule, which ignores the recycle bin', async () => {
    const first = await make({ tax_code: 'U-1' });
    const violated = await problemOf(
      on.records.create(on.as('boss'), 'thing', { name: 'Second', tax_code: 'U-1' }),
    );
    expect([violated.code, violated.status, violated.faults.map((fault) => fault.path)]).toEqual([
      'MRT_RECORD_UNIQUE',
      409,
      ['/tax_code'],
    ]);
    await on.records.remove(on.as('boss'), 'thing', first.id);
    await make({ tax_code: 'U-1' });
    expect((await problemOf(on.records.restore(on.as('boss'), 'thing', first.id))).code).toBe(
      'MRT_RECORD_UNIQUE',
    );
  });

  it('refuses a tree that would become a circle', async () => {
    const root = await make({ name: 'Root' });
    const child = await make({ name: 'Child', parent: root.id });
    const leaf = await make({ name: 'Leaf', parent: child.id });
    expect(
      await faultsOf(on.records.update(on.as('boss'), 'thing', root.id, 1, { parent: leaf.id })),
    ).toEqual([['/parent', 'MRT_VALUE_CYCLE']]);
    expect(
      await faultsOf(on.records.update(on.as('boss'), 'thing', root.id, 1, { parent: root.id })),
    ).toEqual([['/parent', 'MRT_VALUE_CYCLE']]);
    const under = await on.records.list(on.as('boss'), 'thing', {
      filter: { parent: { $under: root.id } },
      sort: 'name',
      fields: ['name'],
    });
    expect(under.items.map((item) => item['name'])).toEqual(['Child', 'Leaf']);
  });

  it('numbers DM-CODE-04, DM-CODE-05: per letter, three digits at least, growing, never longer than the rule', async () => {
    const set = (value: number) =>
      on.db.query({
        text: `insert into mortise.sequence (key, value) values ('thing.code:a', $1) on conflict (key) do update set value = excluded.value`,
        values: [value],
      });
    await set(9);
    expect((await make({ grade: 'a' }))['code']).toBe('a010');
    await set(999);
    expect((await make({ grade: 'a' }))['code']).toBe('a1000');
    await set(9999999);
    expect(await faultsOf(make({ grade: 'a' }))).toEqual([['/code', 'MRT_VALUE_NUMBER_FULL']]);
    expect(await make({ grade: null })).toMatchObject({ code: null });
  });

  it('gives a number later, when its parts are known (DM-CODE-05)', async () => {
    const { id } = await make({ grade: null });
    expect(await on.records.update(on.as('boss'), 'thing', id, 1, { grade: 'b' })).toMatchObject({
      code: expect.stringMatching(/^b\d{3,}$/) as string,
    });
  });

  it('gives 20 records at once 20 numbers', async () => {
    const made = await Promise.all(Array.from({ length: 20 }, () => make({ grade: 'b' })));
    expect(new Set(made.map((record) => record['code'])).size).toBe(20);
  });

  it('keeps a retired value where it is and does not give it anew', async () => {
    const { id } = await make({ name: 'Old value' });
    await on.db.query({ text: `update "thing" set region = 'old' where id = $1`, values: [id] });
    expect(await on.records.update(on.as('boss'), 'thing', id, 1, { region: 'old', count: 3 })).toMatchObject(
      { region: 'old', count: 3 },
    );
  });

  it('clears the review marks when the content changes (DM-COM-15)', async () => {
    const { id } = await make({ name: 'Reviewed' });
    await on.db.query({
      text: `update "thing" set first_review_mark = 'passed', review_status = 'first_passed' where id = $1`,
      values: [id],
    });
    const changed = await on.records.update(on.as('boss'), 'thing', id, 1, { note: 'changed' });
    expect(changed).toMatchObject({ first_review_mark: 'pending', review_status: 'unreviewed' });
  });

  it('refuses a writer with an old model (MRT_MODEL_STALE)', async () => {
    const stale = { ...on.as('boss'), model: { ...on.model, version: on.model.version + 1 } };
    expect((await problemOf(on.records.create(stale, 'thing', { name: 'Stale' }))).code).toBe(
      'MRT_MODEL_STALE',
    );
    // The rule that a record breaks may be gone from the new model.
    const broken = { name: 'Stale', start_on: '2026-02-02', end_on: '2026-02-01' };
    expect((await problemOf(on.records.create(stale, 'thing', broken))).code).toBe('MRT_MODEL_STALE');
    const { id } = await make();
    const writes = [
      () => on.records.update(stale, 'thing', id, 1, { note: 'Stale' }),
      () => on.records.remove(stale, 'thing', id),
      () => on.records.setVoid(stale, 'thing', id, true),
      () => on.records.bulk(stale, 'thing', { operation: 'delete', items: [{ id }, { id: uuid7() }] }),
      () =>
        on.records.bulk(stale, 'thing', { operation: 'create', items: [{ name: 'Stale' }, { name: '' }] }),
    ];
    for (const write of writes) expect((await problemOf(write())).code).toBe('MRT_MODEL_STALE');
    expect((await on.records.list(on.as('boss'), 'thing', { filter: { name: 'Stale' } })).items).toEqual([]);
    expect(await on.records.history(on.as('boss'), 'thing', id)).toHaveLength(1);
  });

  it('draws no number for a record that is refused, and gives it to the next one', async () => {
    const { code } = await make({ grade: 'b' });
    const parent = uuid7();
    expect(await faultsOf(make({ grade: 'b', parent }))).toEqual([['/parent', 'MRT_VALUE_REFERENCE']]);
    const next = await make({ grade: 'b' });
    expect(Number(String(next['code']).slice(1))).toBe(Number(String(code).slice(1)) + 1);
  });

  it('loads a record with and without what its references lead to, in any order', async () => {
    const [one, other] = [await make({ name: 'One' }), await make({ name: 'Other' })];
    const patches = [
      { note: 'a' },
      { parent: other.id },
      { note: 'b' },
      { parent: null, friends: [other.id] },
    ];
    for (const [index, patch] of patches.entries())
      expect(await on.records.update(on.as('boss'), 'thing', one.id, index + 1, patch)).toMatchObject(patch);
    expect(await faultsOf(on.records.update(on.as('boss'), 'thing', one.id, 5, { parent: uuid7() }))).toEqual(
      [['/parent', 'MRT_VALUE_REFERENCE']],
    );
  });

  it('writes several records or none, and names every faulty item', async () => {
    const bulk = (items: Record<string, unknown>[]) =>
      on.records.bulk(on.as('boss'), 'thing', { operation: 'create', items });
    expect(await faultsOf(bulk([{ name: 'Bulk' }, { name: '' }, { name: 'Bulk', count: -1 }]))).toEqual([
      ['/items/1/name', 'MRT_VALUE_REQUIRED'],
      ['/items/2/count', 'MRT_VALUE_RANGE'],
    ]);
    expect(
      await faultsOf(
        bulk([
          { name: 'Bulk', tax_code: 'B-1' },
          { name: 'Bulk', tax_code: 'B-1' },
        ]),
      ),
    ).toEqual([['/items/1/tax_code', 'MRT_VALUE_UNIQUE']]);
    expect((await on.records.list(on.as('boss'), 'thing', { filter: { name: 'Bulk' } })).items).toEqual([]);
    const made = await bulk([{ name: 'Bulk' }, { name: 'Bulk' }]);
    await on.records.bulk(on.as('boss'), 'thing', {
      operation: 'update',
      items: made.map(({ id, version }) => ({ id, version, name: 'Bulk 2' })),
    });
    await on.records.bulk(on.as('boss'), 'thing', {
      operation: 'void',
      items: made.map(({ id }) => ({ id })),
      options: { reason: 'test' },
    });
    await on.records.bulk(on.as('boss'), 'thing', {
      operation: 'delete',
      items: made.map(({ id }) => ({ id })),
    });
    expect(
      (await on.records.history(on.as('boss'), 'thing', String(made[0]?.['id']))).map(
        (entry) => entry.action,
      ),
    ).toEqual(['delete', 'void', 'update', 'create']);
  });

  it('takes at most three statements a write, one a list and one a read (DESIGN §11)', async () => {
    const boss = on.as('boss');
    const friend = await make({ name: 'Friend' });
    const body = {
      name: 'Counted',
      grade: 'a',
      parent: friend.id,
      friends: [friend.id],
      parts: [{ item: 'a' }, { item: 'b' }],
    };
    await on.db.query({ text: `update mortise.sequence set value = 20 where key = 'thing.code:a'` });
    let made: Record<string, unknown> = {};
    const counts = {
      create: await on.db.count(async () => {
        made = await on.records.create(boss, 'thing', body);
      }),
      update: await on.db.count(() =>
        on.records.update(boss, 'thing', String(made['id']), 1, {
          name: 'Recounted',
          parent: null,
          friends: null,
          parts: [{ item: 'c' }],
        }),
      ),
      line: await on.db.count(() => on.records.create(boss, 'thing_line', { thing: made['id'], item: 'd' })),
      list: await on.db.count(() =>
        on.records.list(boss, 'thing', {
          filter: { 'parent.name': 'Friend' },
          sort: 'owner.display_name',
          display: true,
          search: 'co',
          count: 'exact',
        }),
      ),
      read: await on.db.count(() =>
        on.records.read(boss, 'thing', String(made['id']), { include: ['parts', 'visits'], display: true }),
      ),
      history: await on.db.count(() => on.records.history(boss, 'thing', String(made['id']))),
      aggregate: await on.db.count(() =>
        on.records.aggregate(boss, 'thing', { groupBy: ['grade'], measures: { n: { fn: 'count' } } }),
      ),
      void: await on.db.count(() =>
        on.records.setVoid(boss, 'thing', String(made['id']), true, { reason: 'x' }),
      ),
    };
    expect(counts).toEqual({
      create: 2,
      update: 3,
      line: 2,
      list: 1,
      read: 1,
      history: 1,
      aggregate: 1,
      void: 3,
    });
  });
});

describeEngines('hooks', (open) => {
  it('may set values and lines before the write, and their faults stop it (PLG-05)', async () => {
    const on = await openRecords(await open(), [], {
      run: ({ entity, draft }) => {
        if (entity !== 'thing' || draft['note'] !== 'priced') return Promise.resolve();
        const parts = (draft['parts'] as { quantity: number }[]).map((line) => ({
          ...line,
          price: `${line.quantity}.50`,
        }));
        return Promise.resolve({
          parts,
          amount: '99.00',
          ...(draft['count'] === 13 ? { region: 'nowhere' } : {}),
        });
      },
    });
    const made = await on.records.create(on.as('boss'), 'thing', {
      name: 'Hooked',
      note: 'priced',
      ratio: '0.5',
      parts: [{ item: 'a', quantity: 3 }],
    });
    expect(made).toMatchObject({ amount: '99.00', total: '49.50', parts: [{ item: 'a', price: '3.50' }] });
    const changed = await on.records.update(on.as('boss'), 'thing', String(made['id']), 1, {
      name: 'Hooked 2',
    });
    expect(changed).toMatchObject({ name: 'Hooked 2', version: 2 });
    expect(
      (await on.records.read(on.as('boss'), 'thing', String(made['id']), { include: ['parts'] }))['parts'],
    ).toMatchObject([{ item: 'a', price: '3.50', version: 1 }]);
    expect(
      await faultsOf(on.records.update(on.as('boss'), 'thing', String(made['id']), 2, { count: 13 })),
    ).toEqual([['/region', 'MRT_VALUE_CHOICE']]);
  });
});
