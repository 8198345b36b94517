import { deepStrictEqual, fail, ok } from 'node:assert/strict';
import { isDeepStrictEqual } from 'node:util';
import type { Context } from '../../core/src/context/context.ts';
import { Problem } from '../../core/src/errors/problem.ts';
import type { HistoryEntry, ListRequest, RecordData } from '../../core/src/records/records.ts';
import { findRecords } from '../../core/src/search/find-records.ts';
import type { GateCase } from './generate.ts';
import { NeverShown, Queries } from './oracle-queries.ts';
import { Rights } from './oracle-rights.ts';
import type {
  AggregateQuestion,
  Filter,
  FindQuestion,
  HistoryQuestion,
  ListQuestion,
  Question,
  ReadQuestion,
  ValuesQuestion,
  WriteQuestion,
} from './questions.ts';
import { ENTITIES, type Thing } from './setup.ts';
import type { Stage } from './stage.ts';

/** What the cases were about, lest a run agree over nothing. */
export interface Tally {
  refused: number;
  empty: number;
  some: number;
}

/** Fields asked of each list and record. */
const CELLS: Readonly<Record<string, readonly string[]>> = {
  thing: [
    'name',
    'code',
    'count',
    'amount',
    'grade',
    'secret',
    'note',
    'tags',
    'phone',
    'owner',
    'parent',
    'owner.display_name',
    'parent.name',
    'parent.secret',
    'parent.owner.unit.name',
  ],
  visit: ['subject', 'minutes', 'owner', 'thing', 'thing.note', 'thing.owner.display_name'],
  thing_line: ['item', 'quantity', 'price', 'thing.phone', 'thing.amount'],
  user: ['display_name', 'username', 'email', 'unit', 'unit.name'],
};

/** Asks the product and the oracle the same, in one world. */
class Play {
  readonly #stage: Stage;
  readonly #context: Context;
  readonly #rights: Rights;
  readonly #queries: Queries;
  readonly #tally: Tally;

  constructor(stage: Stage, context: Context, { setup }: GateCase, tally: Tally) {
    this.#stage = stage;
    this.#context = context;
    this.#rights = new Rights(stage.data, setup);
    this.#queries = new Queries(stage.data, this.#rights);
    this.#tally = tally;
  }

  async ask(question: Question): Promise<void> {
    switch (question.kind) {
      case 'list':
        return await this.#list({ ...question, filter: this.#withIds(question.filter) as Filter });
      case 'aggregate':
        return await this.#aggregate({ ...question, filter: this.#withIds(question.filter) as Filter });
      case 'values':
        return await this.#values(question);
      case 'read':
        return await this.#read(question);
      case 'history':
        return await this.#history(question);
      case 'find':
        return await this.#find(question);
      case 'write':
        return await this.#write(question);
    }
  }

