import { beforeAll, expect, it } from 'vitest';
import type { Problem } from '../errors/problem.ts';
import { describeEngines } from '../testing/databases.ts';
import { openRecords, type RecordsFixture } from './test-records.ts';

const problemOf = async (run: Promise<unknown>): Promise<Problem> =>
  await run.then(
    () => {
      throw new Error('it was not refused');
    },
    (error: Problem) => error,
  );

describeEngines('the recycle bin, void marks and the history', (open) => {
  let on: RecordsFixture;
  const make = async (input: Record<string, unknown> = {}) =>
    String((await on.records.create(on.as('wang'), 'thing', { name: 'Binned', ...input }))['id']);
  const found = async (
    id: string,
    state: 'live' | 'all' | 'void' | 'deleted',
    person: 'wang' | 'zhao' = 'wang',
  ) => (await on.records.list(on.as(person), 'thing', { filter: { id }, state })).items.length;

  beforeAll(async () => {
    on = await openRecords(await open());
  });

  it('takes a record out of all lists and gives it back (BIN-01)', async () => {
    const id = await make({ parts: [{ item: 'line' }] });
    await on.records.remove(on.as('wang'), 'thing', id, { reason: 'twice' });
    expect(
      await Promise.all((['live', 'all', 'void', 'deleted'] as const).map((state) => found(id, state))),
    ).toEqual([0, 0, 0, 1]);
    expect((await on.records.list(on.as('boss'), 'thing_line', { filter: { thing: id } })).items).toEqual([]);
    expect((await problemOf(on.records.update(on.as('wang'), 'thing', id, 2, { name: 'x' }))).code).toBe(
      'MRT_RECORD_STATE',
    );
    await on.records.remove(on.as('wang'), 'thing', id);
    const back = await on.records.restore(on.as('wang'), 'thing', id);
    expect(back).toMatchObject({ id, version: 3, deleted_at: null });
    expect(
      (await on.records.list(on.as('boss'), 'thing_line', { filter: { thing: id } })).items,
    ).toHaveLength(1);
    expect((await problemOf(on.records.restore(on.as('wang'), 'thing', id))).code).toBe('MRT_RECORD_STATE');
    expect(
      (await on.records.history(on.as('wang'), 'thing', id)).map(({ action, reason }) => [action, reason]),
    ).toEqual([
      ['restore', null],
      ['delete', 'twice'],
      ['create', null],
    ]);
  });

  it('shows the bin only to those who may delete or restore', async () => {
    const id = await make();
    await on.records.remove(on.as('wang'), 'thing', id);
    expect(await found(id, 'deleted', 'zhao')).toBe(0);
    expect((await problemOf(on.records.read(on.as('li'), 'thing', id))).code).toBe('MRT_RECORD_NOT_FOUND');
    expect(await on.records.read(on.as('wang'), 'thing', id)).toMatchObject({ id });
  });

  it('refuses to delete what live records refer to, and counts only those the actor may know of (BIN-01)', async () => {
    const id = await make();
    const visits = await Promise.all(
      (['wang', 'li', 'li'] as const).map((person) =>
        on.records.create(on.as('boss'), 'visit', { subject: 'v', thing: id, owner: on.people[person].id }),
      ),
    );
    const refused = await problemOf(on.records.remove(on.as('wang'), 'thing', id));
    expect([refused.code, refused.status, refused.extension['references']]).toEqual([
      'MRT_RECORD_REFERENCED',
      409,
      [{ entity: 'visit', field: 'thing', count: 1 }],
    ]);
    expect((await problemOf(on.records.remove(on.as('boss'), 'thing', id))).extension['references']).toEqual([
      { entity: 'visit', field: 'thing', count: 3 },
    ]);
    const [own, ...others] = visits.map((visit) => String(visit['id']));
    await on.records.remove(on.as('boss'), 'visit', own!);
    // Not even of what kind the others are that he may not know of.
    const unknown = await problemOf(on.records.remove(on.as('wang'), 'thing', id));
    expect([unknown.code, unknown.text.en, unknown.extension['references']]).toEqual([
      'MRT_RECORD_REFERENCED',
      '≥1 record(s) of “other data” still refer to this record.',
      [],
    ]);
    for (const other of others) await on.records.remove(on.as('boss'), 'visit', other);
    await on.records.remove(on.as('wang'), 'thing', id);
    expect(await found(id, 'deleted')).toBe(1);
  });

  it('marks as void with a reason and makes valid again (DM-COM-10)', async () => {
    const id = await make();
    const gone = await on.records.setVoid(on.as('wang'), 'thing', id, true, { reason: 'closed down' });
    expect(gone).toMatchObject({
      is_void: true,
      void_reason: 'closed down',
      voided_by: on.people.wang.id,
      version: 2,
    });
    expect(
      await Promise.all((['live', 'all', 'void', 'deleted'] as const).map((state) => found(id, state))),
    ).toEqual([0, 1, 1, 0]);
    expect(await on.records.setVoid(on.as('wang'), 'thing', id, true)).toMatchObject({ version: 2 });
    expect(await on.records.setVoid(on.as('wang'), 'thing', id, false)).toMatchObject({
      is_void: false,
      void_reason: null,
      version: 3,
    });
    expect((await problemOf(on.records.setVoid(on.as('li'), 'thing', id, true))).code).toBe(
      'MRT_ACCESS_DENIED',
    );
    const tooLong = await problemOf(
      on.records.setVoid(on.as('wang'), 'thing', id, true, { reason: 'x'.repeat(501) }),
    );
    expect(tooLong.faults.map((fault) => [fault.path, fault.code])).toEqual([
      ['/reason', 'MRT_VALUE_TOO_LONG'],
    ]);
    expect((await on.records.history(on.as('wang'), 'thing', id)).map((entry) => entry.action)).toEqual([
      'unvoid',
      'void',
      'create',
    ]);
  });

  it('keeps who, when, from where, old and new value of every change (DM-COM-12, DM-COM-13, NF-DQ-05)', async () => {
    const id = await make({ amount: '1.00', region: 'sh' });
    await on.records.update(
      { ...on.as('wang'), source: 'import' },
      'thing',
      id,
      1,
      { amount: '2', region: null },
      { reason: 'corrected' },
    );
    const [change, creation] = await on.records.history(on.as('wang'), 'thing', id);
    expect(change).toMatchObject({
      action: 'update',
      by: on.people.wang.id,
      byName: 'Name of wang',
      source: 'import',
      reason: 'corrected',
      version: 2,
      changes: { amount: { old: '1.00', new: '2.00' }, region: { old: 'sh', new: null } },
    });
    expect(Object.keys(change?.changes ?? {}).toSorted()).toEqual(['amount', 'region']);
    expect(creation?.changes['name']).toEqual({ old: null, new: 'Binned' });
    expect(Date.now() - Date.parse(String(change?.at))).toBeLessThan(60_000);
  });

  it('writes record and history together or neither', async () => {
    await expect(
      on.db.transaction(async (tx) => {
        const made = await on.records.create(on.as('wang'), 'thing', { name: 'Rolled back' }, {}, tx);
        await on.records.update(on.as('wang'), 'thing', String(made['id']), 1, { count: 1 }, {}, tx);
        throw new Error('later fault');
      }),
    ).rejects.toThrow('later fault');
    expect(
      (await on.records.list(on.as('wang'), 'thing', { filter: { name: 'Rolled back' } })).items,
    ).toEqual([]);
    expect(
      await on.db.query({
        text: `select 1 from mortise.history where changes->'name'->>'new' = 'Rolled back'`,
      }),
    ).toEqual([]);
  });
});
