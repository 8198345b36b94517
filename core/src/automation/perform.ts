import { quoteName } from '../access/quote-name.ts';
import type { Context } from '../context/context.ts';
import { invalidRecord, problem } from '../errors/catalogue.ts';
import type { Fault } from '../errors/problem.ts';
import type { EntityModel } from '../model/model.ts';
import type { Calculated, CalculationScope } from '../records/evaluate-record.ts';
import { notify } from '../notify/notify.ts';
import { evaluate, fitChecked } from '../records/evaluate-record.ts';
import { plainValues } from '../records/plain-values.ts';
import type { RecordData, Records } from '../records/records.ts';
import type { Transaction } from '../store/database.ts';
import { failpoint } from '../store/failpoint.ts';
import { uuid7 } from '../store/uuid7.ts';
import type { Automation, AutomationAction, NamedExpression } from '../workflow/automation.ts';
import type { Named } from './acting.ts';
import { enqueue } from './outbox-store.ts';
import type { ActionTaken } from './run-log.ts';

const acted = failpoint('rule.acted');

/** A run: what is done about which record, with whose rights. */
export interface Performance {
  readonly named: Named;
  readonly automation: Automation;
  readonly run: string;
  readonly records: Records;
  /** What expressions see: the moment and, on a write, its person. */
  readonly calculation: CalculationScope;
  /** With whose rights it acts. */
  readonly acting: Context;
  readonly record: Calculated | null;
  readonly tx: Transaction;
}

const NO_ENTITY = { name: '', fields: new Map() } as unknown as EntityModel;
/** What expressions look at where there is no record: the checker has let none of them read a field. */
export const NO_RECORD: Calculated = { entity: NO_ENTITY, values: {}, previous: null, at: '' };

/** Does the action's own condition hold? */
export function isWanted(
  action: AutomationAction,
  record: Calculated | null,
  scope: CalculationScope,
): boolean {
  return action.when === null || evaluate(action.when, record ?? NO_RECORD, scope) === true;
}

/** What an action writes into records of `target`, or sends where there is none. @throws MRT_RECORD_INVALID */
export function valuesOf(
  values: readonly NamedExpression[],
  target: EntityModel | null,
  record: Calculated | null,
  scope: CalculationScope,
): RecordData {
  const faults: Fault[] = [];
  const found = values.map(({ name, expression }): [string, unknown] => {
    const value = evaluate(expression, record ?? NO_RECORD, scope);
    const field = target?.fields.get(name);
    return [name, field?.column ? fitChecked(field, value, { ...NO_RECORD }, faults) : value];
  });
  if (faults.length > 0) throw invalidRecord(faults);
  return plainValues(Object.fromEntries(found));
}

/** Does all actions of a rule in their order; values follow from the record as the trigger left it. */
export async function perform(performance: Performance): Promise<readonly ActionTaken[]> {
  const taken: ActionTaken[] = [];
  for (const action of performance.automation.actions) {
    if (!isWanted(action, performance.record, performance.calculation)) continue;
    taken.push(await act(performance, action));
    acted();
  }
  return taken;
}

async function act(performance: Performance, action: AutomationAction): Promise<ActionTaken> {
  const { document, name } = action;
  const base = { name, action: document.action };
  switch (document.action) {
    case 'set':
      return { ...base, ...(await setFields(performance, action)) };
    case 'create':
      return { ...base, ...(await createOne(performance, action)) };
    case 'transition':
      return { ...base, ...(await moveOn(performance, action)) };
    case 'notify':
      return { ...base, ...(await tell(performance, action)) };
    case 'webhook':
    case 'plugin':
      return { ...base, ...(await leave(performance, action)) };
  }
}

/** The record that a rule is about. @throws Error when it has none, which the checker refuses */
function subject({ record }: Performance): { readonly entity: EntityModel; readonly id: string } {
  if (record === null) throw new Error('the rule is about no record');
  return { entity: record.entity, id: String(record.values['id']) };
}

async function setFields(performance: Performance, action: AutomationAction): Promise<Partial<ActionTaken>> {
  const { records, acting, tx, record, calculation } = performance;
  const { entity, id } = subject(performance);
  const patch = valuesOf(action.values, entity, record, calculation);
  const [row] = await tx.query<{ version: number }>({
    text: `select version from ${quoteName(entity.table)} where id = $1::uuid`,
    values: [id],
  });
  if (!row) throw problem('MRT_RECORD_NOT_FOUND');
  await records.update(acting, entity.name, id, Number(row.version), patch, {}, tx);
  return { record: { entity: entity.name, id }, fields: Object.keys(patch) };
}

async function createOne(performance: Performance, action: AutomationAction): Promise<Partial<ActionTaken>> {
  const { records, acting, tx, record, calculation } = performance;
  const name = action.document.entity ?? '';
  const target = acting.model.entities.get(name);
  if (!target) throw problem('MRT_ENTITY_UNKNOWN', { entity: name });
  const input = valuesOf(action.values, target, record, calculation);
  const made = await records.create(acting, name, input, {}, tx);
  return { record: { entity: name, id: String(made['id']) }, fields: Object.keys(input) };
}

async function moveOn(performance: Performance, action: AutomationAction): Promise<Partial<ActionTaken>> {
  const { records, acting, tx, record, calculation } = performance;
  const { entity, id } = subject(performance);
  const transition = action.document.transition ?? '';
  const input = valuesOf(action.values, entity, record, calculation);
  const opinion = action.opinion === null ? null : evaluate(action.opinion, record ?? NO_RECORD, calculation);
  const request = { input, ...(typeof opinion === 'string' ? { opinion } : {}) };
  await records.transition(acting, entity.name, id, transition, request, tx);
  return { record: { entity: entity.name, id }, transition };
}

/** Tells the users in fields of the record; nobody is told who may not read it. */
async function tell(performance: Performance, action: AutomationAction): Promise<Partial<ActionTaken>> {
  const { record, calculation, acting, tx } = performance;
  const { entity, id } = subject(performance);
  const users = action.to.map((to) => evaluate(to, record ?? NO_RECORD, calculation));
  const text = action.document.message ?? entity.label;
  await notify(tx, acting, { users, kind: 'rule', text, record: { entity: entity.name, id } });
  return { fields: Object.keys(action.document.to ?? {}) };
}

/** What leaves the database is only noted here, and sent after the commit (DESIGN §4: no network in a write). */
async function leave(performance: Performance, action: AutomationAction): Promise<Partial<ActionTaken>> {
  const { record, calculation, acting, tx, named, run } = performance;
  const { document } = action;
  const values = valuesOf(action.values, null, record, calculation);
  const about = record === null ? null : subject(performance);
  const id = uuid7();
  const common = { id, run, rule: named.name, action: action.name, at: acting.now };
  const where = { entity: about?.entity.name ?? null, record: about?.id ?? null };
  if (document.action === 'webhook') {
    const payload = {
      url: document.url ?? '',
      secret: document.secret ?? '',
      timeoutSeconds: document.timeoutSeconds ?? 10,
      data: values,
    };
    await enqueue(tx, { ...common, ...where, kind: 'webhook', payload });
  } else {
    const payload = {
      plugin: document.plugin ?? '',
      call: document.call ?? '',
      input: values,
      roles: acting.actor.roles,
      label: named.label,
      chain: acting.cause?.chain ?? [],
    };
    await enqueue(tx, { ...common, ...where, kind: 'plugin', payload });
  }
  return { delivery: id, fields: Object.keys(values) };
}
