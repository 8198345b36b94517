import { problem } from '../errors/catalogue.ts';
import { isUuid } from '../fields/uuid.ts';
import { quoteName } from '../access/quote-name.ts';
import type { Context } from '../context/context.ts';
import type { Queryable, Row } from '../store/database.ts';
import type { Dictionaries } from '../store/dictionaries.ts';
import { runnable, StatementStore } from './compiled-statement.ts';
import { storedFields } from './default-fields.ts';
import { entityOf } from './entity-of.ts';
import { decodeIncluded, includeRecords, type IncludedRecords } from './included-records.ts';
import { conjunction, QuerySource } from './query-source.ts';
import { RECORD_RIGHTS, type ReadRequest, type RecordData, type RecordRight } from './records.ts';
import { reachable } from './row-state.ts';
import { decodeRow, selectColumns, selectList, type SelectedColumn } from './selected-columns.ts';
import { StatementParameters } from './statement-parameters.ts';

interface ReadShape {
  readonly columns: readonly SelectedColumn[];
  readonly included: readonly IncludedRecords[];
  /** Column of the row that says whether a member's cell is readable: member → flag. */
  readonly flags: ReadonlyMap<string, string>;
  /** Column that says whether the reader has a right; none were asked for when empty. */
  readonly rights: ReadonlyMap<RecordRight, string>;
}

const STORE = new StatementStore<ReadShape>();

/** One flag column for each distinct condition. */
function readableFlags(columns: readonly SelectedColumn[]): {
  readonly sql: string[];
  readonly flags: Map<string, string>;
} {
  const byCondition = new Map<string, string>();
  const flags = new Map<string, string>();
  for (const { name, readable } of columns) {
    if (readable === 'true') continue;
    let flag = byCondition.get(readable);
    if (!flag) byCondition.set(readable, (flag = `$flag${byCondition.size}`));
    flags.set(name, flag);
  }
  return { sql: [...byCondition].map(([condition, flag]) => `(${condition}) AS ${quoteName(flag)}`), flags };
}

/** One column for each right, asked of the row by the gate. */
function rightColumns(source: QuerySource): {
  readonly sql: string[];
  readonly rights: Map<RecordRight, string>;
} {
  const { entity } = source;
  const { rows } = source.scope.roles.entity(entity);
  // A line is neither void nor in the recycle bin by itself.
  const needs: Partial<Record<RecordRight, string>> = { void: 'is_void', restore: 'deleted_at' };
  const possible = RECORD_RIGHTS.filter((right) => entity.fields.has(needs[right] ?? 'id'));
  const rights = new Map(possible.map((right) => [right, `$right:${right}`]));
  return {
    sql: [...rights].map(([right, column]) => `(${source.rows(rows(right))}) AS ${quoteName(column)}`),
    rights,
  };
}

/**
 * Reads one record in one statement, children and lines included. Whoever has only the right to query gets the
 * identifying fields (SEC-01). @throws MRT_RECORD_NOT_FOUND for what is not there or not visible
 */
export async function readRecord(
  db: Queryable,
  context: Context,
  name: string,
  id: string,
  request: ReadRequest,
  dictionaries: Dictionaries,
): Promise<RecordData> {
  const entity = entityOf(context, name);
  const roles = context.access.compiled;
  if (!isUuid(id) || roles.entity(entity).visible.length === 0) throw problem('MRT_RECORD_NOT_FOUND');
  const fields = request.fields ?? storedFields(entity);
  const include = request.include ?? [];
  const display = request.display === true;
  const rights = request.rights === true;
  const key = ['read', roles.key, name, fields.join(','), include.join(','), display, rights].join('\n');
  const statement = STORE.take(context.model, key, 1, () => {
    const parameters = new StatementParameters();
    const idSql = parameters.bind(id);
    const source = new QuerySource({ roles, parameters, nextAlias: 1 }, entity);
    const columns = selectColumns(source, fields, display);
    const included = includeRecords(source, include, display);
    const { sql, flags } = readableFlags(columns);
    const granted = rights ? rightColumns(source) : { sql: [], rights: new Map<RecordRight, string>() };
    const list = [
      selectList(columns),
      ...included.map((each) => `${each.sql} AS ${quoteName(each.name)}`),
      ...sql,
      ...granted.sql,
    ].join(', ');
    const where = conjunction([`${source.alias}.id = ${idSql}::uuid`, source.visible(), reachable(source)]);
    return {
      text: `SELECT ${list} FROM ${source.from()} WHERE ${where}`,
      values: parameters.values,
      shape: { columns, included, flags, rights: granted.rights },
    };
  });
  const rows = await db.query<Row>(runnable(statement, [id], context.access.parameters));
  const row = rows[0];
  if (!row) throw problem('MRT_RECORD_NOT_FOUND');
  const { columns, included, flags } = statement.shape;
  const record = decodeRow(
    row,
    columns.filter((column) => isShown(row, column, flags)),
    context,
    dictionaries,
  );
  for (const each of included) {
    const children = decodeIncluded(row, each, context, dictionaries);
    if (children !== null) record[each.name] = children;
  }
  if (rights) {
    record['$rights'] = [...statement.shape.rights].flatMap(([right, column]) =>
      row[column] === true ? [right] : [],
    );
  }
  return record;
}

function isShown(row: Row, column: SelectedColumn, flags: ReadonlyMap<string, string>): boolean {
  const flag = flags.get(column.name);
  // A masked cell is unreadable and yet has a value to show.
  return flag === undefined || row[flag] === true || row[column.name] !== null;
}
