import { Cron } from 'croner';
import type { Context } from '../context/context.ts';
import type { Model } from '../model/model.ts';
import { clockMark } from '../model/clock-mark.ts';
import { isBrokenOff } from '../store/sql-error.ts';
import { outageReason } from '../store/outage.ts';
import type { Database, Row, Transaction } from '../store/database.ts';
import type { Dictionaries } from '../store/dictionaries.ts';
import type { Calculated, CalculationScope } from '../records/evaluate-record.ts';
import { guardVersion } from '../records/guard-version.ts';
import { gateLoaded, loadRecord } from '../records/load-record.ts';
import { RelatedValues } from '../records/related-values.ts';
import type { Records } from '../records/records.ts';
import { Problem } from '../errors/problem.ts';
import { failpoint } from '../store/failpoint.ts';
import { uuid7 } from '../store/uuid7.ts';
import { rulesOf, type Rule } from '../workflow/automation.ts';
import { clockContext } from './acting.ts';
import { dueAt, dueRecords, readableRecords, type TimeWindow } from './date-rule.ts';
import { NO_RECORD, perform } from './perform.ts';
import { noteActions, noteRun, reasonOf, type NewRun } from './run-log.ts';
import { holds } from './rule-runner.ts';

const reached = { noted: failpoint('rule.noted'), done: failpoint('rule.done') };

export interface ClockOptions {
  readonly db: Database;
  readonly dictionaries: Dictionaries;
  readonly records: () => Records;
  readonly model: () => Model;
  /** Something waits in the outbox. */
  readonly wake: () => void;
  readonly report: (error: unknown) => void;
}

/** Writes that were on their way when a window was looked at are seen in the next one. */
const OVERLAP_MS = 5 * 60_000;
/** A server that stood still longer does not catch up with what was before. */
const LONGEST_MS = 31 * 86_400_000;
const PAGE = 200;

interface Clock {
  readonly until: string;
  readonly slot: string | null;
  readonly after_id: string | null;
}

/** Does what the rules of the clock have to do up to `now`. Call it again and again; nothing is done twice. */
export async function runClockRules(options: ClockOptions, now: Date): Promise<void> {
  const model = options.model();
  await forgetIdle(options.db, model);
  for (const rule of rulesOf(model).byClock) {
    const { document } = rule;
    const context = clockContext(model, document, Object.keys(document.roles ?? {}), now);
    try {
      if (document.trigger.on === 'date') await runDateRule(options, rule, context, now);
      else await runSchedule(options, rule, context, now);
    } catch (error) {
      options.report(error);
    }
  }
}

/** A rule that is switched off loses its clock, so that it begins anew, and catches up with nothing, when it is on again. */
async function forgetIdle(db: Database, model: Model): Promise<void> {
  const { byName } = rulesOf(model);
  const idle = [...model.rules.keys()].filter((name) => !byName.has(name));
  if (idle.length === 0) return;
  await db.query({ text: 'delete from mortise.rule_clock where rule = any($1::text[])', values: [idle] });
}

/** How far the rule has come; a new one, and one with another trigger, begins now. */
async function clockOf(db: Database, rule: Rule, now: Date): Promise<Clock> {
  const [row] = await db.query<Clock & Row>({
    text: `insert into mortise.rule_clock as c (rule, mark, until) values ($1, $2, $3::timestamptz)
      on conflict (rule) do update set mark = excluded.mark,
        until = case when c.mark = excluded.mark then c.until else excluded.until end,
        slot = case when c.mark = excluded.mark then c.slot end,
        after_id = case when c.mark = excluded.mark then c.after_id end
      returning until, slot, after_id`,
    values: [rule.document.name, clockMark(rule.document), now.toISOString()],
  });
  return row!;
}

async function setClock(
  db: Database,
  rule: Rule,
  until: Date,
  slot: Date | null,
  after: string | null,
): Promise<void> {
  await db.query({
    text: `update mortise.rule_clock set until = $2::timestamptz, slot = $3::timestamptz, after_id = $4::uuid where rule = $1`,
    values: [rule.document.name, until.toISOString(), slot?.toISOString() ?? null, after],
  });
}

async function runDateRule(options: ClockOptions, rule: Rule, context: Context, now: Date): Promise<void> {
  const { db } = options;
  const { entity, document } = rule;
  if (!entity) return;
  const clock = await clockOf(db, rule, now);
  const until = Date.parse(clock.until);
  if (until >= now.getTime()) return;
  const from = new Date(Math.max(until - OVERLAP_MS, now.getTime() - LONGEST_MS));
  const window: TimeWindow = { from, to: now };
  for (let after: string | null = null; ;) {
    const ids = await dueRecords(db, context, entity, document.trigger, window, after, PAGE);
    for (const id of ids) await runOnce(options, rule, context, id, window, null);
    if (ids.length < PAGE) break;
    after = ids.at(-1)!;
  }
  await setClock(db, rule, now, null, null);
}

