import { describe, expect, it } from 'vitest';
import { openPostgres } from '../store/open-postgres.ts';
import { isSqlError, SQL_STATE } from '../store/sql-error.ts';
import { createServerDatabase, serverSkipped } from '../testing/databases.ts';
import { label, sampleLayer } from '../testing/sample-documents.ts';
import { startChanges } from './start-changes.ts';
import type { DocumentChange } from '../http/contract.ts';

const actor = {
  id: '019ab3c2-7f5e-7000-9d2f-3b6c1f0a5e44',
  username: 'a',
  displayName: 'A',
  unit: null,
  roles: [],
};

// Only a server has two connections that can wait for one another.
describe.skipIf(serverSkipped !== null)('a change while the tables are in use', () => {
  async function setUp() {
    const { url, drop } = await createServerDatabase();
    const db = await openPostgres(url, { max: 4 });
    const changes = await startChanges({ db, layers: { base: sampleLayer(), plugins: [] } });
    const { document } = changes.document('entity', 'visit');
    const change: DocumentChange = {
      kind: 'entity',
      name: 'visit',
      document: {
        ...document,
        properties: {
          ...(document['properties'] as object),
          extra: { field: 'text', label: label('E'), maxLength: 9 },
        },
      },
    };
    const tearDown = async (): Promise<void> => {
      await changes.stop();
      await db.close();
      await drop();
    };
    return { db, changes, change, tearDown };
  }

  it('gives up after some seconds and has changed nothing', async () => {
    const { db, changes, change, tearDown } = await setUp();
    let release = (): void => {};
    const reader = db.transaction(async (tx) => {
      await tx.query({ text: 'select count(*) from visit' });
      await new Promise<void>((done) => (release = done));
    });
    await expect(changes.apply(actor, { changes: [change], note: '' })).rejects.toMatchObject({
      code: 'MRT_PLAN_BUSY',
    });
    expect(changes.current().version).toBe(1);
    release();
    await reader;
    expect(await changes.apply(actor, { changes: [change], note: '' })).toEqual({ version: 2 });
    await tearDown();
  });

  it('lets other readers through while it waits for one, and is made when that one has ended', async () => {
    const { db, changes, change, tearDown } = await setUp();
    let release = (): void => {};
    const reader = db.transaction(async (tx) => {
      await tx.query({ text: 'select count(*) from visit' });
      await new Promise<void>((done) => (release = done));
    });
    const applied = changes.apply(actor, { changes: [change], note: '' });
    // Until the change waits for the table, nobody could be kept waiting by it.
    for (;;) {
      const waiting = await db.query({
        text: `select 1 from pg_locks where mode = 'AccessExclusiveLock' and not granted and locktype = 'relation'`,
      });
      if (waiting.length > 0) break;
    }
    // The first reader holds the table still: this one gets through because the change gives way.
    expect(await db.query({ text: 'select count(*)::int as n from visit' })).toEqual([{ n: 0 }]);
    release();
    await reader;
    expect(await applied).toEqual({ version: 2 });
    await tearDown();
  });

  it('waits for a writer, and the next writer with the old model is refused', async () => {
    const { db, changes, change, tearDown } = await setUp();
    let release = (): void => {};
    let started = (): void => {};
    const begun = new Promise<void>((done) => (started = done));
    const writer = db.transaction(async (tx) => {
      await tx.query({ text: 'select mortise.guard(1)' });
      started();
      await new Promise<void>((done) => (release = done));
    });
    await begun;
    const applied = changes.apply(actor, { changes: [change], note: '' });
    // Until the change waits for the lock of the model, it could not be overtaken.
    for (;;) {
      const waiting = await db.query({
        text: `select 1 from pg_locks where locktype = 'advisory' and not granted`,
      });
      if (waiting.length > 0) break;
    }
    const late = db.transaction((tx) => tx.query({ text: 'select mortise.guard(1)' }));
    const outcome = late.then(
      () => null,
      (error: unknown) => error,
    );
    release();
    await writer;
    expect(await applied).toEqual({ version: 2 });
    expect(isSqlError(await outcome, SQL_STATE.staleModel)).toBe(true);
    await tearDown();
  });
});
