import type { Changes } from '../change/changes.ts';
import { adoptDefinition } from '../change/data/move-rounds.ts';
import type { Context } from '../context/context.ts';
import { problem } from '../errors/catalogue.ts';
import { Problem } from '../errors/problem.ts';
import { contextOfSubject } from '../explain/preview.ts';
import type { Subject } from '../explain/judge.ts';
import { scopeHolds } from '../access/scope-set.ts';
import { documentKey, type EntityModel } from '../model/model.ts';
import type { WorkflowDocument } from '../model/workflow-document.ts';
import { createRecords, type RecordsOptions } from '../records/create-records.ts';
import { flushDerived } from '../records/derived/keep-derived.ts';
import { entityOf } from '../records/entity-of.ts';
import { forgetGuard } from '../records/guard-version.ts';
import { loadRecord } from '../records/load-record.ts';
import type { Records, TransitionsAnswer } from '../records/records.ts';
import { inTransaction } from '../records/write-scope.ts';
import type { Transaction } from '../store/database.ts';
import type { Dictionaries } from '../store/dictionaries.ts';
import { quote } from '../store/quote.ts';
import { uuid7 } from '../store/uuid7.ts';
import { TrialGate } from './trial-gate.ts';
import { TrialJournal } from './trial-journal.ts';
import type { TrialAnswer, TrialRequest, TrialStart, TrialTaken } from './trial.ts';

/** What trials are made of: the records engine, and the documents as they would be. */
export interface TrialScope {
  readonly records: RecordsOptions;
  readonly changes: Pick<Changes, 'trial'>;
}

/** Ends the transaction of a trial with its answer. */
class TakenBack extends Error {
  readonly answer: TrialAnswer;
  constructor(answer: TrialAnswer) {
    super('a trial is taken back');
    this.answer = answer;
  }
}

/**
 * Walks a record through a workflow as certain people, by the engine itself: gates, guards, forms, actions, rules and
 * notices take place in one transaction that is rolled back, so nothing is written, told or sent. The asker sees of it
 * what he may read of the stored record.
 * @param people the asker and everybody who acts or looks in the request, by id
 * @throws MRT_RECORD_NOT_FOUND for a record that the asker may not read, MRT_TRIAL_RECORD where the workflow does not
 * hold for it, MRT_TRIAL_HIDDEN, MRT_TRIAL_CHANGES, MRT_TRIAL_TABLES, MRT_DOCUMENT_INVALID, MRT_RECORD_INVALID for a
 * made-up record
 */
export async function tryWorkflow(
  { records: options, changes }: TrialScope,
  asker: Context,
  people: ReadonlyMap<string, Subject>,
  request: TrialRequest,
): Promise<TrialAnswer> {
  entityOf(asker, request.entity);
  const other = request.changes.find(({ kind, name }) => kind === 'workflow' && name !== request.workflow);
  if (other) throw problem('MRT_TRIAL_CHANGES', { name: `workflow/${other.name}` });
  const { model, dictionaries } = changes.trial(request.changes);
  const workflow = model.workflows.get(request.workflow);
  if (!workflow) throw problem('MRT_DOCUMENT_UNKNOWN', { kind: 'workflow', name: request.workflow });
  const { written: _written, ...quiet } = options;
  const records = createRecords({ ...quiet, dictionaries });
  if (request.record !== null) await records.read(asker, request.entity, request.record, { fields: ['id'] });
  const contextOf = (user: string): Context =>
    contextOfSubject({ ...asker, model, isTrial: true }, people.get(user)!);
  try {
    return await inTransaction(options, undefined, async (tx) => {
      throw new TakenBack(
        await walk({ tx, asker, records, dictionaries, contextOf, people, workflow, request }),
      );
    });
  } catch (error) {
    if (error instanceof TakenBack) return error.answer;
    throw error;
  }
}

interface Walk {
  readonly tx: Transaction;
  readonly asker: Context;
  readonly records: Records;
  readonly dictionaries: Dictionaries;
  readonly contextOf: (user: string) => Context;
  readonly people: ReadonlyMap<string, Subject>;
  readonly workflow: WorkflowDocument;
  readonly request: TrialRequest;
}

async function walk(trial: Walk): Promise<TrialAnswer> {
  const { tx, asker, records, dictionaries, contextOf, people, workflow, request } = trial;
  const looking = contextOf(request.user);
  const first = uuid7();
  const entity = entityOf(looking, request.entity);
  const id =
    request.record?.toLowerCase() ??
    String((await records.create(contextOf(asker.actor.id), request.entity, request.values, {}, tx))['id']);
  const hash = looking.model.documents.get(documentKey('workflow', workflow.name))?.base ?? '';
  await enter(tx, looking, workflow, hash, entity, id, request.from);
  const keepsEarlier = await runsEarlier(tx, workflow, hash, entity, id);
  // What the commit would bring up to date is brought up to date for the next step to see.
  await flushDerived(tx, looking);
  const record = { entity: entity.name, id };
  const gate = new TrialGate({ tx, asker, model: looking.model, workflow: workflow.name, record });
  const journal = new TrialJournal(tx, asker, records, dictionaries, record, first);
  await gate.open();
  // What was written before the first step is no effect of one.
  await gate.after(await journal.collect(looking.now));
  const taken: TrialTaken[] = [];
  for (const [index, { user, transition, input, opinion }] of request.steps.entries()) {
    const context = contextOf(user);
    const told = { user, userName: people.get(user)?.displayName ?? user, transition };
    const more = { ...(input ? { input } : {}), ...(opinion === undefined ? {} : { opinion }) };
    await gate.before(input);
    const refused = await stepped(tx, `trial_${index}`, async () => {
      await records.transition(context, entity.name, id, transition, more, tx);
      await flushDerived(tx, context);
    });
    const written = await journal.collect(context.now);
    await gate.after(written);
    const effects = await journal.effects(written);
    const { states } = await look(trial, asker.actor.id, entity, id);
    taken.push({ ...told, states, effects, refused });
    if (refused) break;
  }
  const { states, transitions } = await look(trial, request.user, entity, id);
  if (states.length === 0) throw problem('MRT_TRIAL_RECORD');
  return { display: await displayOf(trial, entity, id), keepsEarlier, states, taken, transitions };
}

