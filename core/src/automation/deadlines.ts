import { Problem } from '../errors/problem.ts';
import type { Model } from '../model/model.ts';
import type { AutomationRuleDocument } from '../model/rule-document.ts';
import type { DeadlineDocument } from '../model/workflow-document.ts';
import { gateLoaded, loadRecord } from '../records/load-record.ts';
import type { Values } from '../records/draft.ts';
import type { Row, Transaction } from '../store/database.ts';
import { failpoint } from '../store/failpoint.ts';
import { compileRule, rulesOf, type Rule } from '../workflow/automation.ts';
import { clockContext } from './acting.ts';
import { isPassing, performRun, type ClockOptions } from './clock-rules.ts';
import { noteRun, reasonOf, type NewRun } from './run-log.ts';

const reached = { found: failpoint('deadline.found'), done: failpoint('deadline.done') };
const PAGE = 100;
/** How long the deadline of a record that is void or in the recycle bin is left aside. */
const ASIDE_MS = 3_600_000;

interface Timer extends Row {
  readonly id: string;
  readonly entity: string;
  readonly record_id: string;
  readonly workflow: string;
  readonly region: string;
  readonly field: string;
  readonly state: string;
  readonly deadline: string;
  readonly document: DeadlineDocument;
}

/** A deadline as a rule: its name tells where it stands. @throws ExpressionError when it reads what is gone */
function deadlineRule(model: Model, entity: string, name: string, deadline: DeadlineDocument): Rule {
  const { label, when, roles, actions } = deadline;
  const document: AutomationRuleDocument = {
    name,
    label,
    entity,
    trigger: { on: 'date' },
    ...(when === undefined ? {} : { when }),
    ...(roles === undefined ? {} : { roles }),
    actions,
  };
  return compileRule(model, document);
}

/** The rule, or the deadline, of a run: as it is now. */
export function ruleOfRun(model: Model, name: string, entity: string | null): Rule | undefined {
  const [workflow = '', region = '', state = '', deadline] = name.split('/');
  if (deadline === undefined) return rulesOf(model).byName.get(name);
  const found = model.workflows.get(workflow)?.regions[region]?.states[state]?.deadlines?.[deadline];
  return found && entity !== null ? deadlineRule(model, entity, name, found) : undefined;
}

/** Does a record stand in the state whose deadline a run is named after? Runs of rules know no state. */
export function standsIn(model: Model, name: string, values: Readonly<Values>): boolean {
  const [workflow = '', region = '', state = '', deadline] = name.split('/');
  const field = model.workflows.get(workflow)?.regions[region]?.field;
  if (deadline === undefined || field === undefined) return true;
  const now = values[field] ?? null;
  return now === null || now === state;
}

/** Does what is due by `now` for records that still stand in the state. Nothing is done twice. */
export async function runDeadlines(options: ClockOptions, now: Date): Promise<void> {
  for (let after = ''; ;) {
    const timers = await options.db.query<Timer>({
      text: `select id, entity, record_id, workflow, region, field, state, deadline, document from mortise.timer
        where due_at <= $1::timestamptz and ($2 = '' or id > nullif($2, '')::uuid) order by id limit $3::integer`,
      values: [now.toISOString(), after, PAGE],
    });
    for (const timer of timers) await runOrPass(options, timer, now);
    if (timers.length < PAGE) return;
    after = timers.at(-1)!.id;
  }
}

/** What fails for the moment is passed over until the next look, so that one timer does not hold up the others. */
async function runOrPass(options: ClockOptions, timer: Timer, now: Date): Promise<void> {
  try {
    await runDeadline(options, timer, now);
  } catch (error) {
    // Where the database does not answer, no other timer comes further either.
    await options.db.query({ text: 'select 1' });
    options.report(error);
  }
}

/** A record may come back from the recycle bin, or be made valid again: its deadline is due then. */
async function lookLater(tx: Transaction, timer: Timer, now: Date): Promise<void> {
  await tx.query({
    text: 'update mortise.timer set due_at = $2::timestamptz where id = $1::uuid',
    values: [timer.id, new Date(now.getTime() + ASIDE_MS).toISOString()],
  });
}

/** Is a record one that is worked with: neither void nor in the recycle bin? */
export function isLive(values: Readonly<Values>): boolean {
  return (values['deleted_at'] ?? null) === null && values['is_void'] !== true;
}

async function runDeadline(options: ClockOptions, timer: Timer, now: Date): Promise<void> {
  const { db } = options;
  const model = options.model();
  const { document } = timer;
  const name = [timer.workflow, timer.region, timer.state, timer.deadline].join('/');
  const named = { name, label: document.label };
  const context = clockContext(model, named, Object.keys(document.roles ?? {}), now);
  const run: NewRun = {
    id: timer.id,
    rule: name,
    label: document.label,
    trigger: 'deadline',
    entity: timer.entity,
    record: timer.record_id,
    state: 'done',
    at: now,
    by: '',
    fireKey: `deadline/${timer.id}`,
    actions: [],
    error: null,
  };
  reached.found();
  try {
    await db.transaction(async (tx) => {
      const entity = model.entities.get(timer.entity);
      // The record before its timer, in the order of whoever moves it on.
      const loaded = entity ? await loadRecord(tx, context, entity, timer.record_id) : null;
      if (loaded && !isLive(loaded.values)) return await lookLater(tx, timer, now);
      const taken = await tx.query({
        text: 'delete from mortise.timer where id = $1::uuid returning id',
        values: [timer.id],
      });
      if (taken.length === 0 || !entity || !loaded) return;
      const { values } = loaded;
      const state = values[timer.field] ?? null;
      if (state !== null && state !== timer.state) return;
      gateLoaded(context, entity, loaded, 'read');
      const rule = deadlineRule(model, timer.entity, name, document);
      await performRun(options, rule, context, { entity, values, previous: values, at: '' }, run, tx);
    });
    reached.done();
  } catch (error) {
    if (isPassing(error)) throw error;
    // It is not tried for ever: the log tells it, and somebody may try it again.
    await db.transaction(async (tx) => {
      await tx.query({ text: 'delete from mortise.timer where id = $1::uuid', values: [timer.id] });
      await noteRun(tx, { ...run, state: 'failed', error: reasonOf(error) });
    });
    if (!(error instanceof Problem)) options.report(error);
  }
}
