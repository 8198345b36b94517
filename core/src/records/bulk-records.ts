import { invalidRecord, problem } from '../errors/catalogue.ts';
import { Problem, type Fault } from '../errors/problem.ts';
import type { Context } from '../context/context.ts';
import type { Transaction } from '../store/database.ts';
import { createMany, MAX_MANY } from './create-many.ts';
import { entityOf } from './entity-of.ts';
import { endsTransaction, itemFaults } from './item-faults.ts';
import type { BulkRequest, RecordData } from './records.ts';
import { removeRecord, setRecordVoid } from './remove-record.ts';
import { updateRecord } from './update-record.ts';
import type { WriteScope } from './write-scope.ts';

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
    case 'void': {
      const { id } = request.items[index]!;
      return await setRecordVoid(scope, context, entity, String(id), true, options, tx);
    }
  }
}

/**
 * Several writes, all or nothing, in one transaction. Every faulty item is reported with its place, `/items/3/name`,
 * up to the first one that the database itself refuses.
 * @throws MRT_RECORD_INVALID with the faults of all items, or the only item's own problem
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
  if (operation === 'create')
    return await createMany(scope, context, entityOf(context, entity), request.items, request.options, tx);
  const run = async (open: Transaction): Promise<RecordData[]> => {
    const answers: RecordData[] = [];
    const faults: Fault[] = [];
    for (const index of request.items.keys()) {
      try {
        answers.push(await runItem(scope, context, entity, operation, request, index, open));
      } catch (error) {
        if (!(error instanceof Problem)) throw error;
        if (request.items.length === 1) throw error;
        faults.push(...itemFaults(error, index));
        if (endsTransaction(error)) break;
      }
    }
    if (faults.length > 0) throw invalidRecord(faults);
    return answers;
  };
  return tx ? await run(tx) : await scope.db.transaction(run);
}
