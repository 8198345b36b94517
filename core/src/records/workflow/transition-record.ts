import { invalidRecord, problem } from '../../errors/catalogue.ts';
import type { Fault } from '../../errors/problem.ts';
import { placesRecord } from '../../access/placing-fields.ts';
import { scopeHolds, type ScopeSet } from '../../access/scope-set.ts';
import type { Context } from '../../context/context.ts';
import { hasForbiddenCharacters } from '../../fields/clean-text.ts';
import type { EntityModel } from '../../model/model.ts';
import type { Row, Transaction } from '../../store/database.ts';
import { localise } from '../../text/locale.ts';
import { completes, progressOf, voteOf } from '../../workflow/approvals.ts';
import { NOT_ASKED, refusalsOfPerson, refusalsOfRecord, stateOf } from '../../workflow/judge-transition.ts';
import type { MachineTransition } from '../../workflow/machine.ts';
import { askForRest } from '../ask-for-rest.ts';
import { createRecord } from '../create-record.ts';
import { keepDerived } from '../derived/keep-derived.ts';
import type { Draft, Values } from '../draft.ts';
import { entityOf } from '../entity-of.ts';
import { evaluate } from '../evaluate-record.ts';
import { computeDraft, finishDraft } from '../finish-draft.ts';
import { followWrite } from '../follow-write.ts';
import { guardVersion } from '../guard-version.ts';
import { draftOf, gateLoaded, loadRecord, touch } from '../load-record.ts';
import { conflictProblem } from '../merge-conflict.ts';
import { plainValues } from '../plain-values.ts';
import { pointerSegment } from '../query-problem.ts';
import type { RecordData, TransitionRequest } from '../records.ts';
import { ReferenceCheck } from '../reference-check.ts';
import { validateInput } from '../validate-input.ts';
import { faultAt, faultWith } from '../value-fault.ts';
import { writeProblem } from '../write-errors.ts';
import { runPoint } from '../write-points.ts';
import { inTransaction, type WriteScope } from '../write-scope.ts';
import { writeStatement } from '../write-statement.ts';
import { automaticSteps } from './follow-change.ts';
import { releaseEntry } from './release-output.ts';
import { caseOf, ruledRecord, usersSupervised, type RuledRecord, type Ruling } from './ruling.ts';
import { takeStep, type TakenStep } from './take-step.ts';
import { tellStep } from './tell-step.ts';
import { writeSteps } from './write-steps.ts';

const MAX_OPINION = 2000;

/** @throws MRT_TRANSITION_UNKNOWN */
function named(ruled: RuledRecord, name: string): { ruling: Ruling; transition: MachineTransition } {
  for (const ruling of ruled.rulings) {
    const transition = ruling.machine.transitions.get(name);
    if (transition) return { ruling, transition };
  }
  throw problem('MRT_TRANSITION_UNKNOWN', { name });
}

function refuseState(context: Context, { values }: Draft): void {
  const refuse = (zh: string, en: string): never => {
    throw problem('MRT_RECORD_STATE', { reason: context.locale === 'en' ? en : zh });
  };
  if ((values['deleted_at'] ?? null) !== null) refuse('记录在回收站中', 'it is in the recycle bin');
  if (values['is_void'] === true) refuse('记录已失效', 'it is void');
}

/** @throws MRT_TRANSITION_DENIED, MRT_TRANSITION_STATE with every reason */
function refusePerson(
  context: Context,
  ruled: RuledRecord,
  ruling: Ruling,
  transition: MachineTransition,
): void {
  const refusals = refusalsOfPerson(transition, caseOf(ruled, ruling, null));
  // Who comes too late is told so first: his right has not changed.
  const first = refusals.find(({ code }) => code === 'state') ?? refusals[0];
  if (!first) return;
  throw problem(
    first.code === 'state' ? 'MRT_TRANSITION_STATE' : 'MRT_TRANSITION_DENIED',
    {
      label: localise(transition.document.label, context.locale),
      reason: localise(first.message, context.locale),
    },
    refusals.map(({ code, message }) => faultWith('', reasonCode(code), message)),
  );
}

function reasonCode(code: string): string {
  return `MRT_TRANSITION_${code.toUpperCase().replaceAll('-', '_')}`;
}

