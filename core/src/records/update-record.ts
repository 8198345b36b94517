import { invalidRecord, problem } from '../errors/catalogue.ts';
import { scopeHolds } from '../access/scope-set.ts';
import type { Context } from '../context/context.ts';
import { checkReason } from './check-reason.ts';
import type { EntityModel } from '../model/model.ts';
import type { Transaction } from '../store/database.ts';
import { answerDraft } from './answer-record.ts';
import { askForRest, treesAsked } from './ask-for-rest.ts';
import { lineEntity, type Draft, type Values } from './draft.ts';
import { denied, entityOf } from './entity-of.ts';
import { computeDraft, finishDraft } from './finish-draft.ts';
import { changesOf } from './history-row.ts';
import { draftOf, gateLoaded, loadRecord, touch, type LoadedRecord } from './load-record.ts';
import { changedSince, conflictProblem } from './merge-conflict.ts';
import { mergeLines } from './merge-lines.ts';
import type { RecordData, WriteOptions } from './records.ts';
import { changedTrees, ReferenceCheck, treeColumn, treeFaults } from './reference-check.ts';
import { storeDraft } from './store-draft.ts';
import { sameValue } from './same-value.ts';
import { linesFields } from './stored-columns.ts';
import { validateInput } from './validate-input.ts';
import { gateSentValues } from './write-gate.ts';
import { writeProblem } from './write-errors.ts';
import { inTransaction, type WriteScope } from './write-scope.ts';
import { followChange } from './workflow/follow-change.ts';
import { stateFaults } from './workflow/state-faults.ts';
import { writeSteps } from './workflow/write-steps.ts';

/** The patch over the stored record: what is absent stays, null empties. */
function patchedDraft(
  context: Context,
  entity: EntityModel,
  loaded: LoadedRecord,
  patch: Readonly<Values>,
): Draft {
  const draft = draftOf(context, entity, loaded, new Set(Object.keys(patch)));
  for (const [name, value] of Object.entries(patch))
    if (!linesFields(entity).some((field) => field.name === name)) draft.values[name] = value;
  for (const field of linesFields(entity)) {
    const items = patch[field.name];
    if (!Array.isArray(items)) continue;
    const of = lineEntity(context.model.entities, field);
    draft.lines.set(
      field.name,
      mergeLines(of, draft.id, loaded.lines.get(field.name) ?? [], items as Values[], `/${field.name}`),
    );
  }
  return draft;
}

/** A draft as far as it is known before the record is: for the references that the patch itself brings. */
function sketch(context: Context, entity: EntityModel, id: string, patch: Readonly<Values>): Draft {
  const unknown: LoadedRecord = { values: { id }, lines: new Map(), up: null, row: {} };
  return patchedDraft(context, entity, unknown, patch);
}

/**
 * When somebody else wrote meanwhile: different fields go together, the same field is a conflict that the writer must
 * decide (ENG-16), also when both set the same value: two who each add one must not end at one. A value sent back as
 * it was before is nobody's change. @throws MRT_RECORD_CONFLICT
 */
async function mergeOrRefuse(
  scope: WriteScope,
  context: Context,
  tx: Transaction,
  draft: Draft,
  version: number,
  patch: Readonly<Values>,
): Promise<void> {
  const theirs = await changedSince(tx, draft.entity, draft.id, version, Number(draft.previous?.['version']));
  const conflicts = Object.keys(patch).filter((name) => {
    if (theirs === null) return true;
    if (!theirs.has(name)) return false;
    if (draft.lines.has(name) || !sameValue(patch[name], theirs.get(name))) return true;
    draft.values[name] = draft.previous?.[name] ?? null;
    return false;
  });
  if (theirs !== null && conflicts.length === 0) return;
  const { access } = context;
  const rights = access.compiled.entity(draft.entity);
  const named = conflicts.filter((name) => {
    const field = draft.entity.fields.get(name);
    return (
      field &&
      scopeHolds(rights.field(field).read, draft.previous ?? {}, access.parameters, draft.up ?? undefined)
    );
  });
  throw await conflictProblem(tx, context, draft.entity, draft.id, scope.dictionaries, patch, named);
}

