import { describe, expect, it, vi } from 'vitest';
import type { Database } from '../../store/database.ts';
import { openPostgres } from '../../store/open-postgres.ts';
import { isSqlError } from '../../store/sql-error.ts';
import { createServerDatabase, describeEngines, serverSkipped } from '../../testing/databases.ts';
import { label, sampleLayer } from '../../testing/sample-documents.ts';
import type { Changes } from '../changes.ts';
import { startChanges } from '../start-changes.ts';
import type { OnlineStepKind, StepWork } from './online-step.ts';

const actor = {
  id: '019ab3c2-7f5e-7000-9d2f-3b6c1f0a5e44',
  username: 'a',
  displayName: 'A',
  unit: null,
  roles: [],
};
const layers = { base: sampleLayer(), plugins: [] };

/** Lets the site have a further field, and one of `tests` work through its ten rows. */
async function addField(changes: Changes, name: string, more: object = {}): Promise<void> {
  const { document } = changes.document('entity', 'visit');
  const field = { field: 'text', label: label(name), maxLength: 20, ...more };
  const properties = { ...(document['properties'] as object), [name]: field };
  const wish = { kind: 'entity', name: 'visit', document: { ...document, properties } } as const;
  await changes.apply(actor, { changes: [wish], note: '' });
}

/** A kind that counts to ten in pieces of four, once for every change; `work` may disturb it. */
function counting(work: (at: StepWork) => Promise<void> = async () => {}): OnlineStepKind {
  return {
    kind: 'count',
    plan: (previous) =>
      previous ? [{ kind: 'count', subject: 'all', label: label('Count'), payload: 10 }] : [],
    async advance(at) {
      await work(at);
      const done = Math.min(at.step.done + 4, Number(at.step.payload));
      return { finished: done === 10, cursor: { at: done }, done, total: 10 };
    },
  };
}

describeEngines('online steps', (open) => {
  it('are done piece by piece after the commit, each piece with what the last one left', async () => {
    const db = await open();
    const cursors: unknown[] = [];
    const kind = counting(async ({ step }) => void cursors.push(step.cursor));
    const changes = await startChanges({ db, layers, steps: [kind] });
    await addField(changes, 'memo');
    expect(cursors).toEqual([]);
    expect((await changes.steps()).items).toMatchObject([
      { kind: 'count', state: 'waiting', version: 2, done: 0, total: null },
    ]);
    await changes.settled();
    expect(cursors).toEqual([null, { at: 4 }, { at: 8 }]);
    expect((await changes.steps()).items).toMatchObject([
      { state: 'done', done: 10, total: 10, error: null },
    ]);
    await changes.stop();
  });

  it('go on after a restart where the last piece ended', async () => {
    const db = await open();
    let pieces = 0;
    const first = await startChanges({
      db,
      layers,
      steps: [
        counting(async () => {
          pieces += 1;
          if (pieces === 2) void first.stop();
        }),
      ],
    });
    await addField(first, 'memo');
    await first.settled();
    expect((await first.steps()).items).toMatchObject([{ state: 'running', done: 8 }]);
    const cursors: unknown[] = [];
    const second = await startChanges({
      db,
      layers,
      steps: [counting(async ({ step }) => void cursors.push(step.cursor))],
    });
    await second.settled();
    expect(cursors).toEqual([{ at: 8 }]);
    expect((await second.steps()).items).toMatchObject([{ state: 'done' }]);
    await second.stop();
  });

  it('fail with their reason and are tried again on request', async () => {
    const db = await open();
    let broken = true;
    const kind = counting(async () => {
      if (broken) throw new Error('no room');
    });
    const changes = await startChanges({ db, layers, steps: [kind] });
    await addField(changes, 'memo');
    await changes.settled();
    const [failed] = (await changes.steps()).items;
    expect(failed).toMatchObject({ state: 'failed', error: { en: 'no room' } });
    broken = false;
    await changes.retryStep(failed?.id ?? '');
    await changes.settled();
    expect((await changes.steps()).items).toMatchObject([{ state: 'done', error: null }]);
    await expect(changes.retryStep(failed?.id ?? '')).rejects.toMatchObject({ code: 'MRT_DOCUMENT_UNKNOWN' });
    await changes.stop();
  });

  it('wait for the end of an outage, however long it lasts', async () => {
    const db = await open();
    let broken = true;
    const work = vi.fn(async () => {
      if (broken) throw Object.assign(new Error('too many clients'), { code: '53300' });
    });
    const changes = await startChanges({ db, layers, steps: [counting(work)] });
    await addField(changes, 'memo');
    // More often than a step that is itself at fault is tried.
    for (let round = 0; round < 8; round += 1) await changes.settled();
    expect(work.mock.calls.length).toBeGreaterThanOrEqual(7);
    expect((await changes.steps()).items).toMatchObject([{ state: 'waiting', error: {} }]);
    broken = false;
    await changes.settled();
    expect((await changes.steps()).items).toMatchObject([{ state: 'done', error: null }]);
    await changes.stop();
  });

  it('give way to a newer step of the same subject', async () => {
    const db = await open();
    const versions: number[] = [];
    const kind = counting(async ({ step }) => void versions.push(step.version));
    const changes = await startChanges({ db, layers, steps: [kind] });
    await addField(changes, 'memo');
    await addField(changes, 'memo2');
    await changes.settled();
    expect(new Set(versions)).toEqual(new Set([3]));
    expect((await changes.steps()).items).toHaveLength(1);
    await changes.stop();
  });
});

