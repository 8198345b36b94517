import { describe, expect, it } from 'vitest';
import { openPostgres } from '../../store/open-postgres.ts';
import { prepareSystem } from '../../store/prepare-system.ts';
import { createServerDatabase, serverSkipped } from '../../testing/databases.ts';
import { Problem } from '../../errors/problem.ts';
import { openRecords, type RecordsFixture } from '../test-records.ts';
import { computed, rollup, shopLayer, type Further } from '../../testing/shop-layer.ts';

const totals: Further = {
  client: {
    total: rollup(
      'decimal',
      { entity: 'sale', by: 'client', function: 'sum', field: 'amount' },
      { scale: 2 },
    ),
    sales: rollup('integer', { entity: 'sale', by: 'client', function: 'count' }),
    greatest: rollup(
      'decimal',
      { entity: 'sale', by: 'client', function: 'max', field: 'amount' },
      { scale: 2 },
    ),
    below: rollup(
      'decimal',
      { entity: 'client', by: 'parent', function: 'sum', field: 'factor' },
      { scale: 2 },
    ),
  },
};
/** Formulas that read down and roll up again: writers take turns. */
const shares: Further = {
  client: {
    ...totals['client'],
    weighted: rollup(
      'decimal',
      { entity: 'sale', by: 'client', function: 'sum', field: 'part' },
      { scale: 2 },
    ),
  },
  sale: { part: computed('decimal', 'amount * client.factor', { scale: 2 }) },
};

async function withRecords(further: Further, run: (on: RecordsFixture) => Promise<void>): Promise<void> {
  const { url, drop } = await createServerDatabase();
  const db = await openPostgres(url, { max: 20 });
  try {
    await prepareSystem(db);
    await run(await openRecords(db, [shopLayer(further)]));
  } finally {
    await db.close();
    await drop();
  }
}

const client = async (on: RecordsFixture, name: string, more = {}) =>
  String((await on.records.create(on.system, 'client', { name, factor: '2', ...more }))['id']);

/** Tries again what met another writer's version. */
async function change(on: RecordsFixture, entity: string, id: string, patch: object): Promise<void> {
  for (;;) {
    const { version } = await on.records.read(on.system, entity, id);
    try {
      await on.records.update(on.system, entity, id, Number(version), { ...patch });
      return;
    } catch (error) {
      if (!(error instanceof Problem) || error.code !== 'MRT_RECORD_CONFLICT') throw error;
    }
  }
}

describe.skipIf(serverSkipped !== null)('ENG-05 derived fields with many writers at once', () => {
  it.each([
    ['roll-ups', totals],
    ['roll-ups over formulas over the parent', shares],
  ])('keep %s exact with 50 writers below one parent', { timeout: 120_000 }, async (_, further) => {
    await withRecords(further, async (on) => {
      const parent = await client(on, 'one');
      const amounts = Array.from({ length: 50 }, (_each, n) => n + 1);
      await Promise.all(
        amounts.map((n) =>
          on.records.create(on.system, 'sale', { name: `s${n}`, client: parent, amount: `${n}.10` }),
        ),
      );
      const found = await on.records.read(on.system, 'client', parent);
      expect(found).toMatchObject({ total: '1280.00', sales: 50, greatest: '50.10' });
      if (further === shares) expect(found).toMatchObject({ weighted: '2560.00' });
    });
  });

  it.each([
    ['roll-ups', totals],
    ['roll-ups over formulas over the parent', shares],
  ])(
    'keep %s exact while records move and parents change, without a deadlock',
    { timeout: 120_000 },
    async (_, further) => {
      await withRecords(further, async (on) => {
        const top = await client(on, 'top');
        const parents = await Promise.all(['a', 'b', 'c'].map((name) => client(on, name, { parent: top })));
        const sales = await Promise.all(
          Array.from({ length: 9 }, async (_each, n) => {
            const input = { name: `s${n}`, client: parents[n % 3], amount: '1' };
            return String((await on.records.create(on.system, 'sale', input))['id']);
          }),
        );
        const work: Promise<void>[] = [];
        for (let n = 0; n < 60; n += 1) {
          const sale = sales[n % 9]!;
          const parent = parents[n % 3]!;
          if (n % 4 === 0) work.push(change(on, 'client', parent, { factor: String(n) }));
          else if (n % 4 === 1) work.push(change(on, 'sale', sale, { amount: String(n) }));
          else work.push(change(on, 'sale', sale, { client: parents[(n + 1) % 3] }));
        }
        await Promise.all(work);
        const [sums] = await on.db.query({
          text: `select sum(amount)::text as total, sum(amount * factor)::text as weighted, (select sum(factor)::text from client where parent is not null) as below
          from sale join client on client.id = sale.client`,
        });
        const { items } = await on.records.list(on.system, 'client', { limit: 10 });
        const whole = await Promise.all(
          items.map(({ id }) => on.records.read(on.system, 'client', String(id))),
        );
        const sum = (name: string): number => whole.reduce((all, each) => all + Number(each[name] ?? 0), 0);
        expect(sum('total')).toBe(Number(sums?.['total']));
        expect(sum('sales')).toBe(9);
        expect(Number(whole.find(({ id }) => id === top)?.['below'])).toBe(Number(sums?.['below']));
        if (further === shares) expect(sum('weighted')).toBe(Number(sums?.['weighted']));
        const [deadlocks] = await on.db.query({
          text: 'select deadlocks::int as n from pg_stat_database where datname = current_database()',
        });
        expect(deadlocks).toEqual({ n: 0 });
      });
    },
  );

  it('NF-DQ-05 NF-DQ-07 ENG-16 lose no update of 50 writers on the same records, nor its history row', async () => {
    await withRecords(totals, async (on) => {
      const above = await client(on, 'one');
      const sales = await Promise.all(
        Array.from({ length: 5 }, async (_each, n) => {
          const input = { name: `s${n}`, client: above, amount: '0', count: 0 };
          return String((await on.records.create(on.system, 'sale', input))['id']);
        }),
      );
      const TURNS = 4;
      const add = async (id: string): Promise<void> => {
        for (;;) {
          const { version, count, amount } = await on.records.read(on.system, 'sale', id);
          const patch = { count: Number(count) + 1, amount: (Number(amount) + 1.25).toFixed(2) };
          try {
            await on.records.update(on.system, 'sale', id, Number(version), patch);
            return;
          } catch (error) {
            if (!(error instanceof Problem) || error.code !== 'MRT_RECORD_CONFLICT') throw error;
          }
        }
      };
      await Promise.all(
        Array.from({ length: 50 }, async (_each, writer) => {
          for (let turn = 0; turn < TURNS; turn += 1) await add(sales[(writer + turn) % 5] ?? '');
        }),
      );
      for (const id of sales) {
        expect(await on.records.read(on.system, 'sale', id)).toMatchObject({
          count: 40,
          amount: '50.00',
          version: 41,
        });
        const rows = await on.db.query<{ version: number; old: number | null; now: number }>({
          text: `select version, (changes -> 'count' ->> 'old')::int as old, (changes -> 'count' ->> 'new')::int as now
            from mortise.history where record_id = $1::uuid order by version`,
          values: [id],
        });
        expect(rows).toEqual(
          Array.from({ length: 41 }, (_each, n) => ({ version: n + 1, old: n === 0 ? null : n - 1, now: n })),
        );
      }
      expect(await on.records.read(on.system, 'client', above)).toMatchObject({ total: '250.00', sales: 5 });
    });
  }, 120_000);
});