/** Where the record stands and what the tried workflow offers a user, without regions whose state the asker may not read. */
async function look(
  { tx, asker, records, contextOf, workflow }: Walk,
  user: string,
  entity: EntityModel,
  id: string,
): Promise<Pick<TransitionsAnswer, 'states' | 'transitions'>> {
  const all = await records.transitions(contextOf(asker.actor.id), entity.name, id, tx);
  const known = entityOf(asker, entity.name);
  const loaded = await loadRecord(tx, asker, known, id);
  const rights = asker.access.compiled.entity(known);
  const states = all.states.filter(({ field, workflow: of }) => {
    const own = known.fields.get(field);
    return (
      of === workflow.name &&
      own !== undefined &&
      loaded !== null &&
      scopeHolds(rights.field(own).read, loaded.values, asker.access.parameters, loaded.up ?? undefined)
    );
  });
  const regions = new Set(states.map(({ region }) => region));
  const offered =
    user === asker.actor.id
      ? all.transitions
      : await offeredTo(contextOf(user), records, entity, id, tx, all);
  const transitions = offered.filter(
    ({ workflow: of, region }) => of === workflow.name && regions.has(region),
  );
  return { states, transitions };
}

/** Who cannot even see the record may take no step, which is told for each. */
async function offeredTo(
  context: Context,
  records: Records,
  entity: EntityModel,
  id: string,
  tx: Transaction,
  all: TransitionsAnswer,
): Promise<TransitionsAnswer['transitions']> {
  try {
    return (await records.transitions(context, entity.name, id, tx)).transitions;
  } catch (error) {
    if (!(error instanceof Problem) || error.status >= 500 || error.code === 'MRT_MODEL_STALE') throw error;
    const reasons = [{ code: 'right', message: error.text }];
    return all.transitions.map((each) => ({ ...each, allowed: false, reasons }));
  }
}

/** Runs a step behind a savepoint. Null when it was done, else why not. */
async function stepped(
  tx: Transaction,
  name: string,
  run: () => Promise<void>,
): Promise<TrialTaken['refused']> {
  await tx.query({ text: `SAVEPOINT ${name}` });
  try {
    await run();
    return null;
  } catch (error) {
    if (!(error instanceof Problem) || error.status >= 500 || error.code === 'MRT_MODEL_STALE') throw error;
    await tx.query({ text: `ROLLBACK TO SAVEPOINT ${name}` });
    forgetGuard(tx);
    return { message: error.text, reasons: error.faults.map(({ message }) => message) };
  }
}

/** Puts the record where the trial begins. */
async function enter(
  tx: Transaction,
  { model }: Context,
  workflow: WorkflowDocument,
  hash: string,
  entity: EntityModel,
  id: string,
  from: TrialStart,
): Promise<void> {
  if (from === 'moved') await adoptDefinition(tx, model, workflow, hash, { entity: entity.name, ids: [id] });
  if (from !== 'fresh') return;
  await tx.query({
    text: `update mortise.workflow_instance set closed_at = now()
      where entity = $1 and record_id = $2::uuid and workflow = $3 and closed_at is null`,
    values: [entity.name, id, workflow.name],
  });
  for (const region of Object.values(workflow.regions)) {
    const field = entity.fields.get(region.field);
    if (!field?.column || field.def.compute !== undefined) continue;
    await tx.query({
      text: `update ${quote(field.column.table)} set ${quote(field.column.name)} = $1 where id = $2::uuid`,
      values: [region.initial, id],
    });
  }
}

async function runsEarlier(
  tx: Transaction,
  { name }: WorkflowDocument,
  hash: string,
  entity: EntityModel,
  id: string,
): Promise<boolean> {
  const rows = await tx.query({
    text: `select 1 from mortise.workflow_instance
      where entity = $1 and record_id = $2::uuid and workflow = $3 and closed_at is null and definition <> $4`,
    values: [entity.name, id, name, hash],
  });
  return rows.length > 0;
}

/** What the record is called, where the asker may read it. */
async function displayOf({ tx, asker, records }: Walk, { name, display }: EntityModel, id: string) {
  const found = await records.read(asker, name, id, {}, tx).catch((error: unknown) => {
    if (error instanceof Problem && error.status < 500) return null;
    throw error;
  });
  const value = found?.[display];
  return typeof value === 'string' ? value : null;
}
