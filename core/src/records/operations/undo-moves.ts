import { problem } from '../../errors/catalogue.ts';
import type { Problem } from '../../errors/problem.ts';
import type { Context } from '../../context/context.ts';
import type { EntityModel, FieldModel } from '../../model/model.ts';
import type { Transaction } from '../../store/database.ts';
import { localise } from '../../text/locale.ts';
import { keepDerived } from '../derived/keep-derived.ts';
import type { Values } from '../draft.ts';
import { entityOf } from '../entity-of.ts';
import { draftOf, gateLoaded, loadRecord, touch } from '../load-record.ts';
import { forgetMerged, isMerged, mergedBy, type MergedRecord } from '../merge/merged-records.ts';
import type { WriteOptions } from '../records.ts';
import { mergeFunctions } from '../../access/deciding-rights.ts';
import { rewriteRecords } from '../rewrite/rewrite-records.ts';
import { updateRecord } from '../update-record.ts';
import type { WriteScope } from '../write-scope.ts';
import { writeStatement } from '../write-statement.ts';
import type { Operation, UndoneRecord } from './operations.ts';
import { trySafely } from './try-safely.ts';
import { historyOf, planUndo, type HistoryOf, type UndoStep } from './undo-plan.ts';

/** What became of a record, before anybody asks for its name. */
export interface Undone extends Omit<UndoneRecord, 'display'> {
  /** The name of a merged record, by which it is told when it cannot come back: lists do not show it. */
  readonly was?: string;
}

/** What undoing came to. */
export interface UndoneMoves {
  readonly records: readonly Undone[];
  /** A record that had been merged cannot come back: then nothing is taken back. */
  readonly isRefused: boolean;
}

/** Undoing one operation, as its parts need it. */
interface Undoing {
  readonly scope: WriteScope;
  readonly context: Context;
  readonly tx: Transaction;
  readonly operation: Operation;
  readonly options: WriteOptions;
}

/** The function permissions without which an operation of this kind is not taken back. */
const RIGHTS: Readonly<Partial<Record<Operation['kind'], (entity: string) => readonly string[]>>> = {
  merge: mergeFunctions,
  'hand-over': () => ['users.configure', 'assign'],
};

/** Does the operation write records of several entities as the consequence of one act? */
export function isMove({ kind }: Operation): boolean {
  return RIGHTS[kind] !== undefined;
}

/**
 * Takes back what changed records of several entities. The merged records come back and get what was theirs; what was
 * changed later stays, and is told.
 * @throws MRT_ACCESS_FUNCTION, MRT_RECORD_STATE when the survivor was merged itself meanwhile
 */
export async function undoMoves(undoing: Undoing): Promise<UndoneMoves> {
  const { context, tx, operation } = undoing;
  for (const right of RIGHTS[operation.kind]?.(operation.entity) ?? [])
    if (!context.access.mayUse(right)) throw problem('MRT_ACCESS_FUNCTION', { function: right });
  const merged = await mergedBy(tx, operation.id);
  const first = await undoMerged(undoing, merged);
  if (first.isRefused) return first;
  const apart = new Set(merged.flatMap(({ id, survivor }) => [id, survivor]));
  const records = [...first.records];
  for (const entity of await touchedEntities(context, tx, operation.id))
    records.push(...(await undoAttached(undoing, entity, apart)));
  return { records, isRefused: false };
}

/** Entities of which the operation wrote records, in the order in which a merge locks them. */
async function touchedEntities(
  context: Context,
  tx: Transaction,
  operation: string,
): Promise<readonly EntityModel[]> {
  const rows = await tx.query<{ entity: string }>({
    text: 'select distinct entity from mortise.history where operation = $1::uuid',
    values: [operation],
  });
  return rows
    .map(({ entity }) => context.model.entities.get(entity))
    .filter((entity) => entity !== undefined)
    .sort((a, b) => (a.name < b.name ? -1 : 1));
}

async function undoMerged(undoing: Undoing, merged: readonly MergedRecord[]): Promise<UndoneMoves> {
  const { scope, context, tx, operation, options } = undoing;
  const [some] = merged;
  if (!some) return { records: [], isRefused: false };
  const entity = entityOf(context, some.entity);
  if (await isMerged(tx, entity.name, some.survivor))
    throw problem('MRT_RECORD_STATE', {
      reason:
        context.locale === 'en'
          ? 'the record that stayed was merged itself; undo that merge first'
          : '保留的记录后来又被合并,请先撤销后一次合并',
    });
  // In the order of a merge: two that meet wait for one another.
  for (const id of [some.survivor, ...merged.map(({ id: each }) => each)].toSorted())
    await loadRecord(tx, context, entity, id);
  const records: Undone[] = [];
  const step = (await planUndo(tx, entity, operation.id)).find(({ id }) => id === some.survivor);
  // The survivor first: a unique value that it took from a loser must be free again.
  if (step) {
    const refused =
      step.action === 'change'
        ? await trySafely(tx, context, entity, async () => {
            await updateRecord(scope, context, entity.name, step.id, step.version, step.patch, options, tx);
          })
        : null;
    records.push(outcome(context, entity, step, refused));
  }
  let isRefused = false;
  for (const { id, display } of merged) {
    const refused = await trySafely(tx, context, entity, () => bringBack(undoing, entity, id));
    isRefused ||= refused !== null;
    const back: UndoStep = { id, version: 0, action: 'restore', patch: {}, kept: [] };
    records.push({ ...outcome(context, entity, back, refused), was: display });
  }
  if (!isRefused) await forgetMerged(tx, operation.id);
  return { records, isRefused };
}

