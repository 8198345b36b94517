import { problem } from '../errors/catalogue.ts';
import { quoteName } from '../access/quote-name.ts';
import type { Context } from '../context/context.ts';
import type { FieldModel } from '../model/model.ts';
import type { Dictionaries } from '../store/dictionaries.ts';
import type { Row } from '../store/database.ts';
import { compileDefaultSort, orderSql } from './compile-sort.ts';
import { storedFields } from './default-fields.ts';
import { conjunction, type QuerySource } from './query-source.ts';
import { jsonSafe } from './json-safe.ts';
import { queryProblem } from './query-problem.ts';
import { notDeleted } from './row-state.ts';
import { decodeRow, selectColumns, type Selection } from './selected-columns.ts';

/** Most child records that come along with their parent. */
const MAX_INCLUDED = 1000;

/** Child records read along, as one JSON column of the parent's row. */
export interface IncludedRecords {
  readonly name: string;
  readonly sql: string;
  readonly selection: Selection;
}

function rowsOf(inner: QuerySource, field: FieldModel, outer: string, display: boolean): IncludedRecords {
  const selection = selectColumns(inner, storedFields(inner.entity), display);
  const by = String(field.def['by']);
  const link = `${inner.alias}.${quoteName(inner.entity.fields.get(by)?.column?.name ?? by)} = ${outer}`;
  const where = conjunction([link, inner.visible(), notDeleted(inner)]);
  const order = orderSql(compileDefaultSort(inner));
  const list = [
    ...selection.columns.map(({ sql, alias, field }) => ({ alias, sql: jsonSafe(sql, field?.column?.type) })),
    ...selection.flags,
  ]
    .map(({ sql, alias }) => `${sql} AS ${quoteName(alias)}`)
    .join(', ');
  const rows = `SELECT ${list} FROM ${inner.from()} WHERE ${where} ORDER BY ${order} LIMIT ${MAX_INCLUDED}`;
  return {
    name: field.name,
    selection,
    sql: `(SELECT coalesce(json_agg(row_to_json(r)), '[]'::json) FROM (${rows}) r)`,
  };
}

/**
 * The `children` and `lines` to read along, each through the gate of its own entity and of the field that shows it.
 * @throws MRT_QUERY_FIELD_UNKNOWN for a name that is no such field
 */
export function includeRecords(
  source: QuerySource,
  names: readonly string[],
  display: boolean,
): IncludedRecords[] {
  return names.flatMap((name) => {
    const field = source.entity.fields.get(name);
    const target =
      field && (field.type === 'children' || field.type === 'lines')
        ? source.scope.roles.model.entities.get(String(field.def['entity']))
        : undefined;
    if (!field || !target)
      throw queryProblem('MRT_QUERY_FIELD_UNKNOWN', { entity: source.entity.name, field: name }, '/include');
    const rights = source.scope.roles;
    if (
      rights.entity(source.entity).field(field).read.length === 0 ||
      rights.entity(target).visible.length === 0
    )
      return [];
    const cell = source.cell(name, '/include');
    const included = rowsOf(source.sub(target), field, cell.expression, display);
    return [
      cell.readable === 'true'
        ? included
        : { ...included, sql: `CASE WHEN ${cell.readable} THEN ${included.sql} END` },
    ];
  });
}

/** @throws MRT_INTERNAL when the column is no JSON list, which would be a fault of ours */
export function decodeIncluded(
  row: Row,
  included: IncludedRecords,
  context: Context,
  dictionaries: Dictionaries,
): readonly Record<string, unknown>[] | null {
  const raw = row[included.name] ?? null;
  if (raw === null) return null;
  if (!Array.isArray(raw)) throw problem('MRT_INTERNAL', { id: included.name });
  return (raw as Row[]).map((item) => decodeRow(item, included.selection, context, dictionaries));
}
