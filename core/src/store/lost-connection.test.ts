import { connect, createServer, type AddressInfo, type Socket } from 'node:net';
import { afterAll, describe, expect, it } from 'vitest';
import { createServerDatabase, serverSkipped } from '../testing/databases.ts';
import type { Row } from './database.ts';
import { openPostgres } from './open-postgres.ts';
import { outageReason } from './outage.ts';
import { outsideTransaction } from './transaction-scope.ts';

/** A road to the server that can be closed without a word: bytes are taken and go nowhere. */
async function silentRoad(url: string): Promise<{ url: string; swallow(): void; close(): void }> {
  const target = new URL(url);
  const port = Number(target.port || 5432);
  const sockets = new Set<Socket>();
  let silent = false;
  const server = createServer((client) => {
    const upstream = connect(port, target.hostname);
    for (const [from, to] of [
      [client, upstream],
      [upstream, client],
    ] as const) {
      sockets.add(from);
      from.on('data', (bytes) => silent || to.write(bytes));
      from.on('error', () => {});
      from.on('close', () => to.destroy());
    }
  });
  await new Promise<void>((done) => server.listen(0, '127.0.0.1', done));
  target.port = String((server.address() as AddressInfo).port);
  return {
    url: target.toString(),
    swallow: () => void (silent = true),
    close() {
      for (const socket of sockets) socket.destroy();
      server.close();
    },
  };
}

describe.skipIf(serverSkipped !== null)('a connection that is lost', async () => {
  const { url, drop } =
    serverSkipped === null ? await createServerDatabase() : { url: '', drop: async () => {} };
  afterAll(drop);

  it('while a transaction thinks fails its next statement, not the process, and the next transaction works', async () => {
    const db = await openPostgres(url, { max: 2 });
    const admin = await openPostgres(url, { max: 1 });
    const failure = await db
      .transaction(async (tx) => {
        const [own] = await tx.query<Row & { pid: number }>({ text: 'select pg_backend_pid() as pid' });
        await outsideTransaction(() =>
          admin.query({ text: 'select pg_terminate_backend($1)', values: [own?.pid] }),
        );
        await new Promise((done) => setTimeout(done, 100));
        return await tx.query({ text: 'select 1' });
      })
      .catch((error: unknown) => error);
    expect(outageReason(failure)?.en).toContain('cannot be reached');
    expect(await db.transaction((tx) => tx.query({ text: 'select 1 as one' }))).toEqual([{ one: 1 }]);
    await db.close();
    await admin.close();
  });

  it('while a statement runs fails it as an outage', async () => {
    const db = await openPostgres(url, { max: 1 });
    const admin = await openPostgres(url, { max: 1 });
    const [own] = await db.query<Row & { pid: number }>({ text: 'select pg_backend_pid() as pid' });
    const slow = db.query({ text: 'select pg_sleep(20)' }).catch((error: unknown) => error);
    await admin.query({
      text: `select pg_terminate_backend($1) from pg_sleep(0.1)`,
      values: [own?.pid],
    });
    expect(outageReason(await slow)?.en).toContain('cannot be reached');
    expect(await db.query({ text: 'select 1 as one' })).toEqual([{ one: 1 }]);
    await db.close();
    await admin.close();
  });

  it('under the last statement of a transaction keeps nothing of it and announces nothing', async () => {
    const db = await openPostgres(url, { max: 1 });
    await db.query({ text: 'create table t (n int)' });
    let announced = false;
    const failure = await db
      .transaction(async (tx) => {
        tx.afterCommit(() => void (announced = true));
        await tx.query({ text: 'insert into t values (1)' });
        await tx.commitWith({ text: 'select pg_terminate_backend(pg_backend_pid())' });
      })
      .catch((error: unknown) => error);
    expect(outageReason(failure)?.en).toContain('cannot be reached');
    expect(announced).toBe(false);
    await db.transaction((tx) => tx.commitWith({ text: 'insert into t values (2)' }));
    expect(await db.query({ text: 'select n from t' })).toEqual([{ n: 2 }]);
    await db.close();
  });

  it('a statement that takes longer than the address allows is ended by the server', async () => {
    const db = await openPostgres(`${url}?statement_timeout=200`, { max: 1 });
    const slow = await db.query({ text: 'select pg_sleep(20)' }).catch((error: unknown) => error);
    expect(outageReason(slow)?.en).toContain('in time');
    const patient = db.transaction((tx) => tx.query({ text: 'select pg_sleep(0.4)' }), { patient: true });
    await expect(patient).resolves.toHaveLength(1);
    await db.close();
  });

  it('to a network that swallows everything is given up, and its pool is not stuck', async () => {
    const road = await silentRoad(url);
    const db = await openPostgres(`${road.url}?statement_timeout=200`, { max: 1 });
    road.swallow();
    const lost = await db.query({ text: 'select 1' }).catch((error: unknown) => error);
    expect(outageReason(lost)?.en).toContain('in time');
    road.close();
    await db.close();
  });

  it('a node that stands still inside a transaction does not keep its locks for ever', async () => {
    const db = await openPostgres(url, { max: 1 });
    const [set] = await db.query<Row & { limit: string }>({
      text: `select current_setting('idle_in_transaction_session_timeout') as "limit"`,
    });
    expect(set?.limit).toBe('1min');
    await db.close();
  });
});