  /** `thing:4` stands for the id of the fourth. */
  #withIds(value: unknown): unknown {
    if (typeof value === 'string') {
      const [, entity = '', index] = /^(thing):(\d+)$/.exec(value) ?? [];
      return index === undefined ? value : this.#stage.data[entity]![Number(index)]!.id;
    }
    if (Array.isArray(value)) return value.map((each) => this.#withIds(each));
    if (typeof value !== 'object' || value === null) return value;
    return Object.fromEntries(Object.entries(value).map(([key, each]) => [key, this.#withIds(each)]));
  }

  /**
   * What both answer. Where nothing was ever said that could show a field, using it is refused; where the refusal
   * comes of more than that (a right and its refusal of the same extent), nothing may be there to be shown.
   */
  async #both<T, E>(
    entity: string,
    used: readonly string[],
    asked: () => Promise<T>,
    expected: () => E,
  ): Promise<{ readonly answer: T; readonly expected: E } | null> {
    const answer = await asked().catch((error: unknown) => {
      if (error instanceof Problem) return error;
      throw error;
    });
    if (answer instanceof Problem) {
      this.#tally.refused += 1;
      const all = this.#stage.data[entity]!;
      if (answer.code === 'MRT_ACCESS_DENIED') {
        ok(
          !all.some((row) => this.#rights.visible(entity, row)),
          'refused, although there is something to see',
        );
      } else {
        ok(answer.code === 'MRT_QUERY_FIELD_UNKNOWN', `refused with ${answer.code}: ${answer.text.en}`);
        const live = used.some((path) => !this.#isShownAnywhere(entity, path));
        ok(live, `refused, although ${used.join(', ')} can be read`);
      }
      return null;
    }
    ok(this.#rights.everVisible(entity), 'answered, although nothing was granted');
    try {
      return { answer, expected: expected() };
    } catch (error) {
      if (error instanceof NeverShown) fail(`answered, although ${error.message} was never granted`);
      throw error;
    }
  }

  /** Could any record show the first step of the path that may not be used at all? */
  #isShownAnywhere(entity: string, path: string): boolean {
    let of = entity;
    for (const [index, part] of path.split('.').entries()) {
      const rows = this.#stage.data[of]!;
      if (index > 0 && !rows.some((row) => this.#rights.visible(of, row))) return false;
      const name = of;
      if (!rows.some((row) => this.#rights.visible(name, row) && this.#rights.shows(name, part, row) > 0))
        return false;
      of = ENTITIES[of]?.fields[part]?.to ?? of;
    }
    return true;
  }

  #count(some: boolean): void {
    if (some) this.#tally.some += 1;
    else this.#tally.empty += 1;
  }

  async #list(question: ListQuestion): Promise<void> {
    const { entity, filter, sort, search, state, action, page } = question;
    const fields = CELLS[entity]!;
    const request: ListRequest = {
      filter,
      sort,
      search,
      state,
      fields,
      limit: page,
      count: 'exact',
      display: true,
      ...(action === null ? {} : { action }),
    };
    const used = [
      ...pathsOf(filter),
      ...sort
        .split(',')
        .filter(Boolean)
        .map((term) => term.replace('-', '')),
    ];
    const both = await this.#both(
      entity,
      used,
      () => this.#pages(entity, request),
      () => this.#queries.list(question),
    );
    if (!both) return;
    const { answer, expected } = both;
    this.#count(expected.length > 0);
    const ids = answer.items.map(({ id }) => String(id));
    const wanted = expected.map(({ id }) => id);
    deepStrictEqual(sort === '' ? ids.toSorted() : ids, sort === '' ? wanted.toSorted() : wanted, 'records');
    deepStrictEqual(
      answer.totals,
      answer.totals.map(() => wanted.length),
      'totals',
    );
    for (const item of answer.items) this.#checkCells(entity, item, fields);
  }

  async #pages(
    entity: string,
    request: ListRequest,
  ): Promise<{ readonly items: readonly RecordData[]; readonly totals: readonly unknown[] }> {
    const items: RecordData[] = [];
    const totals: unknown[] = [];
    let cursor: string | undefined;
    do {
      const answer = await this.#stage.on.records.list(this.#context, entity, {
        ...request,
        ...(cursor === undefined ? {} : { cursor }),
      });
      items.push(...answer.items);
      totals.push(answer.total);
      cursor = answer.next;
    } while (cursor !== undefined);
    return { items, totals };
  }

  #row(entity: string, id: unknown): Thing {
    return (
      this.#stage.data[entity]!.find((each) => each.id === id) ?? fail(`${entity} ${String(id)} is not there`)
    );
  }

  /** Every cell shows what it may and nothing else, and so do the names beside references. */
  #checkCells(entity: string, item: RecordData, fields: readonly string[]): void {
    const row = this.#row(entity, item['id']);
    for (const path of fields) {
      const expected = this.#queries.shown(entity, row, path);
      if (!isDeepStrictEqual(item[path] ?? null, expected))
        fail(
          `${entity} ${row.id} shows ${path} as ${JSON.stringify(item[path])}, not ${JSON.stringify(expected)}`,
        );
      const to = ENTITIES[entity]!.fields[path]?.to;
      const name = item[`${path}$display`] ?? null;
      if (to === undefined || name === null) continue;
      deepStrictEqual(
        name,
        this.#queries.shown(entity, row, `${path}.${ENTITIES[to]!.display}`),
        `${path}$display`,
      );
    }
  }

