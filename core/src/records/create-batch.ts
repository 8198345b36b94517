import { quoteName } from '../access/quote-name.ts';
import type { Context } from '../context/context.ts';
import { invalidRecord } from '../errors/catalogue.ts';
import type { Fault } from '../errors/problem.ts';
import { isUuid } from '../fields/uuid.ts';
import type { EntityModel } from '../model/model.ts';
import type { Row, Transaction } from '../store/database.ts';
import { uuid7 } from '../store/uuid7.ts';
import { answerDraft } from './answer-record.ts';
import { numbersToDraw, type NumberDraw } from './autonumber-values.ts';
import { batchStatement } from './batch-statement.ts';
import { DRAWN_COLUMN, drawManySql, numberGiver } from './batch-numbers.ts';
import { fillOwnership, newDraft } from './new-draft.ts';
import type { Draft, Values } from './draft.ts';
import { computeDraft, finishDraft, loadRelated } from './finish-draft.ts';
import { keepDerived } from './derived/keep-derived.ts';
import { followWrite, isFollowed } from './follow-write.ts';
import { guardVersion } from './guard-version.ts';
import { namedStatement } from './named-statement.ts';
import type { RecordData, WriteOptions } from './records.ts';
import { ReferenceCheck } from './reference-check.ts';
import { RelatedValues } from './related-values.ts';
import { StatementParameters } from './statement-parameters.ts';
import { gateFinished, gateStarted } from './gate-new.ts';
import { tellOwner } from './tell-owner.ts';
import { startTimers } from './workflow/state-timers.ts';
import { runPoint } from './write-points.ts';
import type { WriteScope } from './write-scope.ts';

type Calculation = Awaited<ReturnType<typeof finishDraft>>;

/** The guard, what all references lead to, and whether a client's own id is taken. */
async function look(
  context: Context,
  tx: Transaction,
  entity: EntityModel,
  drafts: readonly Draft[],
  check: ReferenceCheck,
): Promise<{ readonly taken: boolean }> {
  const parameters = new StatementParameters();
  const columns = check.columns({ roles: context.access.compiled, parameters, nextAlias: 1 }, ...drafts);
  const ids = drafts.filter((draft) => draft.sent.has('id')).map((draft) => draft.id);
  if (ids.length > 0) {
    const there = `SELECT 1 FROM ${quoteName(entity.table)} WHERE id = ANY(${parameters.bind(ids)}::uuid[])`;
    columns.push(`EXISTS (${there}) AS there`);
  }
  const row = await guardVersion(tx, context, columns, parameters);
  check.learn(row);
  return { taken: row['there'] === true };
}

/** References that defaults and hooks brought, and the numbers of all records, in one statement. */
async function askForRest(
  scope: WriteScope,
  context: Context,
  tx: Transaction,
  drafts: readonly Draft[],
  check: ReferenceCheck,
): Promise<ReadonlySet<Draft>> {
  const draws = new Map<Draft, readonly NumberDraw[]>();
  for (const draft of drafts) {
    const own = numbersToDraw(context, scope, draft.entity, draft.values);
    if (own.length > 0) draws.set(draft, own);
  }
  const all = [...draws.values()].flat().filter(({ drawn }) => drawn === null);
  const parameters = new StatementParameters();
  const ctes = all.length > 0 ? [drawManySql(parameters, all)] : [];
  const columns = check.columns({ roles: context.access.compiled, parameters, nextAlias: 1 }, ...drafts);
  if (all.length > 0) columns.push(DRAWN_COLUMN);
  let drawn: Readonly<Record<string, string>> = {};
  if (columns.length > 0) {
    const text = `${ctes.length > 0 ? `WITH ${ctes.join(', ')} ` : ''}SELECT ${columns.join(', ')}`;
    const row =
      (await runPoint<Row>(tx, 'prepare', namedStatement(context, text, parameters.values)))[0] ?? {};
    check.learn(row);
    drawn = (row['$drawn'] ?? {}) as Readonly<Record<string, string>>;
  }
  const give = numberGiver(drawn, all);
  for (const [draft, own] of draws)
    for (const draw of own) draft.values[draw.field.name] = draw.compose(draw.drawn ?? give(draw.key));
  return new Set(draws.keys());
}

/**
 * Creates several records that do not refer to each other: the steps of creating one, each taken for all of them, in
 * three statements. Its faults have no item's place; the caller tries again one by one to name it.
 * @returns null when a client's own id is taken already, which only the single create can tell apart
 */
export async function createBatch(
  scope: WriteScope,
  context: Context,
  entity: EntityModel,
  inputs: readonly Values[],
  options: WriteOptions | undefined,
  tx: Transaction,
): Promise<RecordData[] | null> {
  const drafts = inputs.map((sent) => {
    const id = isUuid(sent['id']) ? sent['id'].toLowerCase() : uuid7();
    const draft = newDraft(context, entity, id, sent);
    fillOwnership(context, draft);
    return draft;
  });
  const check = new ReferenceCheck(context.model, context.access.parameters);
  if ((await look(context, tx, entity, drafts, check)).taken) return null;

  const related = new RelatedValues(context.model);
  await loadRelated(related, tx, drafts);
  const calculations = new Map<Draft, Calculation>();
  for (const draft of drafts) {
    gateStarted(context, draft);
    calculations.set(draft, await finishDraft(scope, context, tx, draft, related));
    gateFinished(context, draft);
  }
  const numbered = await askForRest(scope, context, tx, drafts, check);
  const faults: Fault[] = drafts.flatMap((draft) => check.faults(draft));
  for (const draft of numbered) computeDraft(draft, calculations.get(draft)!, faults);
  if (faults.length > 0) throw invalidRecord(faults);

  await runPoint<Row>(tx, 'write', batchStatement(context, entity, drafts, options));
  for (const draft of drafts) await tellOwner(context, tx, draft);
  for (const draft of drafts) await startTimers(scope, context, tx, draft);
  await keepDerived(context, tx, drafts, false);
  for (const { id } of drafts)
    tx.afterCommit(() => scope.written?.({ entity: entity.name, id, action: 'create' }, context));
  if (!isFollowed(scope, context, entity)) return drafts.map((draft) => answerDraft(context, draft));
  const answers: RecordData[] = [];
  for (const draft of drafts) answers.push(await followWrite(scope, context, tx, draft, []));
  return answers;
}
