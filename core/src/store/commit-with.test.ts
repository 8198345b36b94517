import { expect, it } from 'vitest';
import { describeEngines } from '../testing/databases.ts';
import { isSqlError, SQL_STATE } from './sql-error.ts';

describeEngines('the commit that travels with the last statement', (open) => {
  const insert = (n: number) => ({
    name: 'insert_t',
    text: 'insert into t values ($1) returning n',
    values: [n],
  });
  const all = { text: 'select n from t order by n' };

  async function table() {
    const db = await open();
    await db.query({ text: 'create table t (n int primary key)' });
    return db;
  }

  it('NF-PERF-02 answers the rows of the statement and announces when it is committed', async () => {
    const db = await table();
    const heard: string[] = [];
    for (const n of [1, 2]) {
      const rows = await db.transaction(async (tx) => {
        tx.afterCommit(async () => void heard.push(JSON.stringify(await db.query(all))));
        return await tx.commitWith(insert(n));
      });
      expect(rows).toEqual([{ n }]);
    }
    expect(heard).toEqual(['[{"n":1}]', '[{"n":1},{"n":2}]']);
  });

  it('a statement that fails commits nothing, and the next transaction is a new one', async () => {
    const db = await table();
    const attempt = db.transaction(async (tx) => {
      await tx.query(insert(1));
      await tx.commitWith(insert(1));
    });
    await expect(attempt).rejects.toSatisfy((error) => isSqlError(error, SQL_STATE.unique));
    expect(await db.query(all)).toEqual([]);
    await db.transaction((tx) => tx.commitWith(insert(3)));
    expect(await db.query(all)).toEqual([{ n: 3 }]);
  });

  it('an error that only the commit runs into is thrown, not announced, and nothing is kept', async () => {
    const db = await table();
    await db.query({ text: 'create table s (n int references t deferrable initially deferred)' });
    let announced = false;
    const attempt = db.transaction(async (tx) => {
      tx.afterCommit(() => void (announced = true));
      await tx.query(insert(1));
      await tx.commitWith({ name: 'insert_s', text: 'insert into s values ($1)', values: [2] });
    });
    await expect(attempt).rejects.toSatisfy((error) => isSqlError(error, SQL_STATE.foreignKey));
    expect(await db.query(all)).toEqual([]);
    expect(announced).toBe(false);
    expect(await db.query({ text: 'select 1 as one' })).toEqual([{ one: 1 }]);
  });

  it('is not sent after a failed statement, even when its error was caught', async () => {
    const db = await table();
    const attempt = db.transaction(async (tx) => {
      await tx.query({ text: 'select 1 / 0' }).catch(() => []);
      await tx.commitWith(insert(1));
    });
    await expect(attempt).rejects.toSatisfy((error) => isSqlError(error, '22012'));
    expect(await db.query(all)).toEqual([]);
  });

  it('is not sent when the work throws before it, and refuses statements behind it', async () => {
    const db = await table();
    await db.transaction(async (tx) => {
      await tx.commitWith(insert(1));
      await expect(tx.query(insert(2))).rejects.toMatchObject({ code: 'MRT_STORE_OUTSIDE_TRANSACTION' });
      await expect(tx.commitWith(insert(2))).rejects.toMatchObject({ code: 'MRT_STORE_OUTSIDE_TRANSACTION' });
    });
    expect(await db.query(all)).toEqual([{ n: 1 }]);
  });

  it('runs several statements on one way, the ones behind a failed one not at all', async () => {
    const db = await table();
    const two = await db.transaction((tx) => tx.queryAll([insert(1), { text: 'select 7 as m' }, insert(2)]));
    expect(two).toEqual([[{ n: 1 }], [{ m: 7 }], [{ n: 2 }]]);
    const attempt = db.transaction((tx) => tx.queryAll([insert(3), insert(1), { text: 'select 1 / 0' }]));
    await expect(attempt).rejects.toSatisfy((error) => isSqlError(error, SQL_STATE.unique));
    expect(await db.query(all)).toEqual([{ n: 1 }, { n: 2 }]);
  });
});
