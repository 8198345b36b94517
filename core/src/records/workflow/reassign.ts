import { invalidRecord, problem } from '../../errors/catalogue.ts';
import type { Context } from '../../context/context.ts';
import { isUuid } from '../../fields/uuid.ts';
import type { EntityModel } from '../../model/model.ts';
import type { Transaction } from '../../store/database.ts';
import { alternativeKey, isAsked } from '../../workflow/is-asked.ts';
import { refusalsOfPerson, stateOf, type TransitionCase } from '../../workflow/judge-transition.ts';
import type { MachineRegion, MachineTransition, MachineWho } from '../../workflow/machine.ts';
import { MAX_BULK } from '../bulk-records.ts';
import { checkReason } from '../check-reason.ts';
import { entityOf } from '../entity-of.ts';
import { guardVersion } from '../guard-version.ts';
import { itemFaults, isItemFault } from '../item-faults.ts';
import { draftOf, gateLoaded, loadRecord } from '../load-record.ts';
import { faultAt } from '../value-fault.ts';
import { writeProblem } from '../write-errors.ts';
import { inTransaction, type WriteScope } from '../write-scope.ts';
import type { Fault, Problem } from '../../errors/problem.ts';
import { caseOf, ruledRecord, type RuledRecord, type Ruling } from './ruling.ts';
import { expectedSteps } from './waiting-sql.ts';
import { writePassedOn, type PassedOn } from './write-passed-on.ts';

/** The function permission to pass on what waits for others, or for a role. */
const ASSIGN = 'assign';

/** Steps that wait, and who is to take them instead. */
export interface ReassignRequest {
  readonly records: readonly string[];
  readonly to: string;
  /** Whose step it is, also of one who has left; absent: the actor's own, or, where he is not asked, what waits for a role. */
  readonly from?: string;
  readonly reason: string;
}

/** How the engine comes to the rights of somebody else. */
export interface ReassignScope extends WriteScope {
  /** The context in which a user would act, and whether he still can; null when there is no user of this id. */
  readonly contextOf: (
    context: Context,
    user: string,
  ) => Promise<{ readonly context: Context; readonly isActive: boolean } | null>;
}

/**
 * Passes waiting steps of records on to another person: he is asked in the place of who was asked before, until the
 * record leaves the state. All or nothing; with history, and a notification to him. What is one's own may be passed
 * on by everybody, what waits for others or for a role by the function `assign`.
 * @throws MRT_ACCESS_FUNCTION, MRT_RECORD_INVALID with `/records/3` (as sent), `/to` or `/from`; MRT_REQUEST_LIMIT
 */
export async function reassign(
  scope: ReassignScope,
  context: Context,
  entityName: string,
  request: ReassignRequest,
): Promise<{ readonly records: number }> {
  const entity = entityOf(context, entityName);
  const { records, reason } = request;
  checkReason({ reason });
  if (records.length === 0 || records.length > MAX_BULK)
    throw problem('MRT_REQUEST_LIMIT', { max: MAX_BULK });
  const to = await personAt(scope, context, '/to', request.to);
  const from = request.from === undefined ? null : await personAt(scope, context, '/from', request.from);
  if ((from ?? context).actor.id === to.actor.id)
    throw invalidRecord([faultAt('/to', 'MRT_REASSIGN', '请选择另一个人。', 'Choose somebody else.')]);
  if (from && from.actor.id !== context.actor.id) requireAssign(context);
  const sent = records.map((id) => id.toLowerCase());
  const ids = [...new Set(sent)];
  try {
    await inTransaction(scope, undefined, async (tx) => {
      await guardVersion(tx, context);
      const faults: Fault[] = [];
      // In the order of their ids, as every write of many locks them.
      for (const id of ids.toSorted()) {
        try {
          await passOn(scope, { context, to, from }, entity, id, reason, tx);
        } catch (error) {
          if (!isItemFault(error)) throw error;
          faults.push(...faultsOf(error, sent.indexOf(id)));
        }
      }
      if (faults.length > 0) throw invalidRecord(onlyOnce(faults));
    });
  } catch (error) {
    throw writeProblem(error, context, entity);
  }
  return { records: ids.length };
}

/** What is wrong with whom it goes to lies there, not in the record. */
function faultsOf(error: Problem, index: number): readonly Fault[] {
  const ofPerson = error.faults.filter(({ path }) => path === '/to');
  return ofPerson.length > 0 ? ofPerson : itemFaults(error, index, '/records');
}

function onlyOnce(faults: readonly Fault[]): readonly Fault[] {
  return faults.filter(
    ({ path, message }, at) =>
      faults.findIndex((each) => each.path === path && each.message.en === message.en) === at,
  );
}

/** Steps go to people who are there; they may come from one who has left. */
async function personAt(
  scope: ReassignScope,
  context: Context,
  at: '/to' | '/from',
  id: string,
): Promise<Context> {
  const found = isUuid(id) ? await scope.contextOf(context, id.toLowerCase()) : null;
  if (found && (at === '/from' || found.isActive)) return found.context;
  const [zh, en] =
    at === '/to'
      ? ['没有这位启用的用户。', 'There is no such active user.']
      : ['没有这位用户。', 'There is no such user.'];
  throw invalidRecord([faultAt(at, 'MRT_REASSIGN', zh, en)]);
}

