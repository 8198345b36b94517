import { quoteName } from '../../access/quote-name.ts';
import type { Context } from '../../context/context.ts';
import type { ComputeNode, DerivedNode, RollupNode } from '../../model/derived/derived-node.ts';
import { LIVENESS, nodeKey, type Reads } from '../../model/derived/derived-node.ts';
import { derivedGraph, upperOf, type Stage } from '../../model/derived/derived-graph.ts';
import { DERIVED_PART } from '../../model/derived/derived-fields.ts';
import type { EntityModel, FieldModel, Model } from '../../model/model.ts';
import type { Row, Transaction } from '../../store/database.ts';
import type { Draft, Values } from '../draft.ts';
import { namedStatement } from '../named-statement.ts';
import { typeOfField } from '../type-of-field.ts';
import { runPoint } from '../write-points.ts';
import { dateInZone } from '../today.ts';
import { constantsOn, derivedTable, lockSql, stepSql, type DerivedStatement } from './step-sql.ts';
import { Touched } from './touched.ts';

/** What open transactions still have to follow. */
const OPEN = new WeakMap<Transaction, Touched>();
/** First key of the locks of components. */
const LOCK_CLASS = 73_017;

/** The list that a transaction keeps; what is on it is followed before the commit at the latest. */
function touchedOf(tx: Transaction, context: Context): Touched {
  let touched = OPEN.get(tx);
  if (!touched) {
    OPEN.set(tx, (touched = new Touched()));
    tx.beforeCommit(() => followUp(tx, context, []));
  }
  return touched;
}

function noteDraft(touched: Touched, model: Model, draft: Draft): void {
  touched.note(model, draft.entity, draft.id, draft.previous, draft.values);
  for (const [name, lines] of draft.lines) {
    const field = draft.entity.fields.get(name);
    const entity = model.entities.get(String(field?.def['entity']));
    if (!entity) continue;
    const kept = new Set<unknown>();
    for (const { values, previous } of lines) {
      kept.add(values['id']);
      touched.note(model, entity, String(values['id']), previous, values);
    }
    for (const line of draft.previousLines.get(name) ?? [])
      if (!kept.has(line['id'])) touched.note(model, entity, String(line['id']), line, null);
  }
}

/** Does a derived field follow what this draft writes? It can be asked before it is written. */
export function feedsDerived({ model }: Context, draft: Draft): boolean {
  if (!isRead(model, draft)) return false;
  const touched = new Touched();
  noteDraft(touched, model, draft);
  return !touched.isEmpty;
}

/** Does any derived field read records of the draft's kind, or of its lines'? */
function isRead(model: Model, { entity, lines }: Draft): boolean {
  const { interests } = derivedGraph(model);
  return (
    interests.has(entity.name) ||
    [...lines.keys()].some((name) => interests.has(String(entity.fields.get(name)?.def['entity'])))
  );
}

/**
 * Called after each write of records: derived fields of whatever record that read what was written follow in the same
 * transaction (ENG-05). With `now`, for a write that has the transaction to itself, they follow at once, and the
 * drafts get the values; otherwise together before the commit. Writes of what no derived field reads cost nothing.
 */
export async function keepDerived(
  context: Context,
  tx: Transaction,
  drafts: readonly Draft[],
  now: boolean,
): Promise<void> {
  const { model } = context;
  const concerned = drafts.filter((draft) => isRead(model, draft));
  if (concerned.length === 0) return;
  const touched = touchedOf(tx, context);
  for (const draft of concerned) noteDraft(touched, model, draft);
  if (now) await followUp(tx, context, drafts);
}

/** The same for a line that was removed alone. */
export function keepWithout(
  context: Context,
  tx: Transaction,
  entity: EntityModel,
  id: string,
  previous: Readonly<Values>,
): void {
  if (derivedGraph(context.model).interests.has(entity.name))
    touchedOf(tx, context).note(context.model, entity, id, previous, null);
}

/** The same for a record whose own formulas were calculated anew. */
export function keepWritten(
  context: Context,
  tx: Transaction,
  entity: EntityModel,
  previous: Readonly<Values>,
  values: Readonly<Values>,
): void {
  if (derivedGraph(context.model).interests.has(entity.name))
    touchedOf(tx, context).note(context.model, entity, String(values['id']), previous, values);
}