/** The times of a table behind `from`, up to and with `to`; at most a month of them. */
export function slotsBetween(rule: Rule, from: Date, to: Date, timeZone: string): readonly Date[] {
  const cron = new Cron(rule.document.trigger.cron ?? '', { timezone: timeZone, mode: '5-part' });
  const slots: Date[] = [];
  const start = new Date(Math.max(from.getTime(), to.getTime() - LONGEST_MS));
  for (let next = cron.nextRun(start); next !== null && next <= to; next = cron.nextRun(next))
    slots.push(next);
  return slots;
}

async function runSchedule(options: ClockOptions, rule: Rule, context: Context, now: Date): Promise<void> {
  const { db } = options;
  const clock = await clockOf(db, rule, now);
  // One that was broken off goes on where it was.
  // Of times that were missed only the last one is made up for.
  const slot =
    clock.slot === null
      ? slotsBetween(rule, new Date(clock.until), now, context.timeZone).at(-1)
      : new Date(clock.slot);
  if (slot === undefined) return;
  if (rule.entity === null) {
    await runOnce(options, rule, context, null, null, slot);
  } else {
    let after = clock.after_id;
    if (clock.slot === null) await setClock(db, rule, new Date(clock.until), slot, null);
    for (;;) {
      const ids = await readableRecords(db, context, rule.entity, after, PAGE);
      for (const id of ids) await runOnce(options, rule, context, id, null, slot);
      if (ids.length < PAGE) break;
      after = ids.at(-1)!;
      await setClock(db, rule, new Date(clock.until), slot, after);
    }
  }
  await setClock(db, rule, slot, null, null);
}

/**
 * Runs a rule for one record and one moment: the line in the log, by its key the only one, and what is done commit
 * together. A failure is noted instead, and waits for somebody to try it again.
 */
async function runOnce(
  options: ClockOptions,
  rule: Rule,
  context: Context,
  id: string | null,
  window: TimeWindow | null,
  slot: Date | null,
): Promise<void> {
  const { db } = options;
  const { document } = rule;
  const run: NewRun = {
    id: uuid7(),
    rule: document.name,
    label: document.label,
    trigger: document.trigger.on,
    entity: rule.entity?.name ?? null,
    record: id,
    state: 'done',
    at: context.now,
    by: '',
    fireKey: slot === null ? null : `${document.name}/${id ?? ''}/${slot.toISOString()}`,
    actions: [],
    error: null,
  };
  let fireKey = run.fireKey;
  try {
    await db.transaction(async (tx) => {
      // The key is known before anything can refuse, so that a refusal is noted once.
      const record = await dueRecord(tx, rule, context, id, window, (due) => {
        fireKey = `${document.name}/${id ?? ''}/${due.toISOString()}`;
      });
      if (record === 'not due') return;
      await performRun(options, rule, context, record, { ...run, fireKey }, tx);
    });
    reached.done();
  } catch (error) {
    if (isPassing(error)) throw error;
    await noteRun(db, { ...run, fireKey, state: 'failed', error: reasonOf(error) });
  }
}

/** Locks the record and looks once more whether it is due, and whether the rule may read it. */
async function dueRecord(
  tx: Transaction,
  { entity, document }: Rule,
  context: Context,
  id: string | null,
  window: TimeWindow | null,
  isDue: (at: Date) => void,
): Promise<Calculated | null | 'not due'> {
  if (entity === null || id === null) {
    await guardVersion(tx, context);
    return null;
  }
  const loaded = await loadRecord(tx, context, entity, id);
  if (!loaded || (loaded.values['deleted_at'] ?? null) !== null) return 'not due';
  if (window !== null) {
    const due = dueAt(document.trigger, loaded.values[document.trigger.field ?? ''], context.timeZone);
    if (due === null || due <= window.from || due > window.to) return 'not due';
    isDue(due);
  }
  gateLoaded(context, entity, loaded, 'read');
  return { entity, values: loaded.values, previous: loaded.values, at: '' };
}

/** Notes and does a run whose trigger is given, where the condition holds. @returns whether it did */
export async function performRun(
  options: ClockOptions,
  rule: Rule,
  context: Context,
  record: Calculated | null,
  run: NewRun,
  tx: Transaction,
): Promise<boolean> {
  const related = new RelatedValues(context.model);
  const calculation: CalculationScope = { context, dictionaries: options.dictionaries, related };
  if (record) await related.load(tx, [record], [rule.related]);
  if (!holds({ ...rule, becomes: null }, record ?? NO_RECORD, calculation)) return false;
  if (!(await noteRun(tx, run))) return false;
  reached.noted();
  const { document } = rule;
  const acting: Context = {
    ...context,
    cause: { rule: document.name, chain: [`${document.name}/${run.record ?? ''}`] },
  };
  const actions = await perform({
    named: document,
    automation: rule,
    run: run.id,
    records: options.records(),
    calculation,
    acting,
    record,
    tx,
  });
  await noteActions(tx, run.id, actions);
  tx.afterCommit(options.wake);
  return true;
}

/** Not the rule's fault: it is tried again at the next look. */
export function isPassing(error: unknown): boolean {
  if (error instanceof Problem) return error.code === 'MRT_MODEL_STALE' || error.code === 'MRT_UNAVAILABLE';
  return isBrokenOff(error) || outageReason(error) !== null;
}
