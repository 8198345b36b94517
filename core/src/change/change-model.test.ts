import { deepStrictEqual as deepEqual } from 'node:assert';
import * as fc from 'fast-check';
import { expect, it } from 'vitest';
import type { DataChange, DocumentChange } from '../http/contract.ts';
import type { EntityDocument } from '../model/documents.ts';
import type { Database } from '../store/database.ts';
import { tableShapes } from '../store/table-shape.ts';
import { uuid7 } from '../store/uuid7.ts';
import { describeEngines } from '../testing/databases.ts';
import { label, sampleLayer } from '../testing/sample-documents.ts';
import type { Changes } from './changes.ts';
import { startChanges } from './start-changes.ts';

const actor = { id: uuid7(), username: 'a', displayName: 'A', unit: null, roles: [] };
const RECORDS = 4;
const TYPES = {
  text: { field: 'text', maxLength: 50 },
  longtext: { field: 'longtext' },
  integer: { field: 'integer' },
  decimal: { field: 'decimal', precision: 12, scale: 0 },
} as const;
type Type = keyof typeof TYPES;
const typeName = fc.constantFrom<Type>('text', 'longtext', 'integer', 'decimal');
const slot = fc.nat(3);

/** One change, on the `at`-th field that fits. */
type Step =
  | { readonly do: 'add' | 'retype'; readonly at: number; readonly type: Type }
  | { readonly do: 'rename' | 'retire' | 'restore' | 'purge' | 'index' | 'fill'; readonly at: number }
  | { readonly do: 'write'; readonly at: number; readonly record: number; readonly value: number | null }
  | { readonly do: 'revert'; readonly back: number };
const steps = fc.array(
  fc.oneof(
    {
      weight: 3,
      arbitrary: fc.record({
        do: fc.constantFrom('add' as const, 'retype' as const),
        at: slot,
        type: typeName,
      }),
    },
    {
      weight: 4,
      arbitrary: fc.record({
        do: fc.constantFrom(
          'rename' as const,
          'retire' as const,
          'restore' as const,
          'purge' as const,
          'index' as const,
          'fill' as const,
        ),
        at: slot,
      }),
    },
    {
      weight: 4,
      arbitrary: fc.record({
        do: fc.constant('write' as const),
        at: slot,
        record: fc.nat(RECORDS - 1),
        value: fc.option(fc.integer({ min: -999, max: 999 })),
      }),
    },
    {
      weight: 1,
      arbitrary: fc.record({ do: fc.constant('revert' as const), back: fc.integer({ min: 1, max: 3 }) }),
    },
  ),
  { minLength: 4, maxLength: 12 },
);

interface Field {
  readonly name: string;
  readonly type: Type;
  readonly retired: boolean;
  readonly indexed: boolean;
  /** One whole number a record; every type of the test can hold it and give it back. */
  readonly values: readonly (number | null)[];
}

/** The oracle: fields by an identity that outlives their name. */
type World = ReadonlyMap<number, Field>;

/** How a whole number stands in a column of the type. */
function stored(type: Type, value: number | null): unknown {
  if (value === null) return null;
  return type === 'integer' ? value : String(value);
}

class Run {
  readonly #db: Database;
  readonly #changes: Changes;
  readonly #ids: readonly string[];
  readonly #worlds = new Map<number, World>();
  #world: World = new Map();
  #made = 0;

  constructor(db: Database, changes: Changes, ids: readonly string[]) {
    this.#db = db;
    this.#changes = changes;
    this.#ids = ids;
    this.#remember();
  }

