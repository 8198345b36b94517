import { beforeAll, describe, expect, it } from 'vitest';
import type { Layer } from '../model/layer.ts';
import { describeEngines } from '../testing/databases.ts';
import { label } from '../testing/sample-documents.ts';
import { fastNumbers } from './fast-numbers.ts';
import { openRecords, type RecordsFixture } from './test-records.ts';

/** A number that begins again every year, and one that is counted by the grade although it stands behind it. */
const LAYER: Layer = {
  name: 'site',
  documents: [
    {
      kind: 'entity',
      name: 'thing',
      document: {
        name: 'thing',
        extends: true,
        properties: {
          yearly: { field: 'autonumber', label: label('yearly'), pattern: 'NO{yyyy}{seq:4}' },
          graded: {
            field: 'autonumber',
            label: label('graded'),
            pattern: '{seq:2}/{grade}',
            per: { grade: true },
          },
          quick: { field: 'autonumber', label: label('quick'), pattern: 'Q{yyyy}-{seq:3}', counting: 'fast' },
          quick_upper: { field: 'text', label: label('quick'), maxLength: 60, compute: "'№' + quick" },
        },
      } as never,
      file: '',
    },
  ],
};

describeEngines('automatic numbers', (open, engine) => {
  let on: RecordsFixture;

  beforeAll(async () => {
    on = await openRecords(await open(), [LAYER]);
  });

  it('DM-CODE-05 gives 50 records created at once the next 50 numbers, without one twice or left out', async () => {
    const boss = on.as('boss');
    const made = await Promise.all(
      Array.from({ length: 50 }, (_, index) =>
        on.records.create(boss, 'thing', { name: `At once ${index}`, grade: 'a' }),
      ),
    );
    const wanted = Array.from({ length: 50 }, (_, index) => `a${String(index + 1).padStart(3, '0')}`);
    expect(made.map((record) => String(record['code'])).sort()).toEqual(wanted);
    const year = String(boss.now.getFullYear());
    expect(made.map((record) => String(record['yearly'])).sort()).toEqual(
      wanted.map((_, index) => `NO${year}${String(index + 1).padStart(4, '0')}`),
    );
  });

  it('DM-CODE-05 takes the number back when the record is refused, also among others at the same time', async () => {
    const boss = on.as('boss');
    await on.records.create(boss, 'thing', { name: 'First', grade: 'b', tax_code: 'TAKEN' });
    const results = await Promise.allSettled(
      Array.from({ length: 30 }, (_, index) =>
        on.records.create(boss, 'thing', {
          name: `Some refused ${index}`,
          grade: 'b',
          ...(index % 3 === 0 ? { tax_code: 'TAKEN' } : {}),
        }),
      ),
    );
    const codes = results.flatMap((result) =>
      result.status === 'fulfilled' ? [String(result.value['code'])] : [],
    );
    expect(results.filter((result) => result.status === 'rejected')).toHaveLength(10);
    expect(codes.sort()).toEqual(
      Array.from({ length: 20 }, (_, index) => `b${String(index + 2).padStart(3, '0')}`),
    );
  });

  it('DM-CODE-05 counts by the fields the rule names', async () => {
    const boss = on.as('boss');
    const numberOf = async (grade: string) =>
      String((await on.records.create(boss, 'thing', { name: 'Graded', grade }))['graded']);
    const [a, b] = [await numberOf('a'), await numberOf('b')];
    expect(a).toMatch(/^\d\d\/a$/);
    expect(b).toMatch(/^\d\d\/b$/);
    expect(Number.parseInt(await numberOf('a'), 10)).toBe(Number.parseInt(a, 10) + 1);
  });

  describe('that are counted fast', () => {
    const year = (): string => String(on.as('boss').now.getFullYear());
    const key = (): string => `thing.quick:Q|${year()}|-`;
    const quickOf = (record: Readonly<Record<string, unknown>>): string => String(record['quick']);

    it('DM-CODE-05 are all different for 50 records created at once, and read by formulas', async () => {
      const made = await Promise.all(
        Array.from({ length: 50 }, (_, n) =>
          on.records.create(on.as('boss'), 'thing', { name: `Fast ${n}` }),
        ),
      );
      const numbers = made.map(quickOf);
      expect(new Set(numbers).size).toBe(50);
      for (const record of made) {
        expect(quickOf(record)).toMatch(new RegExp(`^Q${year()}-\\d{3,}$`));
        expect(record['quick_upper']).toBe(`№${quickOf(record)}`);
      }
      const results = await on.records.bulk(on.as('boss'), 'thing', {
        operation: 'create',
        items: Array.from({ length: 5 }, (_, n) => ({ name: `Batch ${n}` })),
      });
      const batch = await Promise.all(
        results.map(({ id }) => on.records.read(on.as('boss'), 'thing', String(id))),
      );
      expect(new Set([...numbers, ...batch.map(quickOf)]).size).toBe(55);
    });

    it.runIf(engine === 'postgresql')('DM-CODE-05 do not wait for a record that is being saved', async () => {
      // Numbers are at hand.
      await on.records.create(on.as('boss'), 'thing', { name: 'Warm' });
      await fastNumbers(on.db).idle();
      let free = (): void => {};
      const held = new Promise<void>((resolve) => (free = resolve));
      const locked = Promise.withResolvers<void>();
      const other = on.db.transaction(async (tx) => {
        await tx.query({ text: 'select 1 from mortise.sequence where key = $1 for update', values: [key()] });
        locked.resolve();
        await held;
      });
      await locked.promise;
      const made = await Promise.all(
        Array.from({ length: 5 }, (_, n) =>
          on.records.create(on.as('boss'), 'thing', { name: `Meanwhile ${n}` }),
        ),
      );
      free();
      await other;
      expect(new Set(made.map(quickOf)).size).toBe(5);
    });
  });
});
