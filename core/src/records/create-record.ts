import { invalidRecord } from '../errors/catalogue.ts';
import { quoteName } from '../access/quote-name.ts';
import type { Fault } from '../errors/problem.ts';
import type { Context } from '../context/context.ts';
import { checkReason } from './check-reason.ts';
import { isUuid } from '../fields/uuid.ts';
import type { EntityModel } from '../model/model.ts';
import type { Row, Transaction } from '../store/database.ts';
import { uuid7 } from '../store/uuid7.ts';
import { answerDraft } from './answer-record.ts';
import { askForRest, treesAsked } from './ask-for-rest.ts';
import type { NumberDraw } from './autonumber-values.ts';
import type { Draft, Values } from './draft.ts';
import { entityOf, requireAction } from './entity-of.ts';
import { computeDraft, finishDraft } from './finish-draft.ts';
import { guardVersion } from './guard-version.ts';
import { fillOwnership, gateNew, newDraft } from './new-draft.ts';
import type { RecordData, WriteOptions } from './records.ts';
import type { QueryScope } from './query-source.ts';
import { changedTrees, ReferenceCheck, treeColumn, treeFaults } from './reference-check.ts';
import { scopeRowSql, type UpperRow } from './scope-row.ts';
import { sameInput } from './same-input.ts';
import { StatementParameters } from './statement-parameters.ts';
import { validateInput } from './validate-input.ts';
import { faultAt } from './value-fault.ts';
import { gateSentValues } from './write-gate.ts';
import { violatedFields, writeProblem } from './write-errors.ts';
import { runPoint } from './write-points.ts';
import { inTransaction, type WriteScope } from './write-scope.ts';
import { writeStatement, type WriteStatement } from './write-statement.ts';

const NUMBER_RETRIES = 100;

/** Every line that was written belongs to this record, or its id is another record's line. */
export function checkWrittenLines(row: Row, write: WriteStatement): void {
  const faults: Fault[] = [];
  for (const { column, lines } of write.expectedLines.values()) {
    const written = new Set((row[column] as readonly string[] | null) ?? []);
    for (const line of lines) {
      if (!written.has(String(line.values['id'])))
        faults.push(
          faultAt(
            `${line.at}/id`,
            'MRT_VALUE_REPEATED',
            '这一行属于另一条记录。',
            'This line belongs to another record.',
          ),
        );
    }
  }
  if (faults.length > 0) throw invalidRecord(faults);
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

async function createIn(
  scope: WriteScope,
  context: Context,
  entity: EntityModel,
  sent: Values,
  id: string,
  options: WriteOptions | undefined,
  tx: Transaction,
  draws: NumberDraw[],
): Promise<RecordData> {
  const parameters = new StatementParameters();
  const query: QueryScope = { roles: context.access.compiled, parameters, nextAlias: 1 };
  const check = new ReferenceCheck(context.model, context.access.parameters);
  const first = newDraft(context, entity, id, sent);
  fillOwnership(context, first);
  const trees = changedTrees(first);
  const also = [
    ...check.columns(query, first),
    ...trees.map((field) => treeColumn(query, first, field)),
    ...placeColumns(context, first, parameters),
  ];
  const guarded = await guardVersion(tx, context, also, parameters);
  if (guarded['there'] === true) return await sameInput(scope, context, tx, entity, id, sent);

  const draft: Draft = { ...first, up: upperOf(entity, guarded['upper']) };
  gateNew(context, draft);
  gateSentValues(context, draft);
  const asked = treesAsked(draft);
  check.learn(guarded);
  const calculation = await finishDraft(scope, context, tx, draft);
  // Hooks and defaults may have given the record to somebody else.
  gateNew(context, draft);
  const rest = await askForRest(scope, context, tx, draft, check, asked);
  const faults = [...check.faults(draft), ...treeFaults(guarded), ...rest.faults];
  if (faults.length > 0) throw invalidRecord(faults);
  draws.push(...rest.draws);
  if (draws.length > 0) {
    computeDraft(draft, calculation, faults);
    if (faults.length > 0) throw invalidRecord(faults);
  }
  const write = writeStatement(context, draft, 'create', options);
  const row = (await runPoint<Row>(tx, 'write', write.statement))[0] ?? {};
  checkWrittenLines(row, write);
  tx.afterCommit(() => scope.written?.({ entity: entity.name, id, action: 'create' }, context));
  return answerDraft(context, draft);
}

function upperOf(entity: EntityModel, row: unknown): UpperRow | null {
  if (!entity.parent) return null;
  const up = (row as UpperRow | null | undefined) ?? null;
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
        createIn(scope, context, entity, sent, id, options, open, draws),
      );
    } catch (error) {
      const fields = violatedFields(error, context, entity);
      if (tx || fields === null || attempt >= NUMBER_RETRIES) throw writeProblem(error, context, entity);
      // Somebody else created the same id at the same time: then it is there now.
      const repeated = fields.includes('id') && isUuid(sent['id']) && attempt === 0;
      if (!repeated && !(await stepOver(scope, draws, fields))) throw writeProblem(error, context, entity);
    }
  }
}
