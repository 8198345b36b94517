import { createHash } from 'node:crypto';
import type { Context } from '../context/context.ts';
import { invalidRecord, problem } from '../errors/catalogue.ts';
import type { Fault } from '../errors/problem.ts';
import { checkReason } from '../records/check-reason.ts';
import type { RecordsEngine } from '../records/create-records.ts';
import { entityOf } from '../records/entity-of.ts';
import { isItemFault, itemFaults } from '../records/item-faults.ts';
import type { BulkRequest, RecordData } from '../records/records.ts';
import { faultAt } from '../records/value-fault.ts';
import { writeProblem } from '../records/write-errors.ts';
import { inTransaction } from '../records/write-scope.ts';
import type { Database, Transaction } from '../store/database.ts';
import { checkedFields, type CheckedFields } from './checked-fields.ts';
import type { DuplicatesEngine } from './create-duplicates.ts';
import type { DuplicateCandidate } from './duplicates.ts';
import type { Likely } from './find-duplicates.ts';
import { keepJudgement } from './judgements.ts';

/** The function permission to save in spite of likely duplicates (ENT-04). */
const RIGHT = 'duplicates.confirm';
/** Member of a record that is sent: `{duplicates, reason}`. */
const CONFIRM = '$confirm';

/** What somebody who saved was shown, in the problem MRT_RECORD_DUPLICATES. */
export interface LikelyDuplicates {
  readonly candidates: readonly DuplicateCandidate[];
  /** To be sent back as `$confirm.duplicates`. It stands for just these candidates, also those that have no `id`. */
  readonly confirm: string;
  /** Has the asker the right to confirm? */
  readonly mayConfirm: boolean;
}

interface Confirmation {
  readonly duplicates: string;
  readonly reason: string;
}

/** A write whose duplicates are settled: none, or judged different. */
interface Cleared {
  readonly input: RecordData;
  readonly others: readonly string[];
  readonly reason: string;
}

/** What a write is refused with. */
interface Refused {
  readonly found: readonly Likely[];
  readonly digest: string;
}

/**
 * Holds writes of people against the records there are (ENT-03, ENT-04): likely duplicates are saved only with the
 * right and a reason, which is kept with the pairs in the write's transaction. Plugins, rules and sample data are not
 * asked; they could not answer. The check is made before the write's own statements and waits for nothing.
 */
export function confirmDuplicates(
  records: RecordsEngine,
  duplicates: Pick<DuplicatesEngine, 'likely'>,
  db: Database,
): RecordsEngine {
  async function clear(
    context: Context,
    entity: string,
    sent: RecordData,
    id: string | undefined,
  ): Promise<Cleared | Refused> {
    const { [CONFIRM]: asked, ...input } = sent;
    const confirmation = confirmationOf(asked);
    const nothing: Cleared = { input, others: [], reason: '' };
    const values = await questionOf(records, context, entity, input, id);
    if (values === null) return nothing;
    const exclude =
      id ?? (typeof input['id'] === 'string' && UUID.test(input['id']) ? input['id'] : undefined);
    const found = await duplicates.likely(context, entity, { values, ...(exclude ? { exclude } : {}) });
    if (found.length === 0) return nothing;
    const digest = digestOf(found);
    if (confirmation?.duplicates !== digest) return { found, digest };
    if (!context.access.mayUse(RIGHT)) throw problem('MRT_ACCESS_FUNCTION', { function: RIGHT });
    checkReason({ reason: confirmation.reason });
    return { input, others: found.map((each) => each.id), reason: confirmation.reason };
  }

  /** Runs the write and keeps what was judged, in one transaction when there is something to keep. */
  async function write<T>(
    context: Context,
    entity: string,
    cleared: readonly Cleared[],
    tx: Transaction | undefined,
    run: (tx: Transaction | undefined) => Promise<T>,
    idsOf: (written: T) => readonly string[],
  ): Promise<T> {
    if (cleared.every(({ others }) => others.length === 0)) return await run(tx);
    const both = async (open: Transaction): Promise<T> => {
      const written = await run(open);
      const ids = idsOf(written);
      for (const [index, { others, reason }] of cleared.entries())
        if (others.length > 0) await keepJudgement(open, context, entity, ids[index] ?? '', others, reason);
      return written;
    };
    try {
      return await inTransaction({ db }, tx, both);
    } catch (error) {
      throw writeProblem(error, context, entityOf(context, entity), tx);
    }
  }

  const refused = (context: Context, { found, digest }: Refused): LikelyDuplicates => ({
    candidates: found.map(({ candidate }) => candidate),
    confirm: digest,
    mayConfirm: context.access.mayUse(RIGHT),
  });

  async function clearItems(
    context: Context,
    entity: string,
    request: BulkRequest,
  ): Promise<readonly Cleared[]> {
    const cleared: Cleared[] = [];
    const faults: Fault[] = [];
    const all: (LikelyDuplicates & { readonly index: number })[] = [];
    for (const [index, item] of request.items.entries()) {
      const id = request.operation === 'update' ? String(item['id']) : undefined;
      try {
        const one = await clear(context, entity, item, id);
        if ('input' in one) cleared.push(one);
        else all.push({ index, ...refused(context, one) });
      } catch (error) {
        if (!isItemFault(error) || request.items.length === 1) throw error;
        faults.push(...itemFaults(error, index));
      }
    }
    if (faults.length > 0) throw invalidRecord(faults);
    if (all.length === 0) return cleared;
    const [first] = all;
    throw problem(
      'MRT_RECORD_DUPLICATES',
      { count: all.reduce((sum, { candidates }) => sum + candidates.length, 0) },
      all.map(({ index }) =>
        faultAt(
          `/items/${index}`,
          'MRT_RECORD_DUPLICATES',
          '可能与已有记录重复。',
          'It is probably already there.',
        ),
      ),
      request.items.length === 1 && first ? membersOf(first) : { items: all },
    );
  }

  return {
    ...records,
    async create(context, entity, input, options, tx) {
      if (!asks(context)) return await records.create(context, entity, input, options, tx);
      const cleared = await clear(context, entity, input, undefined);
      if (!('input' in cleared)) throw problemOf(refused(context, cleared));
      const run = (open?: Transaction) => records.create(context, entity, cleared.input, options, open);
      return await write(context, entity, [cleared], tx, run, (made) => [String(made['id'])]);
    },
    async update(context, entity, id, version, patch, options, tx) {
      if (!asks(context)) return await records.update(context, entity, id, version, patch, options, tx);
      const cleared = await clear(context, entity, patch, id);
      if (!('input' in cleared)) throw problemOf(refused(context, cleared));
      const run = (open?: Transaction) =>
        records.update(context, entity, id, version, cleared.input, options, open);
      return await write(context, entity, [cleared], tx, run, () => [id]);
    },
    async bulk(context, entity, request, tx) {
      const isWrite = request.operation === 'create' || request.operation === 'update';
      if (!asks(context) || !isWrite || request.items.length > MOST)
        return await records.bulk(context, entity, request, tx);
      const cleared = await clearItems(context, entity, request);
      const items = cleared.map(({ input }) => input);
      const run = (open?: Transaction) => records.bulk(context, entity, { ...request, items }, open);
      return await write(context, entity, cleared, tx, run, (done) => done.map((each) => String(each['id'])));
    },
  };
}

