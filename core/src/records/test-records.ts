import { bindAccess } from '../access/bind-access.ts';
import { compileAccess, compileSystemAccess } from '../access/compile-access.ts';
import { unitTreeOf } from '../access/unit-tree.ts';
import type { Actor, Context } from '../context/context.ts';
import type { DictionaryDocument } from '../model/documents.ts';
import type { Layer } from '../model/layer.ts';
import type { Model } from '../model/model.ts';
import type { Database, Queryable, Row, Statement, Transaction } from '../store/database.ts';
import type { Dictionaries, DictionaryValue } from '../store/dictionaries.ts';
import { planTables } from '../store/table-plan.ts';
import { sampleModel } from '../testing/sample-model.ts';
import { createRecords, type RecordsEngine } from './create-records.ts';
import type { WriteFollower } from './follow-write.ts';
import { noHooks, type BeforeWriteRunner } from './hooks.ts';

/** Fixture of the records tests: the sample model on a database, with people in two departments. */
export interface RecordsFixture {
  readonly db: CountingDatabase;
  readonly model: Model;
  readonly records: RecordsEngine;
  readonly people: typeof PEOPLE;
  readonly units: typeof UNITS;
  /** Context of a person; roles may be replaced. */
  as(person: keyof typeof PEOPLE, roles?: readonly string[]): Context;
  readonly system: Context;
}

const id = (n: number): string => `00000000-0000-7000-8000-${n.toString(16).padStart(12, '0')}`;

const UNITS = { sales: id(1), north: id(2), press: id(3) } as const;

const PEOPLE = {
  boss: { id: id(10), unit: UNITS.sales, roles: ['administrator'] },
  wang: { id: id(11), unit: UNITS.sales, roles: ['employee'] },
  li: { id: id(12), unit: UNITS.north, roles: ['employee'] },
  zhao: { id: id(13), unit: UNITS.press, roles: ['reader'] },
} as const;

/** Dictionaries held in memory, as their documents seed them. */
function memoryDictionaries(model: Model): Dictionaries {
  const values = (name: string): readonly DictionaryValue[] => {
    const document: DictionaryDocument | undefined = model.dictionaries.get(name);
    return Object.entries(document?.values ?? {}).map(([code, value], index) => ({
      code,
      label: value.label,
      parent: value.parent ?? null,
      sort: value.sort ?? index,
      active: value.active !== false,
      color: value.color ?? null,
      data: value.data ?? {},
      isSystem: true,
    }));
  };
  const descendants = (name: string, code: string): readonly string[] => {
    const below = values(name).filter((value) => value.parent === code);
    return [code, ...below.flatMap((value) => descendants(name, value.code))];
  };
  return {
    values,
    value: (name, code) => values(name).find((value) => value.code === code),
    descendants,
    revision: () => 1,
  };
}

/** Counts the statements between two looks, BEGIN and COMMIT not among them. */
class CountingDatabase implements Database {
  readonly engine: Database['engine'];
  readonly address: string;
  readonly statements: string[] = [];
  readonly #db: Database;

  constructor(db: Database) {
    this.#db = db;
    this.engine = db.engine;
    this.address = db.address;
  }

  async query<R extends Row = Row>(statement: Statement): Promise<R[]> {
    this.statements.push(statement.text);
    return await this.#db.query<R>(statement);
  }

