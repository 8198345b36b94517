import { describe, expect, it } from 'vitest';
import { startChanges } from '../change/start-changes.ts';
import type { OnlineStepKind } from '../change/online-steps/online-step.ts';
import { problem } from '../errors/catalogue.ts';
import type { Changes } from '../change/changes.ts';
import type { FieldDocument } from '../model/documents.ts';
import { createRecords } from '../records/create-records.ts';
import { noHooks } from '../records/hooks.ts';
import type { Database } from '../store/database.ts';
import { openPostgres } from '../store/open-postgres.ts';
import { createServerDatabase, describeEngines, serverSkipped } from '../testing/databases.ts';
import { sampleLayer } from '../testing/sample-documents.ts';
import { computed, rollup, shopLayer } from '../testing/shop-layer.ts';
import { systemContext } from './create-context.ts';
import { recalculateKind } from './recalculate-step.ts';

const actor = {
  id: '019ab3c2-7f5e-7000-9d2f-3b6c1f0a5e44',
  username: 'a',
  displayName: 'A',
  unit: null,
  roles: [],
};
const layers = {
  base: { name: 'base', documents: [...sampleLayer().documents, ...shopLayer().documents] },
  plugins: [],
};

async function start(
  db: Database,
  wrap: (kind: OnlineStepKind) => OnlineStepKind = (kind) => kind,
): Promise<Changes> {
  const changes: Changes = await startChanges({
    db,
    layers,
    steps: [wrap(recalculateKind(() => changes.dictionaries))],
  });
  return changes;
}

/** 1,200 orders of 10 each, of three clients, written before anything is calculated. */
async function fill(db: Database): Promise<void> {
  await db.query({
    text: `insert into client (id, name, factor) select ('00000000-0000-7000-8000-00000000000' || n)::uuid, 'c' || n, n from generate_series(1, 3) n`,
  });
  await db.query({
    text: `insert into sale (id, client, amount, count) select gen_random_uuid(), ('00000000-0000-7000-8000-00000000000' || (n % 3 + 1))::uuid, 10, n from generate_series(1, 1200) n`,
  });
}

async function define(
  changes: Changes,
  fields: Readonly<Record<string, Readonly<Record<string, FieldDocument>>>>,
): Promise<void> {
  const wishes = Object.entries(fields).map(([name, further]) => {
    const { document } = changes.document('entity', name);
    return {
      kind: 'entity',
      name,
      document: { ...document, properties: { ...(document['properties'] as object), ...further } },
    } as const;
  });
  await changes.apply(actor, { changes: wishes, note: '' });
}

const FIELDS = {
  client: {
    total: rollup(
      'decimal',
      { entity: 'sale', by: 'client', function: 'sum', field: 'doubled' },
      { scale: 2 },
    ),
  },
  sale: {
    doubled: computed('decimal', 'amount * 2', { scale: 2 }),
    weighted: computed('decimal', 'doubled * client.factor', { scale: 2 }),
  },
};
const sums = async (db: Database) =>
  (
    await db.query({
      text: `select (select string_agg(total::text, ' ' order by id) from client_derived) as totals,
        (select sum(weighted)::text from sale_derived) as weighted, (select sum(doubled)::text from sale) as doubled`,
    })
  )[0];
const RIGHT = { totals: '8000.00 8000.00 8000.00', weighted: '48000.00', doubled: '24000.00' };