function opinionFaults({ document }: MachineTransition, opinion: string | null): readonly Fault[] {
  const how = document.opinion ?? 'none';
  const at = '/opinion';
  if (opinion === null)
    return how === 'required' ? [faultAt(at, 'MRT_VALUE_REQUIRED', '请填写意见。', 'Give an opinion.')] : [];
  if (how === 'none') return [faultAt(at, 'MRT_VALUE_UNKNOWN', '此操作不带意见。', 'It takes no opinion.')];
  if ([...opinion].length > MAX_OPINION)
    return [
      faultAt(
        at,
        'MRT_VALUE_TOO_LONG',
        `最多 ${MAX_OPINION} 个字符。`,
        `At most ${MAX_OPINION} characters are allowed.`,
      ),
    ];
  return hasForbiddenCharacters(opinion)
    ? [faultAt(at, 'MRT_VALUE_CHARACTERS', '含有控制字符。', 'It contains control characters.')]
    : [];
}

/**
 * The form of a transition lets its actor write the fields it names, where he may read them, whatever his right to
 * change the record otherwise: the definition gives it, for this step. Who comes to the record only in the place of a
 * colleague does not move it to somebody else by that. @throws MRT_ACCESS_FIELD
 */
function gateInput(context: Context, transition: MachineTransition, draft: Draft, input: Values): void {
  const rights = context.access.compiled.entity(draft.entity);
  const own = rights.rows('transition').filter(({ scope }) => scope !== 'standin');
  const holds = (set: ScopeSet): boolean =>
    scopeHolds(set, draft.previous ?? {}, context.access.parameters, draft.up ?? undefined);
  const faults = Object.keys(input).flatMap((name) => {
    const field = draft.entity.fields.get(name);
    const isOffered = transition.document.fields?.[name] === true;
    const isReadable = field && holds(rights.field(field).read);
    const isPlaced = field && placesRecord(context.model, draft.entity, field) && !holds(own);
    if (isOffered && isReadable && !isPlaced) return [];
    const label = field ? localise(field.label, context.locale) : name;
    return [
      faultWith(
        `/${pointerSegment(name)}`,
        'MRT_ACCESS_FIELD',
        problem('MRT_ACCESS_FIELD', { field: label }).text,
      ),
    ];
  });
  if (faults.length > 0) throw problem('MRT_ACCESS_FIELD', { field: Object.keys(input)[0] ?? '' }, faults);
}

/** Records that the transition makes, through the actor's own rights, and outputs that it lets pass. */
async function doActions(
  scope: WriteScope,
  context: Context,
  tx: Transaction,
  ruled: RuledRecord,
  transition: MachineTransition,
  opinion: string | null,
): Promise<void> {
  for (const { document, when, values } of transition.actions) {
    if (document.action === 'set') continue;
    const { record, calculation } = ruled;
    if (when !== null && evaluate(when, record, calculation, { opinion }) !== true) continue;
    const input = Object.fromEntries(
      values.map(({ name, expression }) => [name, evaluate(expression, record, calculation, { opinion })]),
    );
    if (document.action === 'release')
      await releaseEntry(tx, {
        user: String(input['user']),
        entry: String(input['entry']),
        by: context.actor.id,
        reason: input['reason'] === undefined || input['reason'] === null ? null : String(input['reason']),
      });
    else if (document.entity !== undefined)
      await createRecord(scope, context, document.entity, plainValues(input), {}, tx);
  }
}