/** Brings derived fields of these records up to date whatever has changed; all that read them follow. */
export function askDerived(
  context: Context,
  tx: Transaction,
  entity: EntityModel,
  fields: readonly string[],
  ids: readonly string[],
): void {
  const touched = touchedOf(tx, context);
  for (const field of fields) touched.ask(nodeKey(entity.name, field), ids);
}

/**
 * Brings up to date at once what would follow before the commit, for work in the transaction that reads it earlier.
 * What is written after it follows as usual.
 */
export async function flushDerived(tx: Transaction, context: Context): Promise<void> {
  await followUp(tx, context, []);
}

async function followUp(tx: Transaction, context: Context, drafts: readonly Draft[]): Promise<void> {
  const touched = OPEN.get(tx);
  if (!touched || touched.isEmpty) return;
  // Writes that come later start a new list.
  OPEN.delete(tx);
  await new FollowUp(tx, context, touched, drafts).run();
}

/** One round: every stage of the model in its order, as far as it is touched. */
class FollowUp {
  readonly #tx: Transaction;
  readonly #context: Context;
  readonly #touched: Touched;
  readonly #drafts: ReadonlyMap<string, Draft>;
  /** Node key → records whose value has become another one. */
  readonly #changed = new Map<string, Set<string>>();

  constructor(tx: Transaction, context: Context, touched: Touched, drafts: readonly Draft[]) {
    this.#tx = tx;
    this.#context = context;
    this.#touched = touched;
    this.#drafts = new Map(drafts.map((draft) => [draft.id, draft]));
  }

  async run(): Promise<void> {
    const graph = derivedGraph(this.#context.model);
    await this.#lockComponents();
    for (const stage of graph.stages) await this.#follow(stage, graph.rolledUp.has(stage.entity.name));
    await this.#forgetGone();
  }

  /** In the order of their numbers, and before any row is locked. */
  async #lockComponents(): Promise<void> {
    const { interests, nodes } = derivedGraph(this.#context.model);
    const names = new Set([
      ...this.#touched.records.keys(),
      ...[...this.#touched.asked.keys()].flatMap((key) => nodes.get(key)?.entity.name ?? []),
    ]);
    const locks = new Set([...names].flatMap((name) => [...(interests.get(name)?.locks ?? [])]));
    for (const lock of [...locks].sort((a, b) => a - b)) {
      await this.#tx.query({
        text: 'SELECT pg_advisory_xact_lock($1::integer, $2::integer)',
        values: [LOCK_CLASS, lock],
      });
    }
  }

