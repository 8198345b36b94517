import { problem } from '../errors/catalogue.ts';
import { quoteName } from '../access/quote-name.ts';
import type { Context } from '../context/context.ts';
import { keepDerived, keepWithout } from './derived/keep-derived.ts';
import { checkReason } from './check-reason.ts';
import { isUuid } from '../fields/uuid.ts';
import type { RecordAction } from '../model/documents.ts';
import type { EntityModel, FieldModel } from '../model/model.ts';
import type { Row, Transaction } from '../store/database.ts';
import { localise, type LocaleText } from '../text/locale.ts';
import { answerDraft } from './answer-record.ts';
import type { Draft } from './draft.ts';
import { entityOf } from './entity-of.ts';
import { historySql } from './history-row.ts';
import { draftOf, gateLoaded, loadRecord, touch } from './load-record.ts';
import { QuerySource } from './query-source.ts';
import type { HistoryEntry, RecordData, WriteOptions } from './records.ts';
import { isMerged } from './merge/merged-records.ts';
import { notDeleted } from './row-state.ts';
import { StatementParameters } from './statement-parameters.ts';
import { targetEntity } from './type-of-field.ts';
import { writeProblem } from './write-errors.ts';
import { runPoint } from './write-points.ts';
import { inTransaction, type WriteScope } from './write-scope.ts';
import { namedStatement } from './named-statement.ts';
import { writeStatement } from './write-statement.ts';

interface Change {
  readonly action: HistoryEntry['action'];
  readonly right: RecordAction;
  /** Sets the state; false when it is there already. @throws Problem when it cannot be reached */
  apply(draft: Draft): boolean;
  /** Further checks against the database. */
  check?(tx: Transaction, draft: Draft): Promise<void>;
}

async function changeState(
  scope: WriteScope,
  context: Context,
  entity: EntityModel,
  id: string,
  change: Change,
  options: WriteOptions | undefined,
  tx: Transaction,
  alone: boolean,
): Promise<RecordData> {
  const loaded = await loadRecord(tx, context, entity, id);
  gateLoaded(context, entity, loaded, change.right);
  const draft = draftOf(context, entity, loaded);
  if (!change.apply(draft)) return answerDraft(context, draft);
  await change.check?.(tx, draft);
  await scope.hooks.changeState?.(
    { entity: entity.name, action: change.action, record: { ...draft.values } },
    context,
    tx,
  );
  touch(context, draft);
  const write = writeStatement(context, draft, change.action, options);
  await runPoint<Row>(tx, 'write', write.statement);
  await keepDerived(context, tx, [draft], alone);
  tx.afterCommit(() =>
    scope.written?.({ entity: entity.name, id: draft.id, action: change.action }, context),
  );
  return answerDraft(context, draft);
}

async function runChange(
  scope: WriteScope,
  context: Context,
  name: string,
  id: string,
  change: Change,
  options: WriteOptions | undefined,
  tx: Transaction | undefined,
): Promise<RecordData> {
  const entity = entityOf(context, name);
  checkReason(options);
  try {
    return await inTransaction(scope, tx, (open) =>
      changeState(scope, context, entity, id, change, options, open, tx === undefined),
    );
  } catch (error) {
    throw writeProblem(error, context, entity, tx);
  }
}

function actorId(context: Context): string | null {
  return isUuid(context.actor.id) ? context.actor.id : null;
}

function stateProblem(context: Context, zh: string, en: string): Error {
  return problem('MRT_RECORD_STATE', { reason: context.locale === 'en' ? en : zh });
}

/** References that keep a record from being deleted: not those of its own lines, nor those the platform fills. */
function keepingReferences(
  context: Context,
  entity: EntityModel,
): { readonly by: EntityModel; readonly field: FieldModel }[] {
  return [...context.model.entities.values()].flatMap((by) =>
    [...by.fields.values()]
      .filter(
        (field) =>
          field.column &&
          (field.type === 'reference' || field.type === 'references') &&
          targetEntity(field) === entity.name,
      )
      .filter(
        (field) =>
          !(field.system && field.readOnly) &&
          !(by.parent?.entity === entity.name && by.parent.field === field.name),
      )
      .map((field) => ({ by, field })),
  );
}

const OTHERS: LocaleText = { 'zh-CN': '其他资料', en: 'other data' };

/**
 * Live records that refer to this one keep it (BIN-01). Named is an entity of which the actor may know some, with
 * the number he may know of; of others it is only said that there are any. @throws MRT_RECORD_REFERENCED
 */
async function refuseReferenced(context: Context, tx: Transaction, draft: Draft): Promise<void> {
  const references = keepingReferences(context, draft.entity);
  if (references.length === 0) return;
  const parameters = new StatementParameters();
  const scope = { roles: context.access.compiled, parameters, nextAlias: 1 };
  const id = `${parameters.bind(draft.id)}::uuid`;
  const parts = references.map(({ by, field }, index) => {
    const source = new QuerySource(scope, by, `r${index}`);
    const column = source.rawColumn(field);
    const match = field.type === 'references' ? `${column} @> ARRAY[${id}]` : `${column} = ${id}`;
    const other = by.name === draft.entity.name ? ` AND ${source.alias}.id <> ${id}` : '';
    const visible = source.visible();
    const live = notDeleted(source);
    return `SELECT ${index} AS part, count(*)::integer AS total, (count(*) FILTER (WHERE ${visible}))::integer AS known FROM ${source.from()} WHERE ${match}${other} AND ${live}`;
  });
  const rows = await runPoint<{ part: number; total: number; known: number }>(
    tx,
    'prepare',
    namedStatement(context, parts.join(' UNION ALL '), parameters.values),
  );
  const kept = rows.filter((row) => row.total > 0).sort((a, b) => b.known - a.known)[0];
  if (!kept) return;
  const { by } = references[kept.part]!;
  throw problem(
    'MRT_RECORD_REFERENCED',
    kept.known > 0
      ? { entity: localise(by.label, context.locale), count: kept.known }
      : { entity: localise(OTHERS, context.locale), count: '≥1' },
    [],
    {
      references: rows
        .filter((row) => row.known > 0)
        .map((row) => ({
          entity: references[row.part]!.by.name,
          field: references[row.part]!.field.name,
          count: row.known,
        })),
    },
  );
}