async function updateIn(
  scope: WriteScope,
  context: Context,
  entity: EntityModel,
  id: string,
  version: number,
  patch: Readonly<Values>,
  options: WriteOptions | undefined,
  tx: Transaction,
  isOwn: boolean,
): Promise<RecordData> {
  const check = new ReferenceCheck(context.model, context.access.parameters);
  const first = sketch(context, entity, id, patch);
  const trees = changedTrees(first);
  const also = (query: Parameters<ReferenceCheck['columns']>[0]) => [
    ...check.columns(query, first),
    ...trees.map((field) => treeColumn(query, first, field)),
  ];
  let loaded = await loadRecord(tx, context, entity, id, also);
  gateLoaded(context, entity, loaded, 'update');
  const faults = treeFaults(loaded.row);
  check.learn(loaded.row);
  // The lines were read before the lock was waited for; if another write came between, they are read again.
  if (Number(loaded.values['version']) !== version) {
    loaded = await loadRecord(tx, context, entity, id);
    gateLoaded(context, entity, loaded, 'update');
  }
  if ((loaded.values['deleted_at'] ?? null) !== null)
    throw problem('MRT_RECORD_STATE', { reason: stateReason(context) });

  const draft = patchedDraft(context, entity, loaded, patch);
  gateSentValues(context, draft);
  if (Number(loaded.values['version']) !== version)
    await mergeOrRefuse(scope, context, tx, draft, version, patch);
  if (Object.keys(changesOf(draft)).length === 0) return answerDraft(context, draft);

  const steps = await followChange(scope, context, tx, draft);
  const calculation = await finishDraft(scope, context, tx, draft);
  faults.push(...(await stateFaults(calculation, tx, draft, steps)));
  // The new row must still be within reach (DESIGN §4): nobody hands a record where he could not have changed it.
  const within = context.access.compiled.entity(entity).rows('update');
  const upper = draft.up ?? undefined;
  if (!scopeHolds(within, draft.values, context.access.parameters, upper))
    throw denied(context, entity, 'update');
  const rest = await askForRest(scope, context, tx, draft, check, treesAsked(first));
  faults.push(...rest.faults, ...check.faults(draft));
  if (rest.draws.length > 0) computeDraft(draft, calculation, faults);
  if (faults.length > 0) throw invalidRecord(faults);

  touch(context, draft);
  // Before the record: storing it may carry the COMMIT along.
  await writeSteps(context, tx, draft, steps);
  const taken = steps.map(({ transition }) => transition.name);
  return await storeDraft(scope, context, tx, draft, 'update', options, isOwn, taken);
}

function stateReason(context: Context): string {
  return context.locale === 'en' ? 'it is in the recycle bin' : '记录在回收站中';
}

/**
 * Changes a record: three statements (DESIGN §11) besides those of the hooks. A patch that changes nothing writes
 * nothing. @param version the one the writer saw
 * @throws MRT_RECORD_NOT_FOUND, MRT_ACCESS_DENIED, MRT_ACCESS_FIELD, MRT_RECORD_CONFLICT, MRT_RECORD_INVALID,
 * MRT_RECORD_UNIQUE, MRT_RECORD_STATE, MRT_MODEL_STALE
 */
export async function updateRecord(
  scope: WriteScope,
  context: Context,
  name: string,
  id: string,
  version: number,
  patch: RecordData,
  options?: WriteOptions,
  tx?: Transaction,
): Promise<RecordData> {
  const entity = entityOf(context, name);
  if (!Number.isInteger(version)) throw problem('MRT_RECORD_VERSION_REQUIRED');
  checkReason(options);
  const values = validateInput(context.model, entity, 'patch', patch);
  try {
    return await inTransaction(scope, tx, (open) =>
      updateIn(scope, context, entity, id.toLowerCase(), version, values, options, open, tx === undefined),
    );
  } catch (error) {
    throw writeProblem(error, context, entity, tx);
  }
}
