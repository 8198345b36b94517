import type { Context } from '../context/context.ts';
import { problem } from '../errors/catalogue.ts';
import { Problem, type Fault } from '../errors/problem.ts';
import { checkDocumentShape } from '../model/check-document.ts';
import { checkRule } from '../model/check-rule.ts';
import { CheckScope } from '../model/check-scope.ts';
import { documentKey, type EffectiveDocument } from '../model/model.ts';
import type { AutomationRuleDocument } from '../model/rule-document.ts';
import type { Calculated, CalculationScope } from '../records/evaluate-record.ts';
import { RelatedValues } from '../records/related-values.ts';
import type { Database } from '../store/database.ts';
import type { Dictionaries } from '../store/dictionaries.ts';
import { compileRule, type AutomationAction, type Rule } from '../workflow/automation.ts';
import { slotsBetween } from './clock-rules.ts';
import { dueAt, dueRecords, readableRecords } from './date-rule.ts';
import { openEvents, readableIn } from './dry-run-gate.ts';
import { eventsSince, type PastEvent } from './past-events.ts';
import { isWanted, NO_RECORD, valuesOf } from './perform.ts';
import { holds, isTriggered } from './rule-runner.ts';
import { reasonOf } from './run-log.ts';
import { rowsOf } from './stored-rows.ts';

/** What one action would have done. */
export interface WouldDo {
  readonly name: string;
  readonly action: string;
  /** What it is done to: an entity, a transition, a host. */
  readonly target: string;
  /** Null where they would have been refused. */
  readonly values: Readonly<Record<string, unknown>> | null;
  readonly error: ReturnType<typeof reasonOf> | null;
}

export interface WouldRun {
  readonly at: string;
  readonly by: string | null;
  readonly record: string | null;
  /** What the record is called, as far as the asker may read it. */
  readonly display: string | null;
  readonly actions: readonly WouldDo[];
}

export interface DryRunAnswer {
  readonly from: string;
  readonly to: string;
  /** Writes, due dates or times that were looked at. */
  readonly looked: number;
  /** There were more: only the newest were looked at. */
  readonly isPart: boolean;
  readonly fired: number;
  /** The newest of them. */
  readonly items: readonly WouldRun[];
}

/** Writes that are looked at, and runs that are shown. */
const MOST_EVENTS = 5000;
const MOST_SHOWN = 100;

export interface DryRunOptions {
  readonly db: Database;
  readonly dictionaries: Dictionaries;
}

/** The rule that is asked about, checked like one that is saved. @throws MRT_DOCUMENT_INVALID */
function checkedRule(context: Context, document: unknown): Rule {
  const { model } = context;
  const refuse = (faults: readonly Fault[]): void => {
    if (faults.length > 0) throw problem('MRT_DOCUMENT_INVALID', { count: faults.length }, faults);
  };
  refuse(checkDocumentShape('rule', document as AutomationRuleDocument));
  const rule = document as AutomationRuleDocument;
  const effective = {
    kind: 'rule',
    name: rule.name,
    document: rule,
    provenance: {},
    base: '',
  } as EffectiveDocument;
  const documents = new Map(model.documents).set(documentKey('rule', rule.name), effective);
  refuse(checkRule(rule, new CheckScope(documents)));
  return compileRule(model, rule);
}

/**
 * What a rule would have done in the last days, had it been there: past writes are undone one by one in memory, dates
 * and time tables are held against the records as they are now. Only records count of which the
 * asker may read all that the rule reads, values over references are those of today, and nothing is written. @throws MRT_DOCUMENT_INVALID
 */
export async function dryRun(
  options: DryRunOptions,
  context: Context,
  document: unknown,
  days: number,
): Promise<DryRunAnswer> {
  const rule = checkedRule(context, document);
  const to = context.now;
  const from = new Date(to.getTime() - days * 86_400_000);
  const { on } = rule.document.trigger;
  const found =
    on === 'date' || on === 'schedule'
      ? await clockEvents(options, context, rule, from, to)
      : await eventsSince(options.db, context, rule.entity!, from, MOST_EVENTS);
  const events = await openEvents(options.db, context, rule, found.events);
  const related = new RelatedValues(context.model);
  const records = events.map((event) => calculated(rule, event));
  for (let at = 0; at < records.length; at += 500)
    await related.load(options.db, records.slice(at, at + 500), [rule.related]);
  const displays = await namedRecords(options.db, context, rule, events);
  let fired = 0;
  const items: WouldRun[] = [];
  for (const [index, event] of events.entries()) {
    const record = records[index]!;
    const scope: CalculationScope = {
      context: atEvent(context, event),
      dictionaries: options.dictionaries,
      related,
    };
    if (!fires(rule, event, record, scope)) continue;
    fired += 1;
    if (items.length < MOST_SHOWN) items.push(wouldRun(context, rule, event, record, scope, displays));
  }
  return {
    from: from.toISOString(),
    to: to.toISOString(),
    looked: events.length,
    isPart: found.isPart,
    fired,
    items,
  };
}

