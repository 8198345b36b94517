import { expect, it } from 'vitest';
import { describeEngines } from '../testing/databases.ts';
import { isSqlError, SQL_STATE } from './sql-error.ts';
import { prepareSystem } from './prepare-system.ts';
import { uuid7 } from './uuid7.ts';

describeEngines('a database', (open) => {
  it('gives the same value for every column type on both engines', async () => {
    const db = await open();
    const rows = await db.query({
      text: `select $1::date as date, $2::timestamptz as moment, $3::numeric(15,2) as money, $4::int8 as big,
        $5::int4 as number, $6::uuid as id, $7::text[] as list, $8::json as ordered, $9::boolean as yes,
        $10::uuid[] as ids, null::int as nothing, $11::jsonb as array, $12::varchar(20) as name`,
      values: [
        '2026-02-28',
        '2026-11-21T23:38:11.5+08:00',
        '1234567890123.45',
        '9007199254740993',
        7,
        '019AB3C2-7F5E-7000-9D2F-3B6C1F0A5E44',
        ['a,b', 'c"d\\', '', '榫卯', 'NULL', null],
        { b: 1, a: [2, '三'] },
        true,
        ['019ab3c2-7f5e-7000-9d2f-3b6c1f0a5e44'],
        JSON.stringify([{ x: 1 }]),
        '张三',
      ],
    });
    expect(rows).toEqual([
      {
        date: '2026-02-28',
        moment: '2026-11-21T15:38:11.500Z',
        money: '1234567890123.45',
        big: '9007199254740993',
        number: 7,
        id: '019ab3c2-7f5e-7000-9d2f-3b6c1f0a5e44',
        list: ['a,b', 'c"d\\', '', '榫卯', 'NULL', null],
        ordered: { b: 1, a: [2, '三'] },
        yes: true,
        ids: ['019ab3c2-7f5e-7000-9d2f-3b6c1f0a5e44'],
        nothing: null,
        array: [{ x: 1 }],
        name: '张三',
      },
    ]);
    expect(Object.keys(rows[0]?.['ordered'] as object)).toEqual(['b', 'a']);
  });

  it('commits as one, rolls back as one, and announces only what was committed', async () => {
    const db = await open();
    await db.query({ text: 'create table t (n int primary key)' });
    const heard: string[] = [];
    await db.transaction(async (tx) => {
      tx.afterCommit(() => void heard.push('first'));
      await tx.query({ text: 'insert into t values (1)' });
    });
    await expect(
      db.transaction(async (tx) => {
        tx.afterCommit(() => void heard.push('second'));
        await tx.query({ text: 'insert into t values (2)' });
        throw new Error('stop');
      }),
    ).rejects.toThrow('stop');
    expect(await db.query({ text: 'select n from t' })).toEqual([{ n: 1 }]);
    expect(heard).toEqual(['first']);
  });

  it('announces nothing of what was rolled back to a savepoint, and all of the rest', async () => {
    const db = await open();
    const heard: string[] = [];
    await db.transaction(async (tx) => {
      const say = (text: string) => tx.afterCommit(() => void heard.push(text));
      const run = (text: string) => tx.query({ text });
      say('before');
      await run('SAVEPOINT outer_one');
      say('lost with outer');
      await run('SAVEPOINT inner_one');
      say('lost with inner');
      await run('RELEASE SAVEPOINT inner_one');
      await run('ROLLBACK TO SAVEPOINT outer_one');
      say('after the rollback');
      await run('savepoint second');
      say('kept');
      await run('release second');
      // The first is still set after it was rolled back to: it can be so again, with what came since.
      await run('SAVEPOINT "third"');
      say('lost with third');
      await run('ROLLBACK TO "third"');
      await run('RELEASE SAVEPOINT outer_one');
    });
    expect(heard).toEqual(['before', 'after the rollback', 'kept']);
  });

  it('throws when a failed statement was caught inside the transaction, because nothing was committed', async () => {
    const db = await open();
    await db.query({ text: 'create table t (n int primary key)' });
    const attempt = db.transaction(async (tx) => {
      await tx.query({ text: 'insert into t values (1)' });
      await tx.query({ text: 'insert into t values (1)' }).catch(() => []);
    });
    await expect(attempt).rejects.toSatisfy((error) => isSqlError(error, SQL_STATE.unique));
    expect(await db.query({ text: 'select n from t' })).toEqual([]);
    await db.transaction(async (tx) => {
      await tx.query({ text: 'insert into t values (1)' });
      await tx.query({ text: 'savepoint s' });
      await tx
        .query({ text: 'insert into t values (1)' })
        .catch(() => tx.query({ text: 'rollback to savepoint s' }));
    });
    expect(await db.query({ text: 'select n from t' })).toEqual([{ n: 1 }]);
  });

  it('DESIGN §4: refuses a query on another handle inside an open transaction instead of hanging', async () => {
    const db = await open();
    const refused = { code: 'MRT_STORE_OUTSIDE_TRANSACTION' };
    await db.transaction(async (tx) => {
      await expect(db.query({ text: 'select 1' })).rejects.toMatchObject(refused);
      await expect(db.transaction(async () => {})).rejects.toMatchObject(refused);
      expect(await tx.query({ text: 'select 1 as one' })).toEqual([{ one: 1 }]);
      tx.afterCommit(async () => {
        expect(await db.query({ text: 'select 2 as two' })).toEqual([{ two: 2 }]);
      });
    });
    let kept: { query(statement: { text: string }): Promise<unknown[]> } | undefined;
    await db.transaction(async (tx) => {
      kept = tx;
    });
    await expect(kept?.query({ text: 'select 1' })).rejects.toMatchObject(refused);
  });

  it('serialises transactions that start at once', async () => {
    const db = await open();
    await db.query({ text: 'create table t (n int)' });
    await db.query({ text: 'insert into t values (0)' });
    await Promise.all(
      Array.from({ length: 8 }, () => db.transaction((tx) => tx.query({ text: 'update t set n = n + 1' }))),
    );
    expect(await db.query({ text: 'select n from t' })).toEqual([{ n: 8 }]);
  });

  it('hears NOTIFY', async () => {
    const db = await open();
    const heard = new Promise<string>(
      (done) =>
        void db
          .listen('mortise_test', done)
          .then(() => db.query({ text: `select pg_notify('mortise_test', '榫')` })),
    );
    expect(await heard).toBe('榫');
  });

  it('runs a named statement with different values', async () => {
    const db = await open();
    for (const n of [1, 2, 3]) {
      expect(await db.query({ name: 'v1:double', text: 'select $1::int * 2 as n', values: [n] })).toEqual([
        { n: n * 2 },
      ]);
    }
  });

  it('prepares the system tables once, with partitions of the history by year', async () => {
    const db = await open();
    await prepareSystem(db);
    await db.query({
      text: `insert into mortise.history (id, at, entity, record_id, action, source, version)
        values ($1, now(), 'customer', $1, 'create', 'api', 1), ($2, '1999-01-01', 'customer', $1, 'create', 'import', 1)`,
      values: [uuid7(), uuid7()],
    });
    const places = await db.query<{ place: string }>({
      text: 'select tableoid::regclass::text as place from mortise.history order by at',
    });
    expect(places.map((row) => row.place)).toEqual([
      'mortise.history_default',
      `mortise.history_${new Date().getUTCFullYear()}`,
    ]);
  });

  it('DESIGN §4: the guard refuses a writer whose model is stale', async () => {
    const db = await open();
    await db.query({
      text: `insert into mortise.version (version, allocation, model_hash, file_hash) values (4, '{}', '', '')`,
    });
    expect(await db.query({ text: 'select mortise.guard(4)' })).toEqual([{ guard: 4 }]);
    await expect(db.query({ text: 'select mortise.guard(3)' })).rejects.toSatisfy((error) =>
      isSqlError(error, SQL_STATE.staleModel),
    );
  });

  it('AUD-02 refuses to empty the history, each year of it, and the steps of workflows at once', async () => {
    const db = await open();
    await prepareSystem(db);
    const years = await db.query<{ name: string }>({
      text: `select inhrelid::regclass::text as name from pg_inherits where inhparent = 'mortise.history'::regclass`,
    });
    expect(years.length).toBeGreaterThan(3);
    for (const name of ['mortise.history', 'mortise.workflow_step', ...years.map((year) => year.name)])
      await expect(db.query({ text: `truncate ${name}` }), name).rejects.toThrow('append-only');
  });

  it.each(['update mortise.history set version = 2', 'delete from mortise.history'])(
    'AUD-02 keeps the history append-only: %s',
    async (text) => {
      const db = await open();
      await db.query({
        text: `insert into mortise.history (id, entity, record_id, action, changes, source, version)
          values (gen_random_uuid(), 'thing', gen_random_uuid(), 'create', '{}', 'api', 1)`,
      });
      await expect(db.query({ text })).rejects.toThrow('append-only');
    },
  );

  it('keeps the log of changes append-only', async () => {
    const db = await open();
    await db.query({
      text: `insert into mortise.change_set (id, version, author_name, changes, operations) values ($1, 1, 'x', '[]', '[]')`,
      values: [uuid7()],
    });
    await expect(db.query({ text: 'delete from mortise.change_set' })).rejects.toThrow('append-only');
  });
});