async function transitionIn(
  scope: WriteScope,
  context: Context,
  entity: EntityModel,
  id: string,
  name: string,
  request: TransitionRequest,
  input: Values,
  tx: Transaction,
  alone: boolean,
): Promise<RecordData> {
  await guardVersion(tx, context);
  const loaded = await loadRecord(tx, context, entity, id);
  gateLoaded(context, entity, loaded, 'transition');
  const given = new Set(Object.keys(input));
  const draft: Draft = { ...draftOf(context, entity, loaded, given), given };
  refuseState(context, draft);
  const opinion = request.opinion?.trim() ? request.opinion.trim() : null;
  const ruled = await ruledRecord(scope, context, tx, draft);
  const { ruling, transition } = named(ruled, name);
  refusePerson(context, ruled, ruling, transition);
  if (request.version !== undefined && request.version !== Number(loaded.values['version']))
    throw await conflictProblem(tx, context, entity, id, scope.dictionaries, input, []);
  gateInput(context, transition, draft, input);
  Object.assign(draft.values, input);

  const faults = [...opinionFaults(transition, opinion)];
  await ruled.calculation.related.load(
    tx,
    [ruled.record],
    ruled.rulings.map(({ machine }) => machine.related),
  );
  await ruled.people.load(
    tx,
    usersSupervised(
      ruled.rulings.map(({ machine }) => machine),
      draft.values,
    ),
  );
  for (const { code, message, field } of refusalsOfRecord(transition, caseOf(ruled, ruling, opinion), false))
    faults.push(
      code === 'required'
        ? faultWith(`/${pointerSegment(field ?? '')}`, 'MRT_VALUE_REQUIRED', message)
        : faultWith('', reasonCode(code), message),
    );
  if (faults.length > 0) throw invalidRecord(faults);

  const step = approveOrTake(ruled, ruling, transition, draft, opinion, faults);
  const steps = [...automaticSteps(ruled, draft, ruling.machine.document.name), step];
  const calculation = await finishDraft(scope, context, tx, draft, ruled.calculation.related);
  if (!step.vote) faults.push(...standFaults(transition, draft));
  const check = new ReferenceCheck(context.model, context.access.parameters);
  const rest = await askForRest(scope, context, tx, draft, check, new Set());
  faults.push(...rest.faults, ...check.faults(draft));
  if (rest.draws.length > 0) computeDraft(draft, calculation, faults);
  if (faults.length > 0) throw invalidRecord(faults);

  touch(context, draft);
  const reason = opinion === null ? {} : { reason: opinion };
  await runPoint<Row>(tx, 'write', writeStatement(context, draft, 'transition', reason).statement);
  await writeSteps(context, tx, draft, steps);
  await tellStep(context, tx, ruled, step, draft);
  if (!step.vote) await doActions(scope, context, tx, ruled, transition, opinion);
  await keepDerived(context, tx, [draft], alone);
  tx.afterCommit(() => scope.written?.({ entity: entity.name, id: draft.id, action: 'transition' }, context));
  // An approval of several has moved nothing yet.
  const taken = steps.flatMap((each) => (each.vote ? [] : [each.transition.name]));
  return await followWrite(scope, context, tx, draft, taken);
}

/**
 * Moves the draft, or, while further approvals of the transition are missing, keeps this one: the order of
 * `automaticSteps` and this does not matter, they are of different machines.
 */
function approveOrTake(
  ruled: RuledRecord,
  ruling: Ruling,
  transition: MachineTransition,
  draft: Draft,
  opinion: string | null,
  faults: Fault[],
): TakenStep {
  const on = caseOf(ruled, ruling, opinion);
  const vote = voteOf(transition, on);
  // What the form brings may have changed who is asked: nobody gets past an approval by naming another approver.
  if (vote === null && progressOf(transition, on).open.length > 0) {
    const { code, message } = NOT_ASKED;
    throw invalidRecord([faultWith('', reasonCode(code), message)]);
  }
  if (vote !== null && !completes(transition, on, vote))
    return { ruling, transition, from: stateOf(transition.region, draft.values), opinion, vote };
  return takeStep(ruled, ruling, transition, draft, opinion, faults);
}

/** Where the state is calculated, the actions must have led to it; hooks may not lead away from it. */
function standFaults({ region, document }: MachineTransition, draft: Draft): readonly Fault[] {
  const state = stateOf(region, draft.values);
  if (state === document.to) return [];
  return [
    faultAt(
      `/${pointerSegment(region.field.name)}`,
      'MRT_VALUE_STATE',
      `此操作应到达“${document.to}”,实际为“${state}”。`,
      `The transition should lead to “${document.to}”, but leads to “${state}”.`,
    ),
  ];
}

/**
 * Moves a record on by a transition of its workflow: record, history row and step in one transaction, all or nothing.
 * @throws MRT_RECORD_NOT_FOUND, MRT_ACCESS_DENIED, MRT_TRANSITION_UNKNOWN, MRT_TRANSITION_STATE,
 * MRT_TRANSITION_DENIED, MRT_ACCESS_FIELD, MRT_RECORD_INVALID, MRT_RECORD_CONFLICT, MRT_RECORD_STATE
 */
export async function transitionRecord(
  scope: WriteScope,
  context: Context,
  entityName: string,
  id: string,
  name: string,
  request: TransitionRequest,
  tx?: Transaction,
): Promise<RecordData> {
  const entity = entityOf(context, entityName);
  const input = validateInput(context.model, entity, 'set', request.input ?? {});
  try {
    return await inTransaction(scope, tx, (open) =>
      transitionIn(scope, context, entity, id.toLowerCase(), name, request, input, open, tx === undefined),
    );
  } catch (error) {
    throw writeProblem(error, context, entity);
  }
}
