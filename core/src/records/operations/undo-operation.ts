import { problem } from '../../errors/catalogue.ts';
import type { Context } from '../../context/context.ts';
import { isUuid } from '../../fields/uuid.ts';
import type { EntityModel } from '../../model/model.ts';
import type { Transaction } from '../../store/database.ts';
import { uuid7 } from '../../store/uuid7.ts';
import { localise } from '../../text/locale.ts';
import { entityOf } from '../entity-of.ts';
import { listRecords } from '../list-records.ts';
import type { WriteOptions } from '../records.ts';
import { removeRecord, restoreRecord, setRecordVoid } from '../remove-record.ts';
import { updateRecord } from '../update-record.ts';
import { inTransaction, type WriteScope } from '../write-scope.ts';
import { listOperations, logOperation } from './operation-log.ts';
import type { Operation, Operations, UndoAnswer, UndoneRecord } from './operations.ts';
import { trySafely } from './try-safely.ts';
import { isMove, undoMoves, type Undone } from './undo-moves.ts';
import { planUndo, type UndoStep } from './undo-plan.ts';

/** Makes the log of operations over a database; it writes by the same road as everything else. */
export function createOperations(scope: WriteScope): Operations {
  return {
    list: (context, all) => listOperations(scope.db, context, { all }),
    undo: async (context, id, preview) => await undoOperation(scope, context, id, preview),
  };
}

async function undoOperation(
  scope: WriteScope,
  context: Context,
  id: string,
  preview: boolean,
): Promise<UndoAnswer> {
  if (!isUuid(id)) throw problem('MRT_OPERATION_UNKNOWN');
  try {
    return await inTransaction(scope, undefined, async (tx) => {
      const locked = preview ? '' : ' for update';
      await tx.query({ text: `select 1 from mortise.operation where id = $1::uuid${locked}`, values: [id] });
      const [operation] = await listOperations(tx, context, { id });
      if (!operation) throw problem('MRT_OPERATION_UNKNOWN');
      if (!operation.mayUndo) throw refusal(context, operation);
      return isMove(operation)
        ? await undoAcross(scope, context, tx, operation, preview)
        : await undoSteps(scope, context, tx, operation, preview);
    });
  } catch (error) {
    if (error instanceof RolledBack) return error.answer;
    throw error;
  }
}

/** Carries an answer out of a transaction of which nothing is to stay. */
class RolledBack extends Error {
  readonly answer: UndoAnswer;
  constructor(answer: UndoAnswer) {
    super('rolled back');
    this.answer = answer;
  }
}

/** An operation on the records of one entity: each is taken back by itself. */
async function undoSteps(
  scope: WriteScope,
  context: Context,
  tx: Transaction,
  operation: Operation,
  preview: boolean,
): Promise<UndoAnswer> {
  const entity = entityOf(context, operation.entity);
  const steps = await planUndo(tx, entity, operation.id);
  const names = await namesOf(
    scope,
    context,
    entity,
    steps.map(({ id }) => id),
    tx,
  );
  const undone = (step: UndoStep, reason: string | null) => outcome(entity, step, names, reason);
  if (preview) return { operation: null, records: steps.map((step) => undone(step, null)), more: 0 };
  const undoing = uuid7();
  const records: UndoneRecord[] = [];
  for (const step of steps) {
    const refused = await trySafely(tx, context, entity, () =>
      takeBack(scope, context, entity.name, step, { operation: undoing }, tx),
    );
    records.push(undone(step, refused && localise(refused.text, context.locale)));
  }
  const done = records.filter(({ action }) => action !== null).length;
  // Every refused record was rolled back by itself: nothing has happened, and it may be tried again.
  if (done === 0) return { operation: null, records, more: 0 };
  await logUndoing(tx, context, operation, undoing, done);
  return { operation: undoing, records, more: 0 };
}

/** One that changed records of several entities: a preview does it all and rolls back. */
async function undoAcross(
  scope: WriteScope,
  context: Context,
  tx: Transaction,
  operation: Operation,
  preview: boolean,
): Promise<UndoAnswer> {
  const undoing = uuid7();
  const options = { operation: undoing };
  const { records: undone, isRefused } = await undoMoves({ scope, context, tx, operation, options });
  const done = undone.filter(({ action }) => action !== null).length;
  const records = await named(scope, context, tx, undone);
  const shown = records.slice(0, MOST);
  const answer = { records: shown, more: records.length - shown.length };
  if (preview || isRefused || done === 0) throw new RolledBack({ ...answer, operation: null });
  await logUndoing(tx, context, operation, undoing, done);
  return { ...answer, operation: undoing };
}