  #remember(): void {
    this.#worlds.set(this.#changes.current().version, this.#world);
  }

  #pick(at: number, fits: (field: Field) => boolean): [number, Field] | undefined {
    const found = [...this.#world].filter(([, field]) => fits(field));
    return found[at % Math.max(1, found.length)];
  }

  #set(key: number, field: Field | null): void {
    const next = new Map(this.#world);
    if (field) next.set(key, field);
    else next.delete(key);
    this.#world = next;
  }

  /** The wished document from the oracle alone, but for what must be said of this change. */
  #document(renamed: ReadonlyMap<string, string> = new Map()): DocumentChange {
    const { document, base } = this.#changes.document('entity', 'visit');
    const shipped = Object.entries((document as unknown as EntityDocument).properties).filter(([name]) =>
      ['subject', 'thing', 'minutes'].includes(name),
    );
    const own = [...this.#world.values()].map((field): [string, object] => [
      field.name,
      {
        ...TYPES[field.type],
        label: label(field.name),
        ...(field.retired ? { retired: true } : {}),
        ...(field.indexed && field.type !== 'longtext' ? { index: true } : {}),
        ...(renamed.has(field.name) ? { renamedFrom: renamed.get(field.name) } : {}),
      },
    ]);
    return {
      kind: 'entity',
      name: 'visit',
      base,
      document: { ...document, properties: Object.fromEntries([...shipped, ...own]) },
    };
  }

  async #apply(data: readonly DataChange[] = [], renamed?: ReadonlyMap<string, string>): Promise<void> {
    await this.#changes.apply(actor, {
      changes: data.some(({ type }) => type === 'purge') ? [] : [this.#document(renamed)],
      data,
      note: '',
      accept: ['rewrites', 'hides-data', 'loses-data'],
    });
    this.#remember();
  }

  async take(step: Step): Promise<void> {
    const live = (field: Field): boolean => !field.retired;
    if (step.do === 'revert') return await this.#revert(step.back);
    if (step.do === 'add') {
      this.#made += 1;
      const values = Array.from({ length: RECORDS }, () => null);
      this.#set(this.#made, {
        name: `f${this.#made}`,
        type: step.type,
        retired: false,
        indexed: false,
        values,
      });
      return await this.#apply();
    }
    const fits: Record<Exclude<Step['do'], 'add' | 'revert'>, (field: Field) => boolean> = {
      retype: live,
      rename: live,
      retire: live,
      index: live,
      fill: live,
      write: live,
      restore: (field) => field.retired,
      purge: (field) => field.retired,
    };
    const found = this.#pick(step.at, fits[step.do]);
    if (!found) return;
    const [key, field] = found;
    const entity = 'visit';
    switch (step.do) {
      case 'retype':
        this.#set(key, { ...field, type: step.type });
        return await this.#apply();
      case 'rename': {
        const name = `${field.name.split('_')[0]}_${this.#changes.current().version}`;
        this.#set(key, { ...field, name });
        return await this.#apply([], new Map([[name, field.name]]));
      }
      case 'retire':
      case 'restore':
        this.#set(key, { ...field, retired: step.do === 'retire' });
        return await this.#apply();
      case 'index':
        this.#set(key, { ...field, indexed: !field.indexed });
        return await this.#apply();
      case 'fill':
        this.#set(key, { ...field, values: field.values.map((value) => value ?? 5) });
        return await this.#apply([{ type: 'fill', entity, field: field.name, value: stored(field.type, 5) }]);
      case 'purge':
        this.#set(key, null);
        await this.#apply([{ type: 'purge', entity, field: field.name }]);
        // What is gone is gone: no way back leads to it.
        this.#worlds.clear();
        return this.#remember();
      case 'write': {
        const column = this.#changes.current().entities.get(entity)?.fields.get(field.name)?.column;
        await this.#db.query({
          text: `update visit set "${column?.name}" = $2 where id = $1`,
          values: [this.#ids[step.record], stored(field.type, step.value)],
        });
        const values = field.values.map((value, at) => (at === step.record ? step.value : value));
        this.#set(key, { ...field, values });
        // Only changes of the model are versions; what records hold is not taken back with them.
        for (const [version, world] of this.#worlds) {
          const then = world.get(key);
          if (then) this.#worlds.set(version, new Map([...world, [key, { ...then, values }]]));
        }
      }
    }
  }

  /** Back to an earlier version: definitions as they were then, values as they are; what was made since is retired. */
  async #revert(back: number): Promise<void> {
    const versions = [...this.#worlds.keys()];
    const version = versions[Math.max(0, versions.length - 1 - back)]!;
    const then = this.#worlds.get(version)!;
    await this.#changes.revert(actor, version);
    this.#world = new Map(
      [...this.#world].map(([key, now]): [number, Field] => {
        const was = then.get(key);
        return [key, was ? { ...was, values: now.values } : { ...now, retired: true }];
      }),
    );
    // Filled values were taken back: what is there is what the check below reads.
    await this.#reread(then);
    this.#remember();
  }

  /** After a revert a filled record is empty again where nobody has written since. */
  async #reread(then: World): Promise<void> {
    for (const [key, field] of this.#world) {
      const was = then.get(key);
      if (!was) continue;
      const values = field.values.map((value, at) => (was.values[at] === null && value === 5 ? null : value));
      this.#set(key, { ...field, values });
    }
  }

  async check(): Promise<void> {
    const entity = this.#changes.current().entities.get('visit')!;
    for (const field of this.#world.values()) {
      const model = (field.retired ? entity.retiredFields : entity.fields).get(field.name);
      deepEqual(model?.type, field.type, field.name);
      const rows = await this.#db.query<{ v: unknown }>({
        text: `select "${model?.column?.name}" as v from visit order by subject`,
      });
      deepEqual(
        [field.name, ...rows.map(({ v }) => v)],
        [field.name, ...field.values.map((value) => stored(field.type, value))],
      );
    }
    const own = (name: string): boolean => name.startsWith('f');
    deepEqual(
      [...entity.fields.keys()].filter(own).sort(),
      [...this.#world.values()].flatMap(({ name, retired }) => (retired ? [] : [name])).sort(),
    );
    await this.#checkTable();
  }

  /** The table has the columns and indexes of the model, and a start from the documents finds nothing to do. */
  async #checkTable(): Promise<void> {
    const shape = tableShapes(this.#changes.current()).get('visit')!;
    const columns = await this.#db.query<{ name: string }>({
      text: `select column_name::text as name from information_schema.columns where table_name = 'visit'`,
    });
    deepEqual(missing(shape.columns, columns), []);
    const indexes = await this.#db.query<{ name: string }>({
      text: `select indexname::text as name from pg_indexes where tablename = 'visit'`,
    });
    deepEqual(missing(shape.indexes, indexes), []);
    const again = await startChanges({ db: this.#db, layers: { base: sampleLayer(), plugins: [] } });
    deepEqual(
      [again.current().version, again.current().hash],
      [this.#changes.current().version, this.#changes.current().hash],
    );
    await again.stop();
  }
}

function missing(wanted: ReadonlyMap<string, unknown>, there: readonly { name: string }[]): string[] {
  return [...wanted.keys()].filter((name) => !there.some((each) => each.name === name));
}

/** More by `MORTISE_MODEL_RUNS=500`. */
const RUNS = Number(process.env['MORTISE_MODEL_RUNS'] ?? 5);

/** The history refuses to be emptied; a test that begins anew takes its triggers off for that. */
async function emptyHistory(db: Database): Promise<void> {
  await db.transaction(async (tx) => {
    const parts = `select 'mortise.history'::regclass::text as name
      union all select inhrelid::regclass::text from pg_inherits where inhparent = 'mortise.history'::regclass`;
    const names = (await tx.query<{ name: string }>({ text: parts })).map(({ name }) => name);
    for (const name of names)
      await tx.query({ text: `alter table ${name} disable trigger history_no_truncate` });
    await tx.query({ text: 'truncate mortise.history' });
    for (const name of names)
      await tx.query({ text: `alter table ${name} enable trigger history_no_truncate` });
  });
}

describeEngines('ENG-07 random changes in a row', (open) => {
  it(
    'leave every value where it should be, and tables as the documents say',
    { timeout: 600_000 },
    async () => {
      const db = await open();
      const result = await fc.check(
        fc.asyncProperty(steps, async (sequence) => {
          await db.query({ text: 'drop schema public cascade' });
          await db.query({ text: 'create schema public' });
          await emptyHistory(db);
          for (const table of [
            'change_set',
            'overlay',
            'version',
            'plan',
            'online_step',
            'dictionary_value',
            'plugin_state',
          ])
            await db.query({ text: `truncate mortise.${table}` });
          await db.query({ text: 'create extension if not exists pg_trgm' });
          const changes = await startChanges({ db, layers: { base: sampleLayer(), plugins: [] } });
          await db.query({
            text: `insert into "user" (id, username, display_name) values ($1, 'a', 'A')`,
            values: [actor.id],
          });
          const ids = Array.from({ length: RECORDS }, () => uuid7());
          for (const [at, id] of ids.entries())
            await db.query({
              text: 'insert into visit (id, subject) values ($1, $2)',
              values: [id, `s${at}`],
            });
          const run = new Run(db, changes, ids);
          try {
            for (const step of sequence) await run.take(step);
            await run.check();
          } finally {
            await changes.stop();
          }
        }),
        { numRuns: RUNS, endOnFailure: true },
      );
      expect(result.failed, fc.defaultReportMessage(result)).toBe(false);
    },
  );
});
