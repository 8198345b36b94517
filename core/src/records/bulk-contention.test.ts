import { describe, expect, it } from 'vitest';
import { openPostgres } from '../store/open-postgres.ts';
import { prepareSystem } from '../store/prepare-system.ts';
import { createServerDatabase, serverSkipped } from '../testing/databases.ts';
import { openRecords } from './test-records.ts';

describe.skipIf(serverSkipped !== null)('bulk writes that meet other writers', () => {
  it(
    'ENG-16 runs a bulk write again that PostgreSQL broke off for a deadlock',
    { timeout: 60_000 },
    async () => {
      const { url, drop } = await createServerDatabase();
      // Who has waited this long looks for a deadlock, once: time enough for the other writer to block as well.
      const patient = new URL(url);
      patient.searchParams.set('options', '-c deadlock_timeout=4s');
      const db = await openPostgres(patient.toString(), { max: 5 });
      try {
        await prepareSystem(db);
        const on = await openRecords(db);
        const boss = on.as('boss');
        const made = await on.records.createMany(boss, 'thing', [{ name: 'One' }, { name: 'Two' }]);
        const [one, two] = made.map(({ id }) => String(id)) as [string, string];
        const held = Promise.withResolvers<void>();
        const blocked = Promise.withResolvers<void>();
        const other = db.transaction(async (tx) => {
          // Never the one that finds it, so never the one that is broken off.
          await tx.query({ text: `set local deadlock_timeout = '1min'` });
          await on.records.update(boss, 'thing', two, 1, { note: 'first' }, {}, tx);
          held.resolve();
          await blocked.promise;
          await on.records.update(boss, 'thing', one, 1, { note: 'first' }, {}, tx);
        });
        await held.promise;
        // It takes the first record and waits for the second: PostgreSQL breaks off who finds the deadlock.
        const bulk = on.records.bulk(boss, 'thing', {
          operation: 'update',
          items: [one, two].map((id) => ({ id, version: 1, count: 7 })),
        });
        const text = `select 1 from pg_stat_activity where datname = current_database() and wait_event_type = 'Lock'`;
        await expect.poll(() => db.query({ text }), { timeout: 20_000 }).toHaveLength(1);
        blocked.resolve();
        const [, answers] = await Promise.all([other, bulk]);
        expect(answers).toMatchObject([{ id: one }, { id: two }]);
        const deadlocks =
          'select deadlocks::int as n from pg_stat_database where datname = current_database()';
        // The figures come with a delay.
        await expect.poll(() => db.query({ text: deadlocks }), { timeout: 20_000 }).toEqual([{ n: 1 }]);
        const [both] = await db.query({
          text: 'select count(*)::int as n from thing where note = $1 and count = 7',
          values: ['first'],
        });
        expect(both).toEqual({ n: 2 });
      } finally {
        await db.close();
        await drop();
      }
    },
  );
});