describeEngines('ENG-05 the calculation of fields that a change brings or alters', (open) => {
  it('fills them after the commit, piece by piece, with progress', { timeout: 120_000 }, async () => {
    const db = await open();
    const changes = await start(db);
    await fill(db);
    await define(changes, FIELDS);
    expect((await sums(db))?.['doubled']).toBeNull();
    await changes.settled();
    expect(await sums(db)).toEqual(RIGHT);
    expect((await changes.steps()).items).toMatchObject(
      [1200, 1200, 3].map((rows) => ({ kind: 'calculate', state: 'done', done: rows, total: rows })),
    );

    // Another formula: what is made of it follows, and versions stay.
    await define(changes, { sale: { doubled: computed('decimal', 'amount * 4', { scale: 2 }) } });
    await changes.settled();
    expect(await sums(db)).toMatchObject({ totals: '16000.00 16000.00 16000.00', weighted: '96000.00' });
    expect(await db.query({ text: 'select max(version) as v from sale' })).toEqual([{ v: 1 }]);
    await changes.stop();
  });

  it('follows values that a change rewrites without a document', { timeout: 120_000 }, async () => {
    const db = await open();
    const changes = await start(db);
    const won = rollup('integer', {
      entity: 'sale',
      by: 'client',
      function: 'count',
      where: "status == 'won'",
    });
    await define(changes, { ...FIELDS, client: { ...FIELDS.client, won } });
    await changes.settled();
    await db.query({
      text: `insert into "user" (id, username, display_name) values ($1, 'a', 'A')`,
      values: [actor.id],
    });
    await db.query({
      text: `insert into client (id, name, factor) values ('00000000-0000-7000-8000-000000000001', 'c', 3)`,
    });
    await db.query({
      text: `insert into sale (id, client) select gen_random_uuid(), '00000000-0000-7000-8000-000000000001' from generate_series(1, 4)`,
    });
    const data = [
      { type: 'fill', entity: 'sale', field: 'status', value: 'won' },
      { type: 'fill', entity: 'sale', field: 'amount', value: '10' },
    ] as const;
    await changes.apply(actor, { changes: [], data, note: '', accept: ['rewrites'] });
    await changes.settled();
    expect(await sums(db)).toEqual({ totals: '80.00', weighted: '240.00', doubled: '80.00' });
    expect(await db.query({ text: 'select won from client_derived' })).toEqual([{ won: 4 }]);
    await changes.stop();
  });
});

describe.skipIf(serverSkipped !== null)('ENG-05 the calculation on a server', () => {
  it('goes on after a crash, and is right while others write', { timeout: 120_000 }, async () => {
    const { url, drop } = await createServerDatabase();
    const db = await openPostgres(url, { max: 12 });
    let pieces = 0;
    // Dies in the midst: the third piece is done, its record is not.
    const dying = (kind: OnlineStepKind): OnlineStepKind => ({
      ...kind,
      async advance(work) {
        const progress = await kind.advance(work);
        pieces += 1;
        if (pieces < 3) return progress;
        void first.stop();
        throw problem('MRT_MODEL_STALE');
      },
    });
    const first = await start(db, dying);
    await fill(db);
    await define(first, FIELDS);
    await first.settled();
    expect(pieces).toBe(3);
    expect((await first.steps()).items).toContainEqual(
      expect.objectContaining({ state: 'waiting', done: 500, total: 1200 }),
    );
    const second = await start(db);
    const records = createRecords({ db, dictionaries: second.dictionaries, hooks: noHooks });
    const context = systemContext(second.current(), { ...actor, id: '' }, 'api');
    const ids = (
      await db.query<{ id: string }>({ text: 'select id from sale order by random() limit 40' })
    ).map(({ id }) => id);
    const work = ids.map(async (id, n) => {
      await records.update(context, 'sale', id, 1, n % 2 === 0 ? { amount: '11' } : { client: null });
    });
    await Promise.all([second.settled(), ...work]);
    const [found] = await db.query({
      text: `select (select sum(amount * 2)::text from sale where client is not null) = (select sum(total)::text from client_derived) as totals,
        not exists (select from sale s join sale_derived d on d.id = s.id left join client c on c.id = s.client
          where d.weighted is distinct from s.amount * 2 * c.factor) as weighted`,
    });
    expect(found).toEqual({ totals: true, weighted: true });
    await second.stop();
    await db.close();
    await drop();
  });
});