  async transaction<T>(run: (tx: Transaction) => Promise<T>): Promise<T> {
    return await this.#db.transaction(async (tx) => {
      const counted: Transaction = {
        query: async <R extends Row = Row>(statement: Statement) => {
          this.statements.push(statement.text);
          return await tx.query<R>(statement);
        },
        beforeCommit: (last) => tx.beforeCommit(last),
        queryAll: async (statements) => {
          this.statements.push(...statements.map(({ text }) => text));
          return await tx.queryAll(statements);
        },
        commitWith: async <R extends Row = Row>(statement: Statement) => {
          this.statements.push(statement.text);
          return await tx.commitWith<R>(statement);
        },
        afterCommit: (after) => tx.afterCommit(after),
      };
      return await run(counted);
    });
  }

  session<T>(run: (session: Queryable) => Promise<T>): Promise<T> {
    return this.#db.session(run);
  }

  listen(channel: string, heard: (payload: string) => void): Promise<void> {
    return this.#db.listen(channel, heard);
  }

  load(): ReturnType<Database['load']> {
    return this.#db.load();
  }

  close(): Promise<void> {
    return this.#db.close();
  }

  /** Statements that `run` made. */
  async count(run: () => Promise<unknown>): Promise<number> {
    const before = this.statements.length;
    await run();
    return this.statements.length - before;
  }
}

async function createTables(db: Queryable, compiled: ReturnType<typeof sampleModel>): Promise<void> {
  const plan = await planTables({ allocation: {}, indexes: {} }, compiled);
  for (const statement of plan.statements) await db.query({ text: statement.sql });
  await db.query({
    text: `insert into mortise.version (version, model_hash, file_hash) values ($1, 'test', 'test')`,
    values: [compiled.model.version],
  });
}

async function createPeople(db: Queryable): Promise<void> {
  await db.query({
    text: `insert into "unit" (id, name, parent) values ($1, 'Sales', null), ($2, 'North', $1), ($3, 'Press', null)`,
    values: [UNITS.sales, UNITS.north, UNITS.press],
  });
  for (const [name, person] of Object.entries(PEOPLE)) {
    await db.query({
      text: `insert into "user" (id, username, display_name, unit) values ($1, $2, $3, $4)`,
      values: [person.id, name, `Name of ${name}`, person.unit],
    });
  }
}

/** What something that follows writes is made of. */
export interface FixtureParts {
  readonly db: Database;
  readonly dictionaries: Dictionaries;
  readonly model: Model;
  readonly records: () => RecordsEngine;
}

/** Builds the fixture on a fresh database. @param upper further layers over the sample documents */
export async function openRecords(
  database: Database,
  upper: readonly Layer[] = [],
  hooks: BeforeWriteRunner = noHooks,
  followed?: (parts: FixtureParts) => WriteFollower,
): Promise<RecordsFixture> {
  const compiled = sampleModel(upper);
  const { model } = compiled;
  // A second process opens what the first one has made.
  const [{ made } = { made: false }] = await database.query<{ made: boolean }>({
    text: `select to_regclass('thing') is not null as made`,
  });
  if (!made) {
    await createTables(database, compiled);
    await createPeople(database);
  }
  const db = new CountingDatabase(database);
  const dictionaries = memoryDictionaries(model);
  const follower = followed?.({ db, dictionaries, model, records: () => records });
  const records: RecordsEngine = createRecords({
    db,
    dictionaries,
    hooks,
    ...(follower ? { follower } : {}),
  });
  const tree = unitTreeOf([
    { id: UNITS.sales, parent: null },
    { id: UNITS.north, parent: UNITS.sales },
    { id: UNITS.press, parent: null },
  ]);
  const contextOf = (actor: Actor, system: boolean): Context => ({
    actor,
    model,
    access: bindAccess(system ? compileSystemAccess(model) : compileAccess(model, actor.roles), actor, tree),
    locale: 'en',
    timeZone: 'Asia/Shanghai',
    now: new Date(),
    source: 'api',
  });
  const actorOf = (person: keyof typeof PEOPLE, roles?: readonly string[]): Actor => {
    const { id: actorId, unit, roles: own } = PEOPLE[person];
    return { id: actorId, username: person, displayName: person, unit, roles: roles ?? own };
  };
  return {
    db,
    model,
    records,
    people: PEOPLE,
    units: UNITS,
    as: (person, roles) => contextOf(actorOf(person, roles), false),
    system: contextOf(actorOf('boss'), true),
  };
}
