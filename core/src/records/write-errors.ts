import { problem } from '../errors/catalogue.ts';
import type { Problem } from '../errors/problem.ts';
import type { Context } from '../context/context.ts';
import type { EntityModel, UniqueModel } from '../model/model.ts';
import type { Transaction } from '../store/database.ts';
import { outageReason } from '../store/outage.ts';
import { isBrokenOff, isSqlError, SQL_STATE, type SqlError } from '../store/sql-error.ts';
import { localise, type LocaleText } from '../text/locale.ts';
import { pointerSegment } from './query-problem.ts';
import { storedColumns } from './stored-columns.ts';
import { faultAt } from './value-fault.ts';

/** Columns in PostgreSQL's detail, `Key (tax_code)=(91…) already exists.`, in whatever language it speaks. */
function columnsOf(error: SqlError): readonly string[] {
  const listed = /\((.+?)\)=\(/.exec(error.detail ?? '')?.[1];
  return listed ? listed.split(',').map((column) => column.trim().replace(/^"|"$/g, '')) : [];
}

function fieldsOf(entity: EntityModel, table: string | undefined, columns: readonly string[]): string[] {
  return columns.flatMap((name) => {
    if (name === 'id') return 'id';
    return (
      storedColumns(entity).find(
        ({ column }) => column.name === name && (table === undefined || column.table === table),
      )?.field.name ?? []
    );
  });
}

function ruleOf(entity: EntityModel, fields: readonly string[]): UniqueModel | undefined {
  return entity.unique.find(
    (rule) => rule.fields.length === fields.length && rule.fields.every((name) => fields.includes(name)),
  );
}

/** The entity of the violated table: the written one or one of its lines. */
function entityOfTable(context: Context, entity: EntityModel, table: string | undefined): EntityModel {
  if (table === undefined || table === entity.table || [...entity.parts.values()].includes(table))
    return entity;
  return (
    [...context.model.entities.values()].find(
      (each) => each.table === table || [...each.parts.values()].includes(table),
    ) ?? entity
  );
}

/** Names of the fields whose value another record has, for a violated unique rule; null for another error. */
export function violatedFields(
  error: unknown,
  context: Context,
  entity: EntityModel,
): readonly string[] | null {
  if (!isSqlError(error, SQL_STATE.unique)) return null;
  const violated = entityOfTable(context, entity, error.table);
  return fieldsOf(violated, error.table, columnsOf(error));
}

function uniqueProblem(error: SqlError, context: Context, entity: EntityModel): Problem {
  const violated = entityOfTable(context, entity, error.table);
  const fields = fieldsOf(violated, error.table, columnsOf(error));
  const labels = fields.map((name) => violated.fields.get(name)?.label ?? { 'zh-CN': name, en: name });
  const names: LocaleText = {
    'zh-CN': labels.map((each) => each['zh-CN']).join('、'),
    en: labels.map((each) => each.en).join(', '),
  };
  const message = ruleOf(violated, fields)?.message ?? {
    'zh-CN': `“${names['zh-CN']}”的值已被另一条记录使用。`,
    en: `Another record already uses this value of “${names.en}”.`,
  };
  const at =
    violated === entity
      ? ''
      : [...entity.fields.values()].find(
          (field) => field.type === 'lines' && field.def['entity'] === violated.name,
        )?.name;
  const prefix = at ? `/${pointerSegment(at)}` : '';
  const faults = fields.map((name) => ({
    path: prefix || `/${pointerSegment(name)}`,
    code: 'MRT_VALUE_UNIQUE',
    message,
  }));
  return problem('MRT_RECORD_UNIQUE', { fields: localise(names, context.locale) }, faults);
}

/**
 * Says a failed statement of a write as a problem; other errors pass.
 * @param tx the transaction the write has joined: that it was broken off is for whoever opened it, to run it again
 */
export function writeProblem(
  error: unknown,
  context: Context,
  entity: EntityModel,
  tx?: Transaction,
): unknown {
  if (tx && isBrokenOff(error)) return error;
  if (isSqlError(error, SQL_STATE.unique)) return uniqueProblem(error, context, entity);
  if (isSqlError(error, SQL_STATE.staleModel)) return problem('MRT_MODEL_STALE');
  if (isSqlError(error, SQL_STATE.foreignKey) || isSqlError(error, SQL_STATE.restrict)) {
    return problem('MRT_RECORD_INVALID', { count: 1 }, [
      faultAt(
        '',
        'MRT_VALUE_REFERENCE',
        '所引用的记录已不存在。',
        'A record that is referred to is no longer there.',
      ),
    ]);
  }
  const outage = outageReason(error);
  return outage === null ? error : problem('MRT_UNAVAILABLE', { reason: localise(outage, context.locale) });
}
