import { problem, invalidRecord } from '../../errors/catalogue.ts';
import { quoteName } from '../../access/quote-name.ts';
import { scopeHolds } from '../../access/scope-set.ts';
import type { Context } from '../../context/context.ts';
import { isUuid } from '../../fields/uuid.ts';
import type { EntityModel } from '../../model/model.ts';
import type { Row, Transaction } from '../../store/database.ts';
import { uuid7 } from '../../store/uuid7.ts';
import { localise } from '../../text/locale.ts';
import { checkReason } from '../check-reason.ts';
import { keepDerived } from '../derived/keep-derived.ts';
import { entityOf } from '../entity-of.ts';
import { guardVersion } from '../guard-version.ts';
import { draftOf, gateLoaded, loadRecord, touch } from '../load-record.ts';
import { logOperation } from '../operations/operation-log.ts';
import type { WriteOptions } from '../records.ts';
import { DECIDING_RIGHTS, mergeFunctions } from '../../access/deciding-rights.ts';
import { updateRecord } from '../update-record.ts';
import { faultAt } from '../value-fault.ts';
import { writeFields } from '../write-fields.ts';
import { writeProblem } from '../write-errors.ts';
import { inTransaction, type WriteScope } from '../write-scope.ts';
import { writeStatement } from '../write-statement.ts';
import { countAttached, moveAttached, settleAttached } from './attached.ts';
import { MERGE_LEAST, MERGE_MOST, type MergeAnswer, type MergeRequest } from './merge.ts';
import { noteMerged } from './merged-records.ts';
import { mergeableFields, mergedValues, type Merging } from './merged-values.ts';

/** Carries the answer of a preview out of the transaction that is rolled back. */
class Previewed extends Error {
  readonly answer: MergeAnswer;
  constructor(answer: MergeAnswer) {
    super('previewed');
    this.answer = answer;
  }
}

/**
 * Makes several records one (ENT-05, NF-DQ-01): the survivor takes the chosen values, whatever refers to the others
 * refers to it from now on, and the others lead to it. One transaction, kept as an operation that can be undone. A
 * preview does all of it and rolls back, so it says what would happen and meets the same refusals.
 *
 * Needed are the function `merge` (for units `users.configure` too), reading every field of every record that could be chosen, changing the survivor
 * and deleting the others. What refers to them goes along whether the actor may change it or not.
 * @throws MRT_ACCESS_FUNCTION, MRT_ACCESS_DENIED, MRT_ACCESS_FIELD, MRT_RECORD_NOT_FOUND, MRT_RECORD_CONFLICT with the
 * records that have another version, MRT_RECORD_INVALID, MRT_RECORD_STATE, MRT_MERGE_COLLIDES, MRT_MODEL_STALE
 */
export async function mergeRecords(
  scope: WriteScope,
  context: Context,
  name: string,
  request: MergeRequest,
): Promise<MergeAnswer> {
  const entity = entityOf(context, name);
  for (const right of mergeFunctions(entity.name))
    if (!context.access.mayUse(right)) throw problem('MRT_ACCESS_FUNCTION', { function: right });
  checkReason(request.options);
  const versions = checkedRecords(context, entity, request);
  const operation = uuid7();
  const options: WriteOptions = { ...request.options, operation };
  try {
    const answer = await inTransaction(scope, undefined, async (tx) => {
      const done = await mergeIn(scope, context, tx, entity, request, versions, options);
      if (request.preview) throw new Previewed({ ...done, operation: null });
      return done;
    });
    await settle(scope, context, entity, answer.id, losersOf(request, versions), options);
    return answer;
  } catch (error) {
    if (error instanceof Previewed) return error.answer;
    throw writeProblem(error, context, entity);
  }
}

/** The merge has been committed: whatever fails now is reported, and is no failure of it. */
async function settle(...of: Parameters<typeof settleAttached>): Promise<void> {
  const [scope] = of;
  try {
    await settleAttached(...of);
  } catch (error) {
    scope.report?.(error);
  }
}