/** A line leaves with its parent's write; alone it is removed for good, with its last state in the history. */
async function removeLine(
  scope: WriteScope,
  context: Context,
  entity: EntityModel,
  id: string,
  options: WriteOptions | undefined,
  tx: Transaction,
): Promise<void> {
  const loaded = await loadRecord(tx, context, entity, id);
  gateLoaded(context, entity, loaded, 'delete');
  const draft = draftOf(context, entity, loaded);
  await refuseReferenced(context, tx, draft);
  const parameters = new StatementParameters();
  const changes = Object.fromEntries(
    Object.entries(loaded.values)
      .filter(([name, value]) => value !== null && name !== 'id')
      .map(([name, value]) => [name, { old: value, new: null }]),
  );
  const history = historySql(parameters, context, entity, {
    id,
    action: 'delete',
    version: Number(loaded.values['version']) + 1,
    changes,
    options,
  });
  const gone = `DELETE FROM ${quoteName(entity.table)} WHERE id = ${parameters.bind(id)}::uuid`;
  await runPoint<Row>(
    tx,
    'write',
    namedStatement(context, `WITH gone AS (${gone}) ${history}`, parameters.values),
  );
  keepWithout(context, tx, entity, id, loaded.values);
  tx.afterCommit(() => scope.written?.({ entity: entity.name, id, action: 'delete' }, context));
}

/** To the recycle bin. @throws MRT_RECORD_REFERENCED, MRT_RECORD_NOT_FOUND, MRT_ACCESS_DENIED */
export async function removeRecord(
  scope: WriteScope,
  context: Context,
  name: string,
  id: string,
  options?: WriteOptions,
  tx?: Transaction,
): Promise<void> {
  const entity = entityOf(context, name);
  checkReason(options);
  if (!entity.fields.has('deleted_at')) {
    try {
      await inTransaction(scope, tx, (open) => removeLine(scope, context, entity, id, options, open));
    } catch (error) {
      throw writeProblem(error, context, entity, tx);
    }
    return;
  }
  const change: Change = {
    action: 'delete',
    right: 'delete',
    apply({ values }) {
      if ((values['deleted_at'] ?? null) !== null) return false;
      values['deleted_at'] = context.now.toISOString();
      values['deleted_by'] = actorId(context);
      return true;
    },
    check: (open, draft) => refuseReferenced(context, open, draft),
  };
  await runChange(scope, context, name, id, change, options, tx);
}

/** Back from the recycle bin; a merged record comes back when the merge is undone. @throws MRT_RECORD_UNIQUE when its place was taken meanwhile, MRT_RECORD_STATE */
export async function restoreRecord(
  scope: WriteScope,
  context: Context,
  name: string,
  id: string,
  options?: WriteOptions,
  tx?: Transaction,
): Promise<RecordData> {
  const change: Change = {
    action: 'restore',
    right: 'restore',
    apply({ values }) {
      if ((values['deleted_at'] ?? null) === null)
        throw stateProblem(context, '记录不在回收站中', 'it is not in the recycle bin');
      values['deleted_at'] = null;
      values['deleted_by'] = null;
      return true;
    },
    async check(open, draft) {
      if (await isMerged(open, draft.entity.name, draft.id))
        throw stateProblem(context, '记录已合并,请撤销该次合并', 'it was merged; undo that merge instead');
    },
  };
  return await runChange(scope, context, name, id, change, options, tx);
}

/** Marks as void or valid again (DM-COM-10). @throws MRT_RECORD_STATE, MRT_RECORD_NOT_FOUND, MRT_ACCESS_DENIED */
export async function setRecordVoid(
  scope: WriteScope,
  context: Context,
  name: string,
  id: string,
  isVoid: boolean,
  options?: WriteOptions,
  tx?: Transaction,
): Promise<RecordData> {
  const change: Change = {
    action: isVoid ? 'void' : 'unvoid',
    right: 'void',
    apply({ values, entity }) {
      if (!entity.fields.has('is_void'))
        throw stateProblem(context, '这种记录不能作废', 'records of this kind cannot be void');
      if ((values['deleted_at'] ?? null) !== null)
        throw stateProblem(context, '记录在回收站中', 'it is in the recycle bin');
      if ((values['is_void'] === true) === isVoid) return false;
      values['is_void'] = isVoid;
      values['void_reason'] = isVoid ? (options?.reason ?? null) : null;
      values['voided_at'] = isVoid ? context.now.toISOString() : null;
      values['voided_by'] = isVoid ? actorId(context) : null;
      return true;
    },
  };
  return await runChange(scope, context, name, id, change, options, tx);
}