describe.skipIf(serverSkipped !== null)('an index on a table of many rows', () => {
  async function filled(): Promise<{
    db: Database;
    changes: Changes;
    url: string;
    end: () => Promise<void>;
  }> {
    const { url, drop } = await createServerDatabase();
    const db = await openPostgres(url, { max: 4 });
    const changes = await startChanges({ db, layers });
    await addField(changes, 'memo');
    await db.query({
      text: `insert into visit (id, subject, memo) select gen_random_uuid(), 's', 'm' || n from generate_series(1, 10500) n`,
    });
    const end = async (): Promise<void> => {
      await changes.stop();
      await db.close();
      await drop();
    };
    return { db, changes, url, end };
  }
  const indexes = (db: Database, name: string) =>
    db.query({
      text: `select i.indisvalid as valid, i.indisunique as one from pg_index i where indexrelid = to_regclass($1)`,
      values: [name],
    });

  it('is built after the commit, while a writer is at work, and cleans up what a crash left', async () => {
    const { db, changes, end } = await filled();
    const { document } = changes.document('entity', 'visit');
    const properties = structuredClone(document['properties']) as Record<string, object>;
    properties['memo'] = { ...properties['memo'], index: true };
    const wish = { kind: 'entity', name: 'visit', document: { ...document, properties } } as const;
    const plan = await changes.plan(actor, { changes: [wish], note: '' });
    expect(plan.risks).toEqual([]);
    expect(plan.sql).toEqual([
      expect.stringContaining('create index concurrently if not exists "visit_memo_idx"'),
    ]);
    // A build that died: the index is there, unusable.
    await db
      .transaction(async (tx) => {
        await tx.query({ text: 'create index visit_memo_idx on visit (memo)' });
        await tx.query({
          text: `update pg_index set indisvalid = false where indexrelid = 'visit_memo_idx'::regclass`,
        });
      })
      .catch((error: unknown) => {
        if (!isSqlError(error)) throw error;
      });
    expect(await indexes(db, 'visit_memo_idx')).toEqual([{ valid: false, one: false }]);
    await changes.apply(actor, { token: plan.token });
    expect(changes.current().version).toBe(3);
    await changes.settled();
    expect(await indexes(db, 'visit_memo_idx')).toEqual([{ valid: true, one: false }]);
    expect((await changes.steps()).items).toMatchObject([
      {
        kind: 'index',
        subject: 'visit_memo_idx',
        state: 'done',
        text: { en: expect.stringContaining('Visit') },
      },
    ]);
    await end();
  });

  it('is taken back when it must be unique and values were doubled meanwhile, and says so without any value', async () => {
    const { db, changes, end } = await filled();
    const { document } = changes.document('entity', 'visit');
    const properties = structuredClone(document['properties']) as Record<string, object>;
    properties['memo'] = { ...properties['memo'], unique: true };
    await changes.apply(actor, {
      changes: [{ kind: 'entity', name: 'visit', document: { ...document, properties } }],
      note: '',
    });
    await db.query({ text: `update visit set memo = 'm2' where memo = 'm1'` });
    await changes.settled();
    const { items } = await changes.steps();
    expect(items).toMatchObject([
      {
        subject: 'visit_memo_key',
        state: 'failed',
        error: {
          'zh-CN': expect.stringContaining('已有重复的值'),
          en: 'This change cannot be applied. There are values that occur twice',
        },
      },
    ]);
    // Who sees the step may not be one who may read the field.
    expect(JSON.stringify(items)).not.toContain('m2');
    expect(await indexes(db, 'visit_memo_key')).toEqual([]);
    await end();
  });

  it('is built by one of two nodes', async () => {
    const { db, changes, url, end } = await filled();
    const other = await openPostgres(url, { max: 4 });
    const node = await startChanges({ db: other, layers });
    await addField(changes, 'more', { index: true });
    await node.refresh();
    await Promise.all([changes.settled(), node.settled()]);
    await changes.settled();
    expect(await indexes(db, 'visit_more_idx')).toEqual([{ valid: true, one: false }]);
    const [row] = await db.query({ text: `select attempts, state from mortise.online_step` });
    expect(row).toEqual({ attempts: 1, state: 'done' });
    await node.stop();
    await other.close();
    await end();
  });
});