/** The ids, each once, with the versions that were compared. */
function checkedRecords(
  context: Context,
  entity: EntityModel,
  { records, survivor }: MergeRequest,
): ReadonlyMap<string, number> {
  // A line belongs to its record; an account stands for a person who signed in, and is handed over instead.
  if (!entity.fields.has('deleted_at') || DECIDING_RIGHTS.has(entity.name))
    throw stateProblem(context, '这种记录不能合并', 'records of this kind cannot be merged');
  const versions = new Map(records.map(({ id, version }) => [id.toLowerCase(), version]));
  if (versions.size !== records.length || versions.size < MERGE_LEAST || versions.size > MERGE_MOST)
    throw invalidRecord([
      faultAt(
        '/records',
        'MRT_MERGE_RECORDS',
        `须为 ${MERGE_LEAST} 到 ${MERGE_MOST} 条不同的记录。`,
        `${MERGE_LEAST} to ${MERGE_MOST} different records are needed.`,
      ),
    ]);
  if (!versions.has(survivor.toLowerCase()))
    throw invalidRecord([
      faultAt('/survivor', 'MRT_MERGE_RECORDS', '须为合并的记录之一。', 'It must be one of the records.'),
    ]);
  if (![...versions.keys()].every(isUuid)) throw problem('MRT_RECORD_NOT_FOUND');
  return versions;
}

function losersOf({ survivor }: MergeRequest, versions: ReadonlyMap<string, number>): readonly string[] {
  return [...versions.keys()].filter((id) => id !== survivor.toLowerCase()).sort();
}

function stateProblem(context: Context, zh: string, en: string): Error {
  return problem('MRT_RECORD_STATE', { reason: context.locale === 'en' ? en : zh });
}

async function mergeIn(
  scope: WriteScope,
  context: Context,
  tx: Transaction,
  entity: EntityModel,
  request: MergeRequest,
  versions: ReadonlyMap<string, number>,
  options: WriteOptions,
): Promise<MergeAnswer> {
  await guardVersion(tx, context);
  const all = await loadAll(context, tx, entity, [...versions.keys()].sort());
  const survivor = all.find(({ id }) => id === request.survivor.toLowerCase())!;
  const losers = all.filter((each) => each !== survivor);
  gateAll(context, entity, survivor, losers);
  checkVersions(entity, all, versions);
  gateFields(context, entity, all);
  const patch = mergedValues(context.model, entity, survivor, losers, request.choices ?? {});
  const ids = losers.map(({ id }) => id);
  const moved = await countAttached(context, tx, entity, ids, survivor.id);

  // The losers first: a unique value that the survivor takes from one of them must be free.
  for (const loser of losers) await writeLoser(scope, context, tx, entity, loser, options);
  await noteMerged(
    tx,
    String(options.operation),
    losers.map(({ id, loaded }) => ({
      entity: entity.name,
      id,
      survivor: survivor.id,
      display: String(loaded.values[entity.display] ?? ''),
    })),
  );
  const attached = await moveAttached(scope, context, tx, entity, survivor.id, ids, options);
  let version = Number(survivor.loaded.values['version']);
  if (Object.keys(patch).length > 0) {
    const written = await updateRecord(scope, context, entity.name, survivor.id, version, patch, options, tx);
    version = Number(written['version']);
  }
  await refuseCircles(context, tx, entity, survivor.id);
  await takeJudgements(tx, entity, survivor.id, ids);
  await logOperation(tx, context, {
    kind: 'merge',
    entity: entity.name,
    records: all.length + attached,
    options,
  });
  return {
    operation: String(options.operation),
    id: survivor.id,
    version,
    moved,
    changed: Object.keys(patch),
  };
}

/** Locks the records in the order of their ids, so that two merges wait for one another instead of for each other. */
async function loadAll(
  context: Context,
  tx: Transaction,
  entity: EntityModel,
  ids: readonly string[],
): Promise<readonly Merging[]> {
  await tx.query({
    text: `SELECT id FROM ${quoteName(entity.table)} WHERE id = ANY($1::uuid[]) ORDER BY id FOR UPDATE`,
    values: [ids],
  });
  const all: Merging[] = [];
  for (const id of ids) {
    const loaded = await loadRecord(tx, context, entity, id);
    gateLoaded(context, entity, loaded, 'read');
    all.push({ id, loaded });
  }
  return all;
}

function gateAll(context: Context, entity: EntityModel, survivor: Merging, losers: readonly Merging[]): void {
  for (const { loaded } of [survivor, ...losers])
    if ((loaded.values['deleted_at'] ?? null) !== null)
      throw stateProblem(context, '记录在回收站中', 'a record is in the recycle bin');
  gateLoaded(context, entity, survivor.loaded, 'update');
  for (const { loaded } of losers) gateLoaded(context, entity, loaded, 'delete');
}

