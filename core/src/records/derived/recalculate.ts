import { quoteName } from '../../access/quote-name.ts';
import type { Context } from '../../context/context.ts';
import { parseExpression } from '../../expression/index.ts';
import { walk } from '../../model/derived/derived-fields.ts';
import type { EntityModel, FieldModel, Model } from '../../model/model.ts';
import type { Row, Transaction } from '../../store/database.ts';
import type { Dictionaries } from '../../store/dictionaries.ts';
import type { Values } from '../draft.ts';
import { recalculate } from '../evaluate-record.ts';
import { guardVersion } from '../guard-version.ts';
import { decodeColumns, ownColumns } from '../load-record.ts';
import { QuerySource } from '../query-source.ts';
import { RelatedValues } from '../related-values.ts';
import { sameValue } from '../same-value.ts';
import { StatementParameters } from '../statement-parameters.ts';
import { jsonColumnValue } from '../stored-columns.ts';
import { askDerived, keepWritten } from './keep-derived.ts';

/** Records of one piece: locked until its commit, so few enough that nobody waits long. */
export const BATCH = 500;

/** A formula that tells who wrote, at what moment, or what was before: its values belong to their write. */
function isOfItsMoment(source: string): boolean {
  let found = false;
  walk(parseExpression(source).ast, (node) => {
    if (node.kind === 'call') found ||= node.name === 'now';
    if (node.kind === 'path') found ||= node.path.length > 1 && ['old', 'user'].includes(node.path[0] ?? '');
  });
  return found;
}

function asksForToday(source: string): boolean {
  let found = false;
  walk(parseExpression(source).ast, (node) => {
    found ||= node.kind === 'call' && node.name === 'today';
  });
  return found;
}

/** Calculated fields that may have another value tomorrow although nobody writes. */
export function dailyFields(model: Model): readonly FieldModel[] {
  return [...calculatedFields(model).values()].flatMap(({ field }) => {
    const source = field.def.rollup === undefined ? field.def.compute : field.def.rollup.where;
    return typeof source === 'string' && asksForToday(source) ? [field] : [];
  });
}

/** The calculated fields of a model whose values can be made anew, by key, with a text that differs when they must be. */
export function calculatedFields(
  model: Model,
): ReadonlyMap<string, { readonly field: FieldModel; readonly mark: string }> {
  const found = new Map<string, { field: FieldModel; mark: string }>();
  for (const entity of model.entities.values()) {
    for (const field of entity.fields.values()) {
      const { compute, rollup } = field.def;
      if (field.system || !field.column || (compute === undefined && rollup === undefined)) continue;
      if (rollup === undefined && isOfItsMoment(String(compute))) continue;
      const mark = JSON.stringify([compute, rollup, field.column]);
      found.set(`${entity.name}.${field.name}`, { field, mark });
    }
  }
  return found;
}

/**
 * Makes the values of a calculated field anew in the records behind `after`, some at a time, with all that follows
 * from them. Neither version nor history change: nobody has written.
 * @returns the ids that were looked at, in their order; fewer than {@link BATCH} at the end
 * @throws MRT_MODEL_STALE
 */
export async function recalculateBatch(
  tx: Transaction,
  context: Context,
  dictionaries: Dictionaries,
  field: FieldModel,
  after: string | null,
): Promise<readonly string[]> {
  await guardVersion(tx, context);
  const entity = context.model.entities.get(field.entity)!;
  const parameters = new StatementParameters();
  const source = new QuerySource({ roles: context.access.compiled, parameters, nextAlias: 1 }, entity);
  const columns = field.derived ? [`${source.alias}.id`] : ownColumns(source);
  const behind = after === null ? '' : ` WHERE ${source.alias}.id > ${parameters.bind(after)}::uuid`;
  const lock = field.derived ? '' : ` FOR NO KEY UPDATE OF ${source.alias}`;
  const text = `SELECT ${columns.join(', ')} FROM ${source.from()}${behind} ORDER BY ${source.alias}.id LIMIT ${BATCH}${lock}`;
  const rows = await tx.query<Row>({ text, values: parameters.values });
  const ids = rows.map((row) => String(row['id']));
  if (field.derived) askDerived(context, tx, entity, [field.name], ids);
  else await writeAnew(tx, context, dictionaries, entity, rows);
  return ids;
}

async function writeAnew(
  tx: Transaction,
  context: Context,
  dictionaries: Dictionaries,
  entity: EntityModel,
  rows: readonly Row[],
): Promise<void> {
  const scope = { context, dictionaries, related: new RelatedValues(context.model) };
  const isKept = (field: FieldModel): boolean => !isOfItsMoment(String(field.def.compute));
  const byField = new Map<FieldModel, { id: unknown; value: unknown }[]>();
  for (const row of rows) {
    const previous = decodeColumns(entity, row);
    const values: Values = { ...previous };
    const fields = recalculate({ entity, values, previous, at: '' }, scope, isKept);
    const changed = fields.filter(({ name }) => !sameValue(previous[name], values[name]));
    if (changed.length === 0) continue;
    keepWritten(context, tx, entity, previous, values);
    for (const field of changed) {
      const list = byField.get(field) ?? [];
      byField.set(field, list);
      list.push({ id: row['id'], value: jsonColumnValue(field, field.column!, values[field.name]) });
    }
  }
  for (const [{ column }, changed] of byField) {
    const { table, name, type } = column!;
    // A part that was added later has no row for records of before.
    const write =
      table === entity.table
        ? `UPDATE ${quoteName(table)} t SET ${quoteName(name)} = x.value FROM x WHERE t.id = x.id`
        : `INSERT INTO ${quoteName(table)} (id, ${quoteName(name)}) SELECT id, value FROM x ON CONFLICT (id) DO UPDATE SET ${quoteName(name)} = excluded.${quoteName(name)}`;
    await tx.query({
      text: `WITH x AS (SELECT * FROM jsonb_to_recordset($1::jsonb) AS x(id uuid, value ${type})) ${write}`,
      values: [JSON.stringify(changed)],
    });
  }
}
