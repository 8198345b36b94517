import { invalidRecord, problem } from '../errors/catalogue.ts';
import type { Fault } from '../errors/problem.ts';
import type { Context } from '../context/context.ts';
import type { Transaction } from '../store/database.ts';
import { createMany, MAX_MANY } from './create-many.ts';
import { entityOf } from './entity-of.ts';
import { endsTransaction, isItemFault, itemFaults } from './item-faults.ts';
import { logOperation } from './operations/operation-log.ts';
import type { BulkRequest, RecordData, TransitionRequest } from './records.ts';
import { removeRecord, setRecordVoid } from './remove-record.ts';
import { transitionRecord } from './workflow/transition-record.ts';
import { updateRecord } from './update-record.ts';
import { writeProblem } from './write-errors.ts';
import { inTransaction, type WriteScope } from './write-scope.ts';

/** Most items of one call. */
export const MAX_BULK = MAX_MANY;

async function runItem(
  scope: WriteScope,
  context: Context,
  entity: string,
  operation: Exclude<BulkRequest['operation'], 'create'>,
  request: BulkRequest,
  index: number,
  tx: Transaction,
): Promise<RecordData> {
  const { options } = request;
  switch (operation) {
    case 'update': {
      const { id, version, ...patch } = request.items[index]!;
      return await updateRecord(scope, context, entity, String(id), Number(version), patch, options, tx);
    }
    case 'delete': {
      const { id } = request.items[index]!;
      await removeRecord(scope, context, entity, String(id), options, tx);
      return { id };
    }
    case 'transition': {
      const { id, version, input, opinion } = request.items[index]!;
      const sent: TransitionRequest = {
        ...(version === undefined ? {} : { version: Number(version) }),
        ...(input === undefined ? {} : { input: input as RecordData }),
        ...(typeof opinion === 'string' ? { opinion } : {}),
      };
      return await transitionRecord(scope, context, entity, String(id), String(request.transition), sent, tx);
    }
    case 'void': {
      const { id } = request.items[index]!;
      return await setRecordVoid(scope, context, entity, String(id), true, options, tx);
    }
  }
}

/** One after the other; all faults of all of them together. */
async function eachItem(
  scope: WriteScope,
  context: Context,
  entity: string,
  operation: Exclude<BulkRequest['operation'], 'create'>,
  request: BulkRequest,
  tx: Transaction,
): Promise<RecordData[]> {
  const answers: RecordData[] = [];
  const faults: Fault[] = [];
  for (const index of request.items.keys()) {
    try {
      answers.push(await runItem(scope, context, entity, operation, request, index, tx));
    } catch (error) {
      if (!isItemFault(error)) throw error;
      if (request.items.length === 1) throw error;
      faults.push(...itemFaults(error, index));
      if (endsTransaction(error)) break;
    }
  }
  if (faults.length > 0) throw invalidRecord(faults);
  return answers;
}

/**
 * Several writes, all or nothing, in one transaction. Every faulty item is reported with its place, `/items/3/name`,
 * up to the first one that the database itself refuses.
 * With `options.operation` they are kept as an operation that can be undone.
 * @throws MRT_RECORD_INVALID with the faults of all items, or the only item's own problem; MRT_MODEL_STALE and
 * MRT_UNAVAILABLE, which are no item's fault
 */
export async function bulkRecords(
  scope: WriteScope,
  context: Context,
  entity: string,
  request: BulkRequest,
  tx?: Transaction,
): Promise<readonly RecordData[]> {
  const { operation } = request;
  if (request.items.length === 0 || request.items.length > MAX_BULK)
    throw problem('MRT_REQUEST_LIMIT', { max: MAX_BULK });
  const model = entityOf(context, entity);
  const { options } = request;
  const write = (open: Transaction): Promise<RecordData[]> =>
    operation === 'create'
      ? createMany(scope, context, model, request.items, options, open)
      : eachItem(scope, context, entity, operation, request, open);
  const run = async (open: Transaction): Promise<RecordData[]> => {
    const answers = await write(open);
    if (options?.operation !== undefined && operation !== 'transition')
      await logOperation(open, context, { kind: operation, entity, records: answers.length, options });
    return answers;
  };
  try {
    return await inTransaction(scope, tx, run);
  } catch (error) {
    throw writeProblem(error, context, model, tx);
  }
}