  async #aggregate(question: AggregateQuestion): Promise<void> {
    const { entity, groupBy, fn, field, filter } = question;
    const measure = field === null ? { fn } : { fn, field };
    const used = [...pathsOf(filter), ...groupBy, ...(field === null ? [] : [field])];
    const both = await this.#both(
      entity,
      used,
      () =>
        this.#stage.on.records.aggregate(this.#context, entity, {
          groupBy,
          measures: { m: measure },
          filter,
        }),
      () => this.#queries.aggregate(question),
    );
    if (!both) return;
    const rows = both.answer.map((row) => [
      ...groupBy.map((path) => row[path] ?? null),
      row['m'] === null ? null : Number(row['m']),
    ]);
    this.#count(both.expected.length > 0);
    deepStrictEqual(asTexts(rows), asTexts(both.expected), 'groups');
  }

  async #values(question: ValuesQuestion): Promise<void> {
    const { entity, field, search } = question;
    const both = await this.#both(
      entity,
      [field],
      () => this.#stage.on.records.valuesInUse(this.#context, entity, field, search),
      () => this.#queries.values(question),
    );
    if (!both) return;
    const { answer, expected } = both;
    this.#count(expected.size > 0);
    for (const { value, uses } of answer) deepStrictEqual(uses, expected.get(value), `uses of ${value}`);
    deepStrictEqual(answer.length, Math.min(expected.size, 20), 'values in use');
  }

  async #read({ entity, record, include }: ReadQuestion): Promise<void> {
    const all = this.#stage.data[entity]!;
    const row = all[record % all.length]!;
    const item = await this.#stage.on.records
      .read(this.#context, entity, row.id, { include, rights: true, display: true })
      .catch((error: unknown) => {
        if (error instanceof Problem && error.code === 'MRT_RECORD_NOT_FOUND') return null;
        throw error;
      });
    const may = (action: Parameters<Rights['may']>[1]): boolean => this.#rights.may(entity, action, row);
    const there = (row['deleted_at'] ?? null) === null || may('delete') || may('restore');
    ok(
      (item !== null) === (there && this.#rights.visible(entity, row)),
      item === null ? 'not found' : 'found',
    );
    this.#count(item !== null);
    if (item === null) return;
    const own = Object.entries(ENTITIES[entity]!.fields).filter(([, { kind }]) => kind !== 'many');
    this.#checkCells(
      entity,
      item,
      own.map(([name]) => name),
    );
    const isLine = ENTITIES[entity]!.parent !== undefined;
    const rights = (['update', 'delete', 'void', 'restore', 'print'] as const).filter(
      (action) => !(isLine && (action === 'void' || action === 'restore')),
    );
    deepStrictEqual(item['$rights'], rights.filter(may), '$rights');
    for (const name of include) {
      const shown = item[name] as readonly RecordData[] | undefined;
      if (!this.#rights.readable(entity, name, row)) {
        deepStrictEqual(shown ?? null, null, name);
        continue;
      }
      const { to = '' } = ENTITIES[entity]!.fields[name]!;
      const children = this.#queries.children(entity, row, name);
      deepStrictEqual(
        (shown ?? []).map(({ id }) => String(id)).toSorted(),
        children.map(({ id }) => id).toSorted(),
        name,
      );
      const cells = Object.entries(ENTITIES[to]!.fields).filter(([, { kind }]) => kind !== 'many');
      for (const child of shown ?? [])
        this.#checkCells(
          to,
          child,
          cells.map(([field]) => field),
        );
    }
  }

  async #history({ entity, record }: HistoryQuestion): Promise<void> {
    const all = this.#stage.data[entity]!;
    const row = all[record % all.length]!;
    const shown = await this.#historyOf(this.#context, entity, row.id);
    const may = (action: Parameters<Rights['may']>[1]): boolean => this.#rights.may(entity, action, row);
    const there = (row['deleted_at'] ?? null) === null || may('delete') || may('restore');
    ok((shown !== null) === (there && this.#rights.visible(entity, row)), 'history found');
    this.#count(shown !== null);
    if (shown === null) return;
    const whole = (await this.#historyOf(this.#stage.on.system, entity, row.id)) ?? [];
    const known = new Set(Object.keys(ENTITIES[entity]!.fields));
    const changes = (entries: readonly HistoryEntry[]): unknown =>
      entries.map(({ id, changes: fields }) => [
        id,
        Object.entries(fields)
          // Lines are shown as far as they may be; the rest is compared whole.
          .filter(([name]) => known.has(name) && ENTITIES[entity]!.fields[name]?.kind !== 'many')
          .filter(([name]) => entries === shown || this.#rights.readable(entity, name, row))
          .toSorted(([a], [b]) => (a < b ? -1 : 1)),
      ]);
    deepStrictEqual(changes(shown), changes(whole), 'changes');
  }

  async #historyOf(context: Context, entity: string, id: string): Promise<readonly HistoryEntry[] | null> {
    return await this.#stage.on.records.history(context, entity, id).catch((error: unknown) => {
      if (error instanceof Problem && error.code === 'MRT_RECORD_NOT_FOUND') return null;
      throw error;
    });
  }

  /** Everything found may be seen by what it was found; a value as it stands is found by all who may read it. */
  async #find({ text }: FindQuestion): Promise<void> {
    const { on, data } = this.#stage;
    const groups = await findRecords({ db: on.db, records: on.records }, this.#context, { text, limit: 50 });
    const plain = (value: unknown): string =>
      String(value)
        .toLowerCase()
        .replaceAll(/[^\p{L}\p{N}]/gu, '');
    for (const { entity, items } of groups)
      for (const hit of items) {
        const row = this.#row(entity, hit.id);
        ok(this.#rights.visible(entity, row) && (row['deleted_at'] ?? null) === null, `found ${hit.id}`);
        ok(this.#rights.readable(entity, hit.field, row), `found ${hit.id} by ${hit.field}`);
        ok(plain(row[hit.field]).includes(plain(hit.snippet)), `snippet ${hit.snippet}`);
        deepStrictEqual(hit.display, this.#queries.shown(entity, row, ENTITIES[entity]!.display), 'display');
      }
    for (const [entity, fields] of Object.entries(FOUND_BY))
      for (const row of data[entity]!) {
        if (
          !this.#rights.visible(entity, row) ||
          (row['deleted_at'] ?? null) !== null ||
          row['is_void'] === true
        )
          continue;
        const by = fields.some(
          (field) => this.#rights.readable(entity, field, row) && plain(row[field]) === plain(text),
        );
        const isFound = groups.some(
          (group) => group.entity === entity && group.items.some(({ id }) => id === row.id),
        );
        ok(!by || isFound, `${entity} ${row.id} is not found`);
      }
    this.#count(groups.length > 0);
  }

  async #write({ entity, operation, records, patch }: WriteQuestion): Promise<void> {
    const all = this.#stage.data[entity]!;
    for (const index of records) {
      const row = all[index % all.length]!;
      if ((row['deleted_at'] ?? null) !== null || (row['review_status'] ?? 'unreviewed') !== 'unreviewed')
        continue;
      const expected = this.#mayWrite(entity, operation, row, patch);
      const code = await this.#tried(entity, operation, row, patch);
      this.#count(expected === 'done');
      // A record that others refer to stays: that is another matter.
      const isDone = code === 'done' || (operation === 'delete' && code === 'MRT_RECORD_REFERENCED');
      deepStrictEqual(isDone ? 'done' : code, expected, `${operation} of ${row.id}`);
    }
  }

  #mayWrite(entity: string, operation: WriteQuestion['operation'], row: Thing, patch: object): string {
    if (!this.#rights.visible(entity, row)) return 'MRT_RECORD_NOT_FOUND';
    if (!this.#rights.may(entity, operation, row)) return 'MRT_ACCESS_DENIED';
    if (operation !== 'update') return 'done';
    const after: Thing = { ...row, ...patch };
    if (Object.keys(patch).some((field) => !this.#rights.writes(entity, field, row)))
      return 'MRT_ACCESS_FIELD';
    return this.#rights.may(entity, 'update', after) ? 'done' : 'MRT_ACCESS_DENIED';
  }

  async #tried(
    entity: string,
    operation: WriteQuestion['operation'],
    row: Thing,
    patch: object,
  ): Promise<string> {
    const { db, records } = this.#stage.on;
    const undone = new Error('undone');
    return await db
      .transaction(async (tx) => {
        const [{ version } = { version: 1 }] = await tx.query<{ version: number }>({
          text: `select version from "${entity}" where id = $1::uuid`,
          values: [row.id],
        });
        const item =
          operation === 'update' ? { id: row.id, version: Number(version), ...patch } : { id: row.id };
        await records.bulk!(this.#context, entity, { operation, items: [item] }, tx);
        throw undone;
      })
      .then(
        () => 'kept',
        (error: unknown) => {
          if (error === undone) return 'done';
          if (error instanceof Problem) return error.code;
          throw error;
        },
      );
  }
}

/** Fields by whose whole value the search box must find a record. */
const FOUND_BY: Readonly<Record<string, readonly string[]>> = {
  thing: ['name'],
  visit: ['subject'],
  user: ['display_name'],
};

function pathsOf(filter: Filter): readonly string[] {
  return Object.entries(filter).flatMap(([key, value]) => {
    if (key === '$not') return pathsOf(value as Filter);
    return key.startsWith('$') ? (value as Filter[]).flatMap((each) => pathsOf(each)) : [key];
  });
}

function asTexts(rows: readonly (readonly unknown[])[]): readonly string[] {
  return rows.map((row) => JSON.stringify(row)).toSorted();
}

/** Plays a case. @throws AssertionError where product and oracle differ, with the question */
export async function playCase(stage: Stage, given: GateCase, tally: Tally): Promise<void> {
  const play = new Play(stage, await stage.enter(given.setup), given, tally);
  for (const question of given.questions) {
    try {
      await play.ask(question);
    } catch (error) {
      const told = error instanceof Error ? error.message : String(error);
      throw new Error(`${told}\nasked: ${JSON.stringify(question)}\nin: ${JSON.stringify(given.setup)}`, {
        cause: error,
      });
    }
  }
}
