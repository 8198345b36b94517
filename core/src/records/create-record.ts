import { invalidRecord } from '../errors/catalogue.ts';
import { quoteName } from '../access/quote-name.ts';
import { Problem, type Fault } from '../errors/problem.ts';
import type { Context } from '../context/context.ts';
import { checkReason } from './check-reason.ts';
import { isUuid } from '../fields/uuid.ts';
import type { EntityModel, Model } from '../model/model.ts';
import type { Transaction } from '../store/database.ts';
import { uuid7 } from '../store/uuid7.ts';
import { askForRest, treesAsked } from './ask-for-rest.ts';
import { drawParts, numbersToDraw, takeNumbers, type NumberDraw } from './autonumber-values.ts';
import type { Draft, Values } from './draft.ts';
import { entityOf, requireAction } from './entity-of.ts';
import type { CalculationScope } from './evaluate-record.ts';
import { computeDraft, finishDraft, finishesAlone } from './finish-draft.ts';
import { guardVersion } from './guard-version.ts';
import { fillOwnership, newDraft } from './new-draft.ts';
import type { RecordData, WriteOptions } from './records.ts';
import type { QueryScope } from './query-source.ts';
import { changedTrees, ReferenceCheck, treeColumn, treeFaults } from './reference-check.ts';
import { scopeRowSql, upperRow, type UpperRow } from './scope-row.ts';
import { sameInput } from './same-input.ts';
import { storeDraft } from './store-draft.ts';
import { StatementParameters } from './statement-parameters.ts';
import { validateInput } from './validate-input.ts';
import { faultAt } from './value-fault.ts';
import { gateFinished, gateStarted } from './gate-new.ts';
import { violatedFields, writeProblem } from './write-errors.ts';
import { inTransaction, type WriteScope } from './write-scope.ts';

const NUMBER_RETRIES = 100;

/** What is to be created, and in which transaction. */
interface Creation {
  readonly scope: WriteScope;
  readonly context: Context;
  readonly entity: EntityModel;
  readonly id: string;
  /** Validated values as sent. */
  readonly sent: Values;
  readonly tx: Transaction;
}

/** Is the client's own id taken, and what lies above a line: the right to make one is asked of the record above it. */
function placeColumns(context: Context, draft: Draft, { bind }: StatementParameters): string[] {
  const { entity, sent, values } = draft;
  const columns: string[] = [];
  if (sent.has('id')) {
    const there = `SELECT 1 FROM ${quoteName(entity.table)} WHERE id = ${bind(draft.id)}::uuid`;
    columns.push(`EXISTS (${there}) AS there`);
  }
  const parentId = entity.parent && values[entity.parent.field];
  const upper = isUuid(parentId) ? scopeRowSql(context.model, entity, `${bind(parentId)}::uuid`) : null;
  if (upper !== null) columns.push(`${upper} AS upper`);
  return columns;
}

/** A record that is ready to be written, or the stored one when the same input came before. */
type Ready =
  | { readonly draft: Draft; readonly draws: readonly NumberDraw[] }
  | { readonly stored: RecordData };

function startDraft({ context, entity, id, sent }: Creation): Draft {
  const draft = newDraft(context, entity, id, sent);
  fillOwnership(context, draft);
  return draft;
}

/**
 * The usual case: all that is to be known of the record is in memory, so that it is finished first and the database
 * asked once, for the guard, all references and the numbers. Null when something else is needed, and when a fault is
 * found: whether the model it was found by is the current one must be asked before it is told.
 */
async function readyAhead(creation: Creation): Promise<Ready | null> {
  const { scope, context, entity, sent, tx } = creation;
  if (sent['id'] !== undefined || entity.parent) return null;
  const draft = startDraft(creation);
  if (!finishesAlone(scope, context, draft)) return null;
  let calculation: CalculationScope;
  try {
    gateStarted(context, draft);
    calculation = await finishDraft(scope, context, tx, draft);
    gateFinished(context, draft);
  } catch (error) {
    if (error instanceof Problem) return null;
    throw error;
  }
  const parameters = new StatementParameters();
  const query: QueryScope = { roles: context.access.compiled, parameters, nextAlias: 1 };
  const check = new ReferenceCheck(context.model, context.access.parameters);
  const draws = numbersToDraw(context, scope, entity, draft.values);
  const { ctes, columns } = drawParts(draws, parameters);
  const also = [
    ...columns,
    ...check.columns(query, draft),
    ...changedTrees(draft).map((field) => treeColumn(query, draft, field)),
  ];
  const row = await guardVersion(tx, context, also, parameters, ctes);
  check.learn(row);
  takeNumbers(draws, row, draft.values);
  return withNumbers({ draft, draws }, calculation, [...check.faults(draft), ...treeFaults(row)]);
}