/** With their names, what stays first. A record that was only drawn along and that the asker may not know of is left out. */
async function named(
  scope: WriteScope,
  context: Context,
  tx: Transaction,
  undone: readonly Undone[],
): Promise<readonly UndoneRecord[]> {
  const names = new Map<string, ReadonlyMap<string, string>>();
  for (const [name, own] of Map.groupBy(undone, ({ entity }) => entity)) {
    const entity = entityOf(context, name);
    const access = context.access.entity(entity);
    const ids = own.map(({ id }) => id);
    names.set(
      name,
      access.may('query') || access.may('read')
        ? await namesOf(scope, context, entity, ids, tx)
        : new Map<string, string>(),
    );
  }
  return undone
    .map(({ was, ...each }) => ({ ...each, display: names.get(each.entity)?.get(each.id) ?? was ?? null }))
    .filter(({ display }) => display !== null)
    .toSorted((a, b) => rank(a) - rank(b));
}

function rank({ action, kept }: UndoneRecord): number {
  return action === null ? 0 : kept.length > 0 ? 1 : 2;
}

async function logUndoing(
  tx: Transaction,
  context: Context,
  operation: Operation,
  undoing: string,
  records: number,
): Promise<void> {
  await logOperation(tx, context, {
    kind: 'undo',
    entity: operation.entity,
    records,
    options: { operation: undoing },
  });
  await tx.query({
    text: 'update mortise.operation set undone_by = $2::uuid where id = $1::uuid',
    values: [operation.id, undoing],
  });
}

function refusal(context: Context, { kind }: Operation): Error {
  const [zh, en] =
    kind === 'undo'
      ? ['撤销本身不能再撤销', 'it is itself an undoing']
      : ['已经撤销', 'it is undone already'];
  return problem('MRT_RECORD_STATE', { reason: context.locale === 'en' ? en : zh });
}

async function takeBack(
  scope: WriteScope,
  context: Context,
  entity: string,
  { id, version, action, patch }: UndoStep,
  options: WriteOptions,
  tx: Transaction,
): Promise<void> {
  if (action === 'change') await updateRecord(scope, context, entity, id, version, patch, options, tx);
  if (action === 'remove') await removeRecord(scope, context, entity, id, options, tx);
  if (action === 'restore') await restoreRecord(scope, context, entity, id, options, tx);
  if (action === 'unvoid') await setRecordVoid(scope, context, entity, id, false, options, tx);
}

function outcome(
  entity: EntityModel,
  step: UndoStep,
  names: ReadonlyMap<string, string>,
  refused: string | null,
): UndoneRecord {
  const display = names.get(step.id) ?? null;
  const because = refused === null ? (step.action === null ? 'changed' : null) : 'refused';
  const isDone = because === null;
  return {
    entity: entity.name,
    id: step.id,
    display,
    action: isDone ? step.action : null,
    restored: isDone ? Object.keys(step.patch) : [],
    kept: step.kept,
    because,
    reason: refused,
  };
}

/** What the asker may know the records by. */
async function namesOf(
  scope: WriteScope,
  context: Context,
  entity: EntityModel,
  all: readonly string[],
  tx: Transaction,
): Promise<ReadonlyMap<string, string>> {
  const names = new Map<string, string>();
  for (let at = 0; at < all.length; at += MOST) {
    const ids = all.slice(at, at + MOST);
    for (const state of ['all', 'deleted'] as const) {
      if (state === 'deleted' && !entity.fields.has('deleted_at')) continue;
      const request = {
        filter: { id: { $in: ids } },
        fields: ['id', entity.display],
        display: true,
        limit: MOST,
        count: 'none' as const,
        state,
      };
      const { items } = await listRecords(tx, context, entity.name, request, scope.dictionaries);
      for (const item of items)
        names.set(
          String(item['id']),
          String(item[`${entity.display}$display`] ?? item[entity.display] ?? ''),
        );
    }
  }
  return names;
}

/** A bulk write has no more records, and no answer has. */
const MOST = 1000;
