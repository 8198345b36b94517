import { afterEach, beforeEach, expect, it, vi } from 'vitest';
import type { Changes } from '../change/changes.ts';
import { startChanges } from '../change/start-changes.ts';
import type { Context } from '../context/context.ts';
import { createRecords } from '../records/create-records.ts';
import { noHooks } from '../records/hooks.ts';
import type { Database } from '../store/database.ts';
import { describeEngines } from '../testing/databases.ts';
import { sampleLayer } from '../testing/sample-documents.ts';
import { computed, rollup, shopLayer } from '../testing/shop-layer.ts';
import { systemContext } from './create-context.ts';
import { createDailyFields } from './daily-fields.ts';
import { recalculateKind } from './recalculate-step.ts';

const actor = { id: '', username: 'a', displayName: 'A', unit: null, roles: [] };
const shop = shopLayer({
  client: {
    late: rollup('integer', { entity: 'sale', by: 'client', function: 'count', where: 'on < today()' }),
  },
  sale: {
    age: computed('integer', 'daysBetween(on, today())'),
    twice: computed('integer', 'age * 2'),
    weighted: computed('decimal', 'daysBetween(on, today()) * client.factor', { precision: 12, scale: 1 }),
    raised_at: computed('datetime', 'coalesce(old.amount, 0) < amount ? now() : old.raised_at'),
  },
});
const layers = {
  base: { name: 'base', documents: [...sampleLayer().documents, ...shop.documents] },
  plugins: [],
};

describeEngines('ENG-05 stored formulas over today()', (open) => {
  let db: Database;
  let changes: Changes;
  beforeEach(async () => {
    db = await open();
    changes = await startChanges({ db, layers, steps: [recalculateKind(() => changes.dictionaries)] });
    // Only the clock: the database's own timers go on.
    vi.useFakeTimers({ toFake: ['Date'] });
  });
  afterEach(async () => {
    vi.useRealTimers();
    await changes.stop();
  });

  const at = (moment: string): void => void vi.setSystemTime(new Date(moment));
  const context = (): Context => systemContext(changes.current(), actor, 'api');
  const daily = () =>
    createDailyFields({
      db,
      changes,
      report: (error) => {
        throw error;
      },
    });
  const stored = async () =>
    (
      await db.query({
        text: `select s.age, s.twice, d.weighted::text as weighted, c.late, s.version
          from sale s join sale_derived d on d.id = s.id join client_derived c on c.id = s.client`,
      })
    )[0];

  it('are right again on the next business day, once for all nodes, without anybody writing', async () => {
    const records = createRecords({ db, dictionaries: changes.dictionaries, hooks: noHooks });
    // 23:50 in Shanghai, the zone of the installation.
    at('2026-03-01T15:50:00Z');
    const client = await records.create(context(), 'client', { name: 'c', factor: '1.5' });
    const sale = await records.create(context(), 'sale', {
      client: client['id'],
      on: '2026-03-01',
      amount: '5',
    });
    const [one, other] = [daily(), daily()];
    expect(await one.look()).toBe(true);
    await changes.settled();
    expect(await stored()).toEqual({ age: 0, twice: 0, weighted: '0.0', late: 0, version: 1 });

    at('2026-03-01T16:00:30Z');
    expect(await one.look()).toBe(false);
    at('2026-03-01T16:01:30Z');
    expect([await one.look(), await other.look(), await one.look()]).toEqual([true, false, false]);
    await changes.settled();
    expect(await stored()).toEqual({ age: 1, twice: 2, weighted: '1.5', late: 1, version: 1 });
    expect(await records.history(context(), 'sale', String(sale['id']))).toHaveLength(1);
    // What tells of the moment of a write stays as it was written.
    expect((await records.read(context(), 'sale', String(sale['id'])))['raised_at']).toBe(
      '2026-03-01T15:50:00.000Z',
    );
  });

  it('are made up for by a node that starts days later', async () => {
    const records = createRecords({ db, dictionaries: changes.dictionaries, hooks: noHooks });
    at('2026-03-01T04:00:00Z');
    const client = await records.create(context(), 'client', { name: 'c', factor: '2' });
    await records.create(context(), 'sale', { client: client['id'], on: '2026-03-01', amount: '5' });
    await daily().look();
    await changes.settled();
    at('2026-03-11T04:00:00Z');
    await daily().look();
    await changes.settled();
    expect(await stored()).toMatchObject({ age: 10, twice: 20, weighted: '20.0', late: 1 });
  });
});