/** The fields that are computed from a number are computed again. @throws MRT_RECORD_INVALID */
function withNumbers(
  ready: Exclude<Ready, { stored: unknown }>,
  calculation: CalculationScope,
  faults: Fault[],
): Ready {
  if (faults.length > 0) throw invalidRecord(faults);
  if (ready.draws.length > 0) computeDraft(ready.draft, calculation, faults);
  if (faults.length > 0) throw invalidRecord(faults);
  return ready;
}

/** The general case: the database is asked before the record is finished, and again for what that has brought. */
async function readyStepwise(creation: Creation): Promise<Ready> {
  const { scope, context, entity, id, sent, tx } = creation;
  const parameters = new StatementParameters();
  const query: QueryScope = { roles: context.access.compiled, parameters, nextAlias: 1 };
  const check = new ReferenceCheck(context.model, context.access.parameters);
  const first = startDraft(creation);
  const also = [
    ...check.columns(query, first),
    ...changedTrees(first).map((field) => treeColumn(query, first, field)),
    ...placeColumns(context, first, parameters),
  ];
  const guarded = await guardVersion(tx, context, also, parameters);
  if (guarded['there'] === true) return { stored: await sameInput(scope, context, tx, entity, id, sent) };

  const draft: Draft = { ...first, up: upperOf(context.model, entity, guarded['upper']) };
  gateStarted(context, draft);
  const asked = treesAsked(draft);
  check.learn(guarded);
  const calculation = await finishDraft(scope, context, tx, draft);
  // Hooks and defaults may have given the record to somebody else.
  gateFinished(context, draft);
  const { faults, draws } = await askForRest(scope, context, tx, draft, check, asked);
  return withNumbers({ draft, draws }, calculation, [
    ...check.faults(draft),
    ...treeFaults(guarded),
    ...faults,
  ]);
}

async function createIn(
  creation: Creation,
  options: WriteOptions | undefined,
  draws: NumberDraw[],
  isOwn: boolean,
): Promise<RecordData> {
  const { scope, context, tx } = creation;
  const ready = (await readyAhead(creation)) ?? (await readyStepwise(creation));
  if ('stored' in ready) return ready.stored;
  draws.push(...ready.draws);
  return await storeDraft(scope, context, tx, ready.draft, 'create', options, isOwn);
}

function upperOf(model: Model, entity: EntityModel, row: unknown): UpperRow | null {
  if (!entity.parent) return null;
  const up = upperRow(model, entity, row);
  if (up === null || up.deleted) {
    throw invalidRecord([
      faultAt(
        `/${entity.parent.field}`,
        'MRT_VALUE_REFERENCE',
        '上级记录不存在。',
        'There is no such record above it.',
      ),
    ]);
  }
  return up;
}

/** The number is taken by a record that was given it by hand: the sequence steps over it. */
async function stepOver(
  scope: WriteScope,
  draws: readonly NumberDraw[],
  fields: readonly string[],
): Promise<boolean> {
  const taken = draws.filter((draw) => fields.includes(draw.field.name));
  for (const draw of taken) {
    await scope.db.query({
      text: 'INSERT INTO mortise.sequence AS s (key, value) VALUES ($1, 1) ON CONFLICT (key) DO UPDATE SET value = s.value + 1',
      values: [draw.key],
    });
  }
  return taken.length > 0;
}

/**
 * Creates a record: at most three statements (DESIGN §11) besides those of the hooks. A client's own `id` makes it
 * repeatable: the same input again is answered with the stored record.
 * @throws MRT_ACCESS_DENIED, MRT_ACCESS_FIELD, MRT_RECORD_INVALID, MRT_RECORD_UNIQUE, MRT_RECORD_CONFLICT, MRT_MODEL_STALE
 */
export async function createRecord(
  scope: WriteScope,
  context: Context,
  name: string,
  input: RecordData,
  options?: WriteOptions,
  tx?: Transaction,
): Promise<RecordData> {
  const entity = entityOf(context, name);
  requireAction(context, entity, 'create');
  checkReason(options);
  const sent = validateInput(context.model, entity, 'create', input);
  const id = isUuid(sent['id']) ? sent['id'].toLowerCase() : uuid7();
  for (let attempt = 0; ; attempt += 1) {
    const draws: NumberDraw[] = [];
    try {
      return await inTransaction(scope, tx, (open) =>
        createIn({ scope, context, entity, id, sent, tx: open }, options, draws, tx === undefined),
      );
    } catch (error) {
      const fields = violatedFields(error, context, entity);
      if (tx || fields === null || attempt >= NUMBER_RETRIES) throw writeProblem(error, context, entity, tx);
      // Somebody else created the same id at the same time: then it is there now.
      const repeated = fields.includes('id') && isUuid(sent['id']) && attempt === 0;
      if (!repeated && !(await stepOver(scope, draws, fields)))
        throw writeProblem(error, context, entity, tx);
    }
  }
}