/** More than this is refused by the records anyway. */
const MOST = 1000;
const UUID = /^[0-9a-f]{8}(?:-[0-9a-f]{4}){3}-[0-9a-f]{12}$/i;

/** Is a person behind the write, at a screen or at a tool of his? */
function asks({ source }: Context): boolean {
  return source === 'screen' || source === 'api' || source === 'import';
}

function membersOf({ candidates, confirm, mayConfirm }: LikelyDuplicates): Readonly<Record<string, unknown>> {
  return { candidates, confirm, mayConfirm };
}

function problemOf(likely: LikelyDuplicates): Error {
  return problem('MRT_RECORD_DUPLICATES', { count: likely.candidates.length }, [], membersOf(likely));
}

/** Other candidates have another digest: nobody confirms what he was not shown. */
function digestOf(found: readonly Likely[]): string {
  const ids = found.map(({ id }) => id).sort();
  return createHash('sha256').update(ids.join()).digest('base64url').slice(0, 22);
}

/** @throws MRT_REQUEST_MALFORMED */
function confirmationOf(sent: unknown): Confirmation | null {
  if (sent === undefined || sent === null) return null;
  const { duplicates, reason } = typeof sent === 'object' ? (sent as Record<string, unknown>) : {};
  if (typeof duplicates !== 'string')
    throw problem('MRT_REQUEST_MALFORMED', { reason: `/${CONFIRM}/duplicates` });
  if (typeof reason !== 'string' || reason.trim() === '')
    throw problem('MRT_REQUEST_MALFORMED', { reason: `/${CONFIRM}/reason` });
  return { duplicates, reason: reason.trim() };
}

/**
 * What the record will be found by; null when the write changes none of it, or when it will be refused anyway.
 * @param id of a stored record, which is read through the gate
 */
async function questionOf(
  records: RecordsEngine,
  context: Context,
  name: string,
  input: RecordData,
  id: string | undefined,
): Promise<RecordData | null> {
  const entity = entityOf(context, name);
  const fields = checkedFields(context.model, entity);
  if (!fields || !context.access.entity(entity).may(id === undefined ? 'create' : 'update')) return null;
  const sent = fields.checked.filter(({ field }) => filled(input[field.name]));
  if (sent.length === 0) return null;
  if (id === undefined) return input;
  const stored = await records.read(context, name, id, { fields: readable(context, fields) });
  if (sent.every(({ field }) => input[field.name] === stored[field.name])) return null;
  return { ...stored, ...input };
}

function readable(context: Context, { entity, checked, places, company }: CheckedFields): readonly string[] {
  const access = context.access.entity(entity);
  const all = [...checked.map(({ field }) => field), ...places, ...(company ? [company.field] : [])];
  return ['id', ...all.filter((field) => access.field(field).canRead).map(({ name }) => name)];
}

function filled(value: unknown): boolean {
  return typeof value === 'string' && value.trim() !== '';
}