function requireAssign(context: Context): void {
  if (!context.access.mayUse(ASSIGN)) throw problem('MRT_ACCESS_FUNCTION', { function: ASSIGN });
}

interface People {
  readonly context: Context;
  readonly to: Context;
  readonly from: Context | null;
}

/** A person's look at a record. */
function lookOf(ruled: RuledRecord, ruling: Ruling, context: Context): TransitionCase {
  const calculation = { ...ruled.calculation, context };
  return caseOf({ ...ruled, calculation }, ruling, null);
}

/** Alternatives of a step: of itself, and of the approvals it needs. */
function alternatives(
  transition: MachineTransition,
): readonly { readonly who: MachineWho; readonly part: string | null }[] {
  return [
    ...transition.who.map((who) => ({ who, part: null })),
    ...transition.parts.flatMap(({ name, who: own }) => own.map((who) => ({ who, part: name }))),
  ];
}

/** Steps that a region waits for now. */
function waitingSteps(
  ruled: RuledRecord,
  ruling: Ruling,
  region: MachineRegion,
): readonly MachineTransition[] {
  const state = stateOf(region, ruled.record.values);
  return expectedSteps(ruling.machine, region)
    .filter(({ from }) => from.includes(state))
    .map(({ transition }) => transition);
}

/** What a person is asked as; of nobody in particular: every alternative that names no person. */
function askedAs(steps: readonly MachineTransition[], on: TransitionCase | null): readonly string[] {
  return steps.flatMap((step) =>
    alternatives(step)
      .filter(({ who, part }) =>
        on === null ? who.document.field === undefined && !who.document.stepBy : isAsked(who, step, on, part),
      )
      .map(({ who, part }) => alternativeKey(step.name, part, who.name)),
  );
}

async function passOn(
  scope: ReassignScope,
  { context, to, from }: People,
  entity: EntityModel,
  id: string,
  reason: string,
  tx: Transaction,
): Promise<void> {
  const loaded = await loadRecord(tx, context, entity, id);
  gateLoaded(context, entity, loaded, from === null ? 'transition' : 'read');
  const refuse = (zh: string, en: string): never => {
    throw invalidRecord([faultAt('', 'MRT_REASSIGN', zh, en)]);
  };
  if ((loaded.values['deleted_at'] ?? null) !== null || loaded.values['is_void'] === true)
    refuse('记录已失效或在回收站中。', 'The record is void or in the recycle bin.');
  const draft = draftOf(context, entity, loaded);
  const ruled = await ruledRecord(scope, context, tx, draft);
  const given: PassedOn[] = [];
  for (const ruling of ruled.rulings) {
    for (const region of ruling.machine.regions) {
      const steps = waitingSteps(ruled, ruling, region);
      const own = askedAs(steps, lookOf(ruled, ruling, from ?? context));
      // Who is not asked himself passes on what waits for a role.
      const whose = own.length > 0 ? (from ?? context).actor.id : null;
      if (own.length === 0 && from !== null) continue;
      const as = own.length > 0 ? own : askedAs(steps, null);
      if (as.length === 0) continue;
      if (whose === null) requireAssign(context);
      requireFit({ context, to, from }, entity, loaded, ruled, ruling, steps, { region: region.name, as });
      const transitions = [...new Set(as.map((key) => key.split('/')[0]!))];
      const { name } = ruling.machine.document;
      const state = stateOf(region, ruled.record.values);
      const label = region.document.states[state]?.label ?? { 'zh-CN': state, en: state };
      given.push({ workflow: name, region: region.name, state: label, from: whose, transitions, as });
    }
  }
  if (given.length === 0) refuse('没有可转办的待办步骤。', 'Nothing waits here that can be passed on.');
  await writePassedOn(scope, context, tx, draft, given, to.actor, { reason });
}

/** He must be able to take one of the steps: nothing is passed on to where nobody can act. */
function requireFit(
  { to }: People,
  entity: EntityModel,
  loaded: Parameters<typeof gateLoaded>[2],
  ruled: RuledRecord,
  ruling: Ruling,
  steps: readonly MachineTransition[],
  given: { readonly region: string; readonly as: readonly string[] },
): void {
  const refuse = (zh: string, en: string): never => {
    throw invalidRecord([faultAt('/to', 'MRT_REASSIGN', zh, en)]);
  };
  try {
    gateLoaded(to, entity, loaded, 'transition');
  } catch {
    refuse('此人无权办理这条记录。', 'This person has no right to move this record on.');
  }
  const look = lookOf(ruled, ruling, to);
  const on: TransitionCase = {
    ...look,
    assignments: [...look.assignments, { ...given, from: null, to: to.actor.id, isVoid: false }],
  };
  const reasons = steps
    .filter(({ name }) => given.as.some((key) => key.startsWith(`${name}/`)))
    .map((step) => refusalsOfPerson(step, on).filter(({ code }) => code !== 'approval'));
  if (reasons.some((each) => each.length === 0)) return;
  const [first] = reasons.flat();
  if (first) refuse(first.message['zh-CN'], first.message.en);
}
