import { invalidRecord, problem } from '../errors/catalogue.ts';
import { Problem, type Fault } from '../errors/problem.ts';
import type { Context } from '../context/context.ts';
import type { EntityModel } from '../model/model.ts';
import type { Transaction } from '../store/database.ts';
import { isSqlError } from '../store/sql-error.ts';
import { checkReason } from './check-reason.ts';
import { createBatch } from './create-batch.ts';
import { createRecord } from './create-record.ts';
import type { Values } from './draft.ts';
import { requireAction } from './entity-of.ts';
import { forgetGuard } from './guard-version.ts';
import { endsTransaction, isItemFault, itemFaults } from './item-faults.ts';
import type { RecordData, WriteOptions } from './records.ts';
import { validateInput } from './validate-input.ts';
import { inTransaction, type WriteScope } from './write-scope.ts';

/** Most records of one call. */
export const MAX_MANY = 1000;
/** Most records of one statement. */
const MAX_BATCH = 500;

/** Records that are made in one go: `at` is the place of the first among all. */
interface Chunk {
  readonly at: number;
  readonly inputs: RecordData[];
}

function* idsIn(entity: EntityModel, input: RecordData): Iterable<string> {
  for (const [name, value] of Object.entries(input)) {
    const type = entity.fields.get(name)?.type;
    if (type !== 'reference' && type !== 'references') continue;
    for (const id of Array.isArray(value) ? (value as unknown[]) : [value])
      if (typeof id === 'string') yield id.toLowerCase();
  }
}

/**
 * Cuts where a record refers to one before it by the client's own id, or has the same id: what is looked up must be
 * written by then.
 */
function chunksOf(entity: EntityModel, inputs: readonly RecordData[]): Chunk[] {
  const chunks: Chunk[] = [];
  let ids = new Set<string>();
  for (const [at, input] of inputs.entries()) {
    const id = typeof input['id'] === 'string' ? input['id'].toLowerCase() : null;
    let last = chunks.at(-1);
    const needsNew =
      last === undefined ||
      last.inputs.length >= MAX_BATCH ||
      (ids.size > 0 && ((id !== null && ids.has(id)) || [...idsIn(entity, input)].some((to) => ids.has(to))));
    if (needsNew || last === undefined) {
      chunks.push((last = { at, inputs: [] }));
      ids = new Set();
    }
    last.inputs.push(input);
    if (id !== null) ids.add(id);
  }
  return chunks;
}

/** May these be made at once? What hooks see, lines by themselves and a record that refers to itself need their turn. */
function isBatch(scope: WriteScope, context: Context, entity: EntityModel, { inputs }: Chunk): boolean {
  if (inputs.length < 2 || entity.parent !== null) return false;
  if (scope.hooks.concerns?.(entity.name, context) !== false) return false;
  return !inputs.some((input) => typeof input['id'] === 'string' && selfReferring(entity, input));
}

function selfReferring(entity: EntityModel, input: RecordData): boolean {
  return [...idsIn(entity, input)].includes(String(input['id']).toLowerCase());
}

/** All at once, or null when that met a fault: then nothing has happened. */
async function tryBatch(
  scope: WriteScope,
  context: Context,
  entity: EntityModel,
  inputs: readonly RecordData[],
  options: WriteOptions | undefined,
  tx: Transaction,
): Promise<RecordData[] | null> {
  let values: Values[];
  try {
    requireAction(context, entity, 'create');
    checkReason(options);
    values = inputs.map((input) => validateInput(context.model, entity, 'create', input));
  } catch (error) {
    if (error instanceof Problem) return null;
    throw error;
  }
  await tx.query({ text: 'SAVEPOINT mortise_batch' });
  try {
    const made = await createBatch(scope, context, entity, values, options, tx);
    await tx.query({ text: 'RELEASE SAVEPOINT mortise_batch' });
    return made;
  } catch (error) {
    if (!(error instanceof Problem) && !isSqlError(error)) throw error;
    if (error instanceof Problem && error.code === 'MRT_MODEL_STALE') throw error;
    await tx.query({ text: 'ROLLBACK TO SAVEPOINT mortise_batch' });
    forgetGuard(tx);
    return null;
  }
}

async function oneByOne(
  scope: WriteScope,
  context: Context,
  entity: EntityModel,
  { at, inputs }: Chunk,
  options: WriteOptions | undefined,
  tx: Transaction,
  faults: Fault[],
): Promise<{ readonly made: RecordData[]; readonly ended: boolean }> {
  const made: RecordData[] = [];
  for (const [index, input] of inputs.entries()) {
    try {
      made.push(await createRecord(scope, context, entity.name, input, options, tx));
    } catch (error) {
      if (!isItemFault(error)) throw error;
      faults.push(...itemFaults(error, at + index));
      if (endsTransaction(error)) return { made, ended: true };
    }
  }
  return { made, ended: false };
}

/**
 * Creates several records of one entity, all or nothing, with the same checks, hooks, numbers and history as one
 * after the other, but many in one statement. When that meets a fault, they are tried one by one, so that every
 * faulty one is reported with its place, up to the first one that the database itself refuses.
 * @throws MRT_RECORD_INVALID with faults such as `/items/3/name`, or the only record's own problem
 */
export async function createMany(
  scope: WriteScope,
  context: Context,
  entity: EntityModel,
  inputs: readonly RecordData[],
  options?: WriteOptions,
  tx?: Transaction,
): Promise<RecordData[]> {
  if (inputs.length === 0 || inputs.length > MAX_MANY) throw problem('MRT_REQUEST_LIMIT', { max: MAX_MANY });
  if (inputs.length === 1) return [await createRecord(scope, context, entity.name, inputs[0]!, options, tx)];
  return await inTransaction(scope, tx, async (open) => {
    const answers: RecordData[] = [];
    const faults: Fault[] = [];
    for (const chunk of chunksOf(entity, inputs)) {
      const batch =
        faults.length === 0 && isBatch(scope, context, entity, chunk)
          ? await tryBatch(scope, context, entity, chunk.inputs, options, open)
          : null;
      if (batch) answers.push(...batch);
      else {
        const { made, ended } = await oneByOne(scope, context, entity, chunk, options, open, faults);
        answers.push(...made);
        if (ended) break;
      }
    }
    if (faults.length > 0) throw invalidRecord(faults);
    return answers;
  });
}
