import type { Context } from '../context/context.ts';
import { problem } from '../errors/catalogue.ts';
import { Problem } from '../errors/problem.ts';
import { evaluate, type Calculated, type CalculationScope } from '../records/evaluate-record.ts';
import type { FollowedWrite, WriteFollower } from '../records/follow-write.ts';
import { forgetGuard } from '../records/guard-version.ts';
import { changedFields } from '../records/history-row.ts';
import type { Records } from '../records/records.ts';
import { RelatedValues } from '../records/related-values.ts';
import type { Transaction } from '../store/database.ts';
import type { Dictionaries } from '../store/dictionaries.ts';
import { outageReason } from '../store/outage.ts';
import { isSqlError } from '../store/sql-error.ts';
import { outsideTransaction } from '../store/transaction-scope.ts';
import { uuid7 } from '../store/uuid7.ts';
import { localise } from '../text/locale.ts';
import { rulesOf, type Rule } from '../workflow/automation.ts';
import { actingContext, isInside } from './acting.ts';
import { perform } from './perform.ts';
import { noteActions, noteRun, reasonOf, type NewRun } from './run-log.ts';

export interface RuleRunnerOptions {
  readonly dictionaries: Dictionaries;
  readonly records: () => Records;
  /** Tells the log, after its transaction was rolled back, of a run that refused a write. */
  readonly refused: (run: NewRun) => void;
  /** Something waits in the outbox. */
  readonly wake: () => void;
}

/** Does the write match the trigger of the rule? The condition is another question. */
export function isTriggered(rule: Rule, write: FollowedWrite): boolean {
  const { trigger } = rule.document;
  switch (trigger.on) {
    case 'create':
      return write.previous === null;
    case 'change': {
      if (write.previous === null && trigger.create !== true) return false;
      if (trigger.fields === undefined) return true;
      const changed = changedFields(write.entity, write.previous, write.values);
      return Object.keys(trigger.fields).some((name) => changed.has(name));
    }
    case 'transition':
      return write.transitions.some((name) => trigger.transitions?.[name] === true);
    default:
      return false;
  }
}

/** Do the conditions hold for the record, and of `becomes` not before? */
export function holds(rule: Rule, record: Calculated, scope: CalculationScope): boolean {
  if (rule.becomes !== null) {
    if (evaluate(rule.becomes, record, scope) !== true) return false;
    const { previous } = record;
    if (previous !== null) {
      const before: Calculated = { ...record, values: { ...previous } };
      if (evaluate(rule.becomes, before, scope) === true) return false;
    }
  }
  return rule.when === null || evaluate(rule.when, record, scope) === true;
}

/** Runs the rules that writes start, in the transaction of the write (ENG-13). */
export function createRuleRunner(options: RuleRunnerOptions): WriteFollower {
  return {
    concerns: (entity, context) => context.source !== 'demo' && rulesOf(context.model).onWrite.has(entity),
    async follow(write, context, tx) {
      const rules = (rulesOf(context.model).onWrite.get(write.entity.name) ?? []).filter((rule) =>
        isTriggered(rule, write),
      );
      let isChanged = false;
      for (const rule of rules) isChanged = (await runRule(options, rule, write, context, tx)) || isChanged;
      return isChanged;
    },
  };
}

/** @returns whether the rule wrote the record again */
async function runRule(
  options: RuleRunnerOptions,
  rule: Rule,
  write: FollowedWrite,
  context: Context,
  tx: Transaction,
): Promise<boolean> {
  const related = new RelatedValues(context.model);
  const scope: CalculationScope = { context, dictionaries: options.dictionaries, related };
  const record: Calculated = {
    entity: write.entity,
    values: { ...write.values, id: write.id },
    previous: write.previous,
    at: '',
  };
  await related.load(tx, [record], [rule.related]);
  if (!holds(rule, record, scope)) return false;
  const { document } = rule;
  const key = `${document.name}/${write.id}`;
  const run: NewRun = {
    id: uuid7(),
    rule: document.name,
    label: document.label,
    trigger: document.trigger.on,
    entity: write.entity.name,
    record: write.id,
    state: 'done',
    at: context.now,
    by: context.actor.id,
    fireKey: null,
    actions: [],
    error: null,
  };
  if (isInside(context, key)) {
    await noteRun(tx, { ...run, state: 'loop' });
    return false;
  }
  const attempt = async (): Promise<boolean> => {
    const acting = actingContext(context, document, document.roles, key);
    await noteRun(tx, run);
    const actions = await perform({
      named: document,
      automation: rule,
      run: run.id,
      records: options.records(),
      calculation: scope,
      acting,
      record,
      tx,
    });
    await noteActions(tx, run.id, actions);
    if (actions.some(({ delivery }) => delivery !== undefined)) tx.afterCommit(options.wake);
    return actions.some((each) => each.record?.id === write.id);
  };
  if (document.onError === 'log') return await orLog(attempt, run, tx);
  try {
    return await attempt();
  } catch (error) {
    const refusal = asRefusal(error, rule, context);
    // Told once, by the rule that failed, not by those that led to it.
    if (refusal !== error && !context.isTrial)
      outsideTransaction(() => options.refused({ ...run, state: 'failed', error: reasonOf(error) }));
    throw refusal;
  }
}

/** A failure leaves nothing of the rule behind but its line in the log. */
async function orLog(attempt: () => Promise<boolean>, run: NewRun, tx: Transaction): Promise<boolean> {
  const name = `rule_${run.id.replaceAll('-', '')}`;
  await tx.query({ text: `SAVEPOINT ${name}` });
  try {
    const isChanged = await attempt();
    await tx.query({ text: `RELEASE SAVEPOINT ${name}` });
    return isChanged;
  } catch (error) {
    if (!isOwnFault(error)) throw error;
    await tx.query({ text: `ROLLBACK TO SAVEPOINT ${name}` });
    forgetGuard(tx);
    await noteRun(tx, { ...run, state: 'failed', error: reasonOf(error) });
    return false;
  }
}

const PASSING: ReadonlySet<string> = new Set(['MRT_MODEL_STALE', 'MRT_UNAVAILABLE', 'MRT_RULE_REFUSED']);

/** Is the rule to blame, and not the moment: an old model, a lost connection, a deadlock? */
function isOwnFault(error: unknown): boolean {
  if (error instanceof Problem) return !PASSING.has(error.code) || error.code === 'MRT_RULE_REFUSED';
  return isSqlError(error) && outageReason(error) === null;
}

function asRefusal(error: unknown, rule: Rule, context: Context): unknown {
  if (!(error instanceof Problem) || PASSING.has(error.code)) return error;
  const reason = localise(reasonOf(error), context.locale);
  return problem('MRT_RULE_REFUSED', { rule: localise(rule.document.label, context.locale), reason }, [
    { path: '', code: error.code, message: error.text },
  ]);
}