  async #follow({ entity, steps, locksRows }: Stage, isRolledUp: boolean): Promise<void> {
    const found = new Map<DerivedNode, ReadonlySet<string>>();
    for (const node of steps.flat()) found.set(node, await this.#idsOf(node));
    if (locksRows) {
      const ids = new Set([...found.values()].flatMap((each) => [...each]));
      // A record that moves takes its derived values along: nobody may be changing them meanwhile.
      if (isRolledUp) for (const id of this.#touched.records.get(entity.name)?.keys() ?? []) ids.add(id);
      if (ids.size > 0) await this.#run(lockSql(entity), ids);
    }
    for (const step of steps) {
      const ids = new Set(step.flatMap((node) => [...(found.get(node) ?? []), ...this.#ownBefore(node)]));
      if (ids.size === 0) continue;
      const rows = await this.#run(statementOf(this.#context.model, entity, step), ids);
      const changed = rows.map((row) => String(row['id']));
      for (const node of step) this.#add(node.key, changed);
      for (const row of rows) this.#show(row, step);
    }
  }

  #add(key: string, ids: readonly string[]): void {
    const changed = this.#changed.get(key) ?? new Set();
    this.#changed.set(key, changed);
    for (const id of ids) changed.add(id);
  }

  /** Puts the new values into the draft that is answered. */
  #show(row: Row, step: readonly DerivedNode[]): void {
    const draft = this.#drafts.get(String(row['id']));
    if (!draft) return;
    for (const { field } of step) {
      if (field.entity !== draft.entity.name) continue;
      const { type, def } = typeOfField(field);
      const raw = row[field.column!.name] ?? null;
      draft.values[field.name] = raw === null ? null : type.fromColumn(raw, def);
    }
  }

  #ownBefore(node: DerivedNode): readonly string[] {
    return node.kind === 'rollup' ? [] : this.#changedIn(node.entity, node.own);
  }

  #changedIn(entity: EntityModel, reads: Reads): string[] {
    return [...reads.derived].flatMap((name) => [...(this.#changed.get(nodeKey(entity.name, name)) ?? [])]);
  }

  async #idsOf(node: DerivedNode): Promise<ReadonlySet<string>> {
    const ids = new Set(this.#touched.asked.get(node.key));
    for (const [id, touch] of this.#touched.records.get(node.entity.name) ?? []) if (touch.isNew) ids.add(id);
    const more = node.kind === 'rollup' ? await this.#parentsOf(node) : await this.#readersOf(node);
    for (const id of more) ids.add(id);
    return ids;
  }

  async #parentsOf(node: RollupNode): Promise<string[]> {
    const { child, by, reads } = node;
    const ids: string[] = [];
    for (const [, touch] of this.#touched.changed(child.name, reads.written))
      ids.push(...(touch.parents.get(by.name) ?? []));
    ids.push(...(await this.#select(child, by, null, this.#changedIn(child, reads))));
    const upper = upperOf(this.#context.model, node);
    if (upper) {
      const gone = this.#touched
        .changed(upper.name, new Set(LIVENESS))
        .filter(([, touch]) => !touch.isNew)
        .map(([id]) => id);
      ids.push(...(await this.#select(child, by, child.fields.get(child.parent!.field)!, gone)));
    }
    return ids;
  }

  async #readersOf({ entity, own, over }: ComputeNode): Promise<string[]> {
    const ids = this.#touched.changed(entity.name, own.written).map(([id]) => id);
    for (const { by, target, reads } of over) {
      const written = this.#touched
        .changed(target.name, reads.written)
        .filter(([, touch]) => [...touch.fields].some((name) => reads.written.has(name)))
        .map(([id]) => id);
      ids.push(...(await this.#select(entity, null, by, [...written, ...this.#changedIn(target, reads)])));
    }
    return ids;
  }

  /** Values of `field` (the key when null) in the records whose `where` (the key when null) is one of `ids`. */
  async #select(
    entity: EntityModel,
    field: FieldModel | null,
    where: FieldModel | null,
    ids: readonly string[],
  ): Promise<string[]> {
    if (ids.length === 0) return [];
    const tables = new Set<string>();
    const column = (each: FieldModel | null): string => {
      const at = each?.column ?? { table: entity.table, name: 'id' };
      if (at.table === entity.table) return `t.${quoteName(at.name)}`;
      tables.add(at.table);
      return `${quoteName(at.table)}.${quoteName(at.name)}`;
    };
    const [wanted, key] = [column(field), column(where)];
    const joins = [...tables].map((table) => ` JOIN ${quoteName(table)} ON ${quoteName(table)}.id = t.id`);
    const text = `SELECT DISTINCT ${wanted} AS id FROM ${quoteName(entity.table)} t${joins.join('')} WHERE ${key} = ANY($1::uuid[]) AND ${wanted} IS NOT NULL`;
    const rows = await this.#run({ text, constants: [] }, new Set(ids));
    return rows.map((row) => String(row['id']));
  }

  /** Lines that were removed for good leave no derived row behind. */
  async #forgetGone(): Promise<void> {
    for (const [name, records] of this.#touched.records) {
      const gone = [...records].filter(([, touch]) => touch.isGone).map(([id]) => id);
      const entity = this.#context.model.entities.get(name);
      if (gone.length === 0 || !entity?.parts.has(DERIVED_PART)) continue;
      const text = `DELETE FROM ${derivedTable(entity)} WHERE id = ANY($1::uuid[])`;
      await this.#run({ text, constants: [] }, new Set(gone));
    }
  }

  #run(statement: DerivedStatement, ids: ReadonlySet<string>): Promise<Row[]> {
    const { now, timeZone } = this.#context;
    const constants = constantsOn(dateInZone(now, timeZone), statement);
    return runPoint<Row>(
      this.#tx,
      'derive',
      namedStatement(this.#context, statement.text, [[...ids].sort(), ...constants]),
    );
  }
}

const STATEMENTS = new WeakMap<readonly DerivedNode[], DerivedStatement>();

/** Steps are part of the model's graph, so each statement is written once for a version. */
function statementOf(model: Model, entity: EntityModel, step: readonly DerivedNode[]): DerivedStatement {
  let statement = STATEMENTS.get(step);
  if (!statement) STATEMENTS.set(step, (statement = stepSql(model, entity, step)));
  return statement;
}