function calculated(rule: Rule, event: PastEvent): Calculated {
  if (rule.entity === null) return NO_RECORD;
  return { entity: rule.entity, values: { ...event.values }, previous: event.previous, at: '' };
}

/** The expressions see the moment and the person of the event. */
function atEvent(context: Context, event: PastEvent): Context {
  const actor =
    event.by === context.actor.id ? context.actor : { ...context.actor, id: event.by ?? '', roles: [] };
  return { ...context, now: new Date(event.at), actor };
}

function fires(rule: Rule, event: PastEvent, record: Calculated, scope: CalculationScope): boolean {
  const byClock = rule.document.trigger.on === 'date' || rule.document.trigger.on === 'schedule';
  if (byClock) return holds({ ...rule, becomes: null }, record, scope);
  const { entity, values, previous } = record;
  const write = { entity, id: event.record ?? '', values, previous, transitions: event.transitions };
  return isTriggered(rule, write) && holds(rule, record, scope);
}

/** Records whose name the asker may read. */
async function namedRecords(
  db: Database,
  context: Context,
  { entity }: Rule,
  events: readonly PastEvent[],
): Promise<ReadonlySet<string>> {
  const ids = [...new Set(events.flatMap(({ record }) => record ?? []))];
  return entity === null ? new Set() : await readableIn(db, context, entity, ids, [entity.display]);
}

function wouldRun(
  context: Context,
  rule: Rule,
  event: PastEvent,
  record: Calculated,
  scope: CalculationScope,
  displays: ReadonlySet<string>,
): WouldRun {
  const { entity } = rule;
  const display = entity && displays.has(event.record ?? '') ? record.values[entity.display] : null;
  return {
    at: event.at,
    by: event.by,
    record: event.record,
    display: typeof display === 'string' ? display : null,
    actions: rule.actions
      .filter((action) => isWanted(action, rule.entity ? record : null, scope))
      .map((action) => wouldDo(context, rule, action, record, scope)),
  };
}

function wouldDo(
  context: Context,
  rule: Rule,
  action: AutomationAction,
  record: Calculated,
  scope: CalculationScope,
): WouldDo {
  const { document, name } = action;
  const { entity } = rule;
  const target =
    document.action === 'create'
      ? (document.entity ?? '')
      : document.action === 'set'
        ? (entity?.name ?? '')
        : document.action === 'notify'
          ? Object.keys(document.to ?? {}).join(', ')
          : (document.transition ?? document.url ?? `${document.plugin}.${document.call}`);
  const into =
    document.action === 'create'
      ? (context.model.entities.get(document.entity ?? '') ?? null)
      : document.action === 'webhook' || document.action === 'plugin'
        ? null
        : entity;
  const base = { name, action: document.action, target };
  try {
    const values = valuesOf(action.values, into, entity ? record : null, scope);
    return { ...base, values, error: null };
  } catch (error) {
    if (!(error instanceof Problem)) throw error;
    return { ...base, values: null, error: reasonOf(error) };
  }
}

/** Dates that came due, or times of the table, with the records as they are now. */
async function clockEvents(
  { db }: DryRunOptions,
  context: Context,
  rule: Rule,
  from: Date,
  to: Date,
): Promise<{ readonly events: readonly PastEvent[]; readonly isPart: boolean }> {
  const { entity, document } = rule;
  const { trigger } = document;
  const slots = trigger.on === 'schedule' ? slotsBetween(rule, from, to, context.timeZone) : [];
  const bare = { by: null, transitions: [], values: {}, previous: null };
  if (entity === null)
    return { events: slots.map((at) => ({ ...bare, at: at.toISOString(), record: null })), isPart: false };
  if (trigger.on === 'schedule' && slots.length === 0) return { events: [], isPart: false };
  const ids =
    trigger.on === 'date'
      ? await dueRecords(db, context, entity, trigger, { from, to }, null, MOST_EVENTS)
      : await readableRecords(db, context, entity, null, MOST_EVENTS);
  const rows = await rowsOf(db, context, entity, ids);
  const events = rows.map((values): PastEvent => {
    const due =
      trigger.on === 'date' ? dueAt(trigger, values[trigger.field ?? ''], context.timeZone) : slots.at(-1);
    const at = (due ?? to).toISOString();
    return { ...bare, at, record: String(values['id']), values, previous: values };
  });
  return { events: events.sort((a, b) => b.at.localeCompare(a.at)), isPart: ids.length === MOST_EVENTS };
}
