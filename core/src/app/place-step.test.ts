import { fileURLToPath } from 'node:url';
import { expect, it } from 'vitest';
import type { Changes } from '../change/changes.ts';
import type { OnlineStepKind } from '../change/online-steps/online-step.ts';
import { startChanges } from '../change/start-changes.ts';
import { problem } from '../errors/catalogue.ts';
import type { Database } from '../store/database.ts';
import { describeEngines } from '../testing/databases.ts';
import { placeKind } from './place-step.ts';
import { readFileLayers } from './read-file-layers.ts';

const ROOT = fileURLToPath(new URL('../../..', import.meta.url));
/** Workflows that came later than the records. */
const LATER = ['order_approval', 'customer'];

/** What ships, and the same as it was before the workflows came. */
async function layers() {
  const now = await readFileLayers(ROOT);
  const documents = now.base.documents.filter(
    ({ name, kind }) => kind !== 'workflow' || !LATER.includes(name),
  );
  return { now, before: { ...now, base: { ...now.base, documents } } };
}

/** Orders in all stages of their reviews, and customers with what needs an approval now. */
async function fill(db: Database): Promise<void> {
  await db.query({
    text: `insert into customer (id, name, customer_type, importance, customer_status, is_key_account, is_void)
      select ('00000000-0000-7000-8000-' || lpad(n::text, 12, '0'))::uuid, 'c' || n,
        case n when 1 then array['blacklist'] else array['target'] end, 'n',
        case n when 2 then 'cancelled' end, n = 3 or n > 590, n = 600 from generate_series(1, 600) n`,
  });
  const stages = [
    ['approved', 'approved'],
    ['approved', 'pending'],
    ['pending', 'pending'],
    ['rejected', 'pending'],
    ['pending', 'approved'],
  ];
  for (const [n, [contract, finance]] of stages.entries())
    for (const [table, columns, values] of [
      ['supply_demand', 'subject, intent', `'s', 'sell'`],
      ['ad_order', 'order_no', `'o${n}'`],
    ])
      await db.query({
        text: `insert into ${table} (id, ${columns}, contract_review, finance_review)
          values (('00000000-0000-7000-8000-00000000000' || $1::text)::uuid, ${values}, $2, $3)`,
        values: [String(n), contract, finance],
      });
}

describeEngines('NF-EXT-03 WF-04 records that are older than their workflow', (open) => {
  it('come into the state that they say, once, with history', { timeout: 120_000 }, async () => {
    const db = await open();
    const { now, before } = await layers();
    await (await startChanges({ db, layers: before })).stop();
    await fill(db);

    // The first node dies between the pieces of the customers.
    const dying = (kind: OnlineStepKind): OnlineStepKind => ({
      ...kind,
      async advance(work) {
        if (work.step.subject !== 'customer.key_state' || work.step.done === 0)
          return await kind.advance(work);
        void first.stop();
        throw problem('MRT_MODEL_STALE');
      },
    });
    const first: Changes = await startChanges({
      db,
      layers: now,
      steps: [dying(placeKind(() => first.dictionaries))],
    });
    await first.settled();
    const second: Changes = await startChanges({
      db,
      layers: now,
      steps: [placeKind(() => second.dictionaries)],
    });
    await second.settled();

    const expected = ['effective', 'finance_pending', 'draft', 'draft', 'draft'];
    for (const table of ['supply_demand', 'ad_order']) {
      const rows = await db.query<{ state: string }>({
        text: `select order_status as state from ${table} order by id`,
      });
      expect(rows.map(({ state }) => state)).toEqual(expected);
    }
    const states = await db.query({
      text: `select blacklist_state as b, cancellation_state as c, key_state as k, min(name) as first, count(*)::int as n
        from customer group by 1, 2, 3 order by 1, 2, 3`,
    });
    expect(states).toEqual([
      { b: 'approved', c: 'none', k: 'none', first: 'c1', n: 1 },
      { b: 'none', c: 'approved', k: 'none', first: 'c2', n: 1 },
      { b: 'none', c: 'none', k: 'approved', first: 'c3', n: 11 },
      { b: 'none', c: 'none', k: 'none', first: 'c10', n: 587 },
    ]);
    const told = await db.query({
      text: `select entity, source, count(*)::int as n, max(version) as version, min(changes::text) as changes
        from mortise.history group by 1, 2 order by 1`,
    });
    expect(told).toEqual([
      {
        entity: 'ad_order',
        source: 'upgrade',
        n: 2,
        version: 2,
        changes: expect.stringContaining('effective'),
      },
      { entity: 'customer', source: 'upgrade', n: 13, version: 2, changes: expect.any(String) },
      { entity: 'supply_demand', source: 'upgrade', n: 2, version: 2, changes: expect.any(String) },
    ]);

    // Who writes the reviews afterwards has no state by it, however often it is upgraded.
    await db.query({
      text: `update supply_demand set contract_review = 'approved', finance_review = 'approved'`,
    });
    await second.stop();
    await db.query({ text: `update mortise.version set file_hash = 'older'` });
    const third: Changes = await startChanges({
      db,
      layers: now,
      steps: [placeKind(() => third.dictionaries)],
    });
    await third.settled();
    const [left] = await db.query({
      text: `select count(*)::int as n from supply_demand where order_status = 'draft'`,
    });
    expect(left).toEqual({ n: 3 });
    await third.stop();
  });
});