/** @throws MRT_RECORD_CONFLICT: what was compared is not what is there */
function checkVersions(
  entity: EntityModel,
  all: readonly Merging[],
  versions: ReadonlyMap<string, number>,
): void {
  const changed = all.filter(({ id, loaded }) => Number(loaded.values['version']) !== versions.get(id));
  if (changed.length === 0) return;
  throw problem(
    'MRT_RECORD_CONFLICT',
    {},
    changed.map(({ id }) =>
      faultAt(
        `/records/${[...versions.keys()].indexOf(id)}/version`,
        'MRT_RECORD_CONFLICT',
        '已被他人修改。',
        'Somebody has changed it.',
      ),
    ),
    {
      entity: entity.name,
      records: changed.map(({ id, loaded }) => ({ id, version: loaded.values['version'] })),
    },
  );
}

/**
 * Nobody throws away what he cannot see. Asked is the right alone, never whether the values differ.
 * @throws MRT_ACCESS_FIELD
 */
function gateFields(context: Context, entity: EntityModel, all: readonly Merging[]): void {
  const rights = context.access.compiled.entity(entity);
  const { parameters } = context.access;
  const hidden = mergeableFields(context.model, entity).filter((field) =>
    all.some(
      ({ loaded }) =>
        !scopeHolds(rights.field(field).read, loaded.values, parameters, loaded.up ?? undefined),
    ),
  );
  if (hidden.length === 0) return;
  const names = hidden.map(({ label }) => localise(label, context.locale)).join(', ');
  throw problem(
    'MRT_MERGE_UNREADABLE',
    { fields: names },
    hidden.map(({ name }) =>
      faultAt(`/choices/${name}`, 'MRT_MERGE_UNREADABLE', '您无权查看这个字段。', 'You may not read it.'),
    ),
  );
}

/** A loser leaves as a deleted record does, and its history says why. */
async function writeLoser(
  scope: WriteScope,
  context: Context,
  tx: Transaction,
  entity: EntityModel,
  { id, loaded }: Merging,
  options: WriteOptions,
): Promise<void> {
  const draft = draftOf(context, entity, loaded);
  draft.values['deleted_at'] = context.now.toISOString();
  draft.values['deleted_by'] = isUuid(context.actor.id) ? context.actor.id : null;
  touch(context, draft);
  await tx.query(writeStatement(context, draft, 'merge', options).statement);
  await keepDerived(context, tx, [draft], false);
  tx.afterCommit(() => scope.written?.({ entity: entity.name, id, action: 'merge' }, context));
}

/** A tree must not close because two of its places became one. @throws MRT_RECORD_INVALID */
async function refuseCircles(
  context: Context,
  tx: Transaction,
  entity: EntityModel,
  survivor: string,
): Promise<void> {
  for (const field of writeFields(entity).trees) {
    const column = field.column!;
    const table = quoteName(column.table);
    const parent = quoteName(column.name);
    const [row] = await tx.query<Row>({
      text: `WITH RECURSIVE up(id) AS (
          SELECT ${parent} FROM ${table} WHERE id = $1::uuid
          UNION SELECT n.${parent} FROM ${table} n JOIN up ON n.id = up.id WHERE up.id <> $1::uuid)
        SELECT EXISTS (SELECT 1 FROM up WHERE id = $1::uuid) AS circle`,
      values: [survivor],
    });
    if (row?.['circle'] !== true) continue;
    const label = localise(field.label, context.locale);
    throw invalidRecord([
      faultAt(
        `/choices/${field.name}`,
        'MRT_VALUE_CYCLE',
        `“${label}”会成为循环,请先改上级。`,
        `“${label}” would become a circle; change the parent first.`,
      ),
    ]);
  }
}

/** What was judged to be another record than a loser is another one than the survivor (ENT-03). */
async function takeJudgements(
  tx: Transaction,
  entity: EntityModel,
  survivor: string,
  losers: readonly string[],
): Promise<void> {
  await tx.query({
    text: `insert into mortise.duplicate_judgement (entity, one, other, "by", at, reason)
      select distinct on (o.other) $1, least(o.other, $2::uuid), greatest(o.other, $2::uuid), o."by", o.at, o.reason
      from (select case when j.one = any($3::uuid[]) then j.other else j.one end as other, j."by", j.at, j.reason
        from mortise.duplicate_judgement j
        where j.entity = $1 and (j.one = any($3::uuid[]) or j.other = any($3::uuid[]))) o
      where o.other <> $2::uuid and o.other <> all($3::uuid[])
      order by o.other, o.at desc
      on conflict do nothing`,
    values: [entity.name, survivor, losers],
  });
}