/** A merged record as it was; nobody could change it meanwhile. */
async function bringBack({ scope, context, tx, options }: Undoing, entity: EntityModel, id: string) {
  const loaded = await loadRecord(tx, context, entity, id);
  gateLoaded(context, entity, loaded, 'restore');
  const draft = draftOf(context, entity, loaded);
  draft.values['deleted_at'] = null;
  draft.values['deleted_by'] = null;
  touch(context, draft);
  await tx.query(writeStatement(context, draft, 'restore', options).statement);
  await keepDerived(context, tx, [draft], false);
  tx.afterCommit(() => scope.written?.({ entity: entity.name, id, action: 'restore' }, context));
}

/** Says what became of one record. */
function outcome(
  context: Context,
  entity: EntityModel,
  { id, action, patch, kept }: UndoStep,
  refused: Problem | null,
): Undone {
  const because = refused === null ? (action === null ? 'changed' : null) : 'refused';
  const isDone = because === null;
  return {
    entity: entity.name,
    id,
    action: isDone ? action : null,
    restored: isDone ? Object.keys(patch) : [],
    kept,
    because,
    reason: refused && localise(refused.text, context.locale),
  };
}

interface Moved {
  readonly id: string;
  /** Former values of the fields that nobody changed since. */
  readonly former: Values;
  readonly kept: readonly string[];
}

/** Former values of what a record was given by the operation, as far as nobody gave it another one since. */
function movedOf(entity: EntityModel, id: string, history: readonly HistoryOf[]): Moved {
  const later = new Set(history.filter(({ own }) => !own).flatMap(({ changes }) => Object.keys(changes)));
  const former: Values = {};
  const kept: string[] = [];
  for (const { own, changes } of history) {
    if (!own) continue;
    for (const [name, { old }] of Object.entries(changes)) {
      if (!entity.fields.get(name)?.column || name in former || kept.includes(name)) continue;
      if (later.has(name)) kept.push(name);
      else former[name] = old;
    }
  }
  return { id, former, kept };
}

async function undoAttached(
  undoing: Undoing,
  entity: EntityModel,
  apart: ReadonlySet<string>,
): Promise<readonly Undone[]> {
  const { context, tx, operation } = undoing;
  const history = await historyOf(tx, entity, operation.id);
  const all = [...history].filter(([id]) => !apart.has(id)).map(([id, rows]) => movedOf(entity, id, rows));
  const free = all.filter(({ former }) => Object.keys(former).length > 0);
  let refusals = new Map<string, Problem>();
  let written = new Set<string>();
  const together = await trySafely(tx, context, entity, async () => {
    written = await moveBack(undoing, entity, free);
  });
  if (together !== null) {
    // One of them is refused; which one is found out one by one.
    refusals = new Map();
    written = new Set();
    for (const each of free) {
      const refused = await trySafely(tx, context, entity, async () => {
        for (const id of await moveBack(undoing, entity, [each])) written.add(id);
      });
      if (refused) refusals.set(each.id, refused);
    }
  }
  return all.map(({ id, former, kept }) => {
    const action = written.has(id) ? ('change' as const) : null;
    return outcome(
      context,
      entity,
      { id, version: 0, action, patch: former, kept },
      refusals.get(id) ?? null,
    );
  });
}

async function moveBack(
  { scope, context, tx, options }: Undoing,
  entity: EntityModel,
  moved: readonly Moved[],
): Promise<Set<string>> {
  if (moved.length === 0) return new Set();
  const byId = new Map(moved.map((each) => [each.id, each.former]));
  const names = new Set(moved.flatMap(({ former }) => Object.keys(former)));
  const fields = [...names].flatMap((name): readonly FieldModel[] => {
    const field = entity.fields.get(name);
    return field ? [field] : [];
  });
  const written = await rewriteRecords(
    scope,
    context,
    tx,
    {
      entity,
      fields,
      where: (source, bind) => `${source.alias}.id = ANY(${bind([...byId.keys()])}::uuid[])`,
      change: (record) => byId.get(String(record['id'])) ?? {},
    },
    options,
  );
  return new Set(written);
}
