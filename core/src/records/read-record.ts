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
import { survivorOf } from './merge/merged-records.ts';
import { conjunction, QuerySource } from './query-source.ts';
import { RECORD_RIGHTS, type ReadRequest, type RecordData, type RecordRight } from './records.ts';
import { reachable } from './row-state.ts';
import { decodeRow, selectColumns, selectList, type Selection } from './selected-columns.ts';
import { StatementParameters } from './statement-parameters.ts';

interface ReadShape {
  readonly selection: Selection;
  readonly included: readonly IncludedRecords[];
  /** Column that says whether the reader has a right; none were asked for when empty. */
  readonly rights: ReadonlyMap<RecordRight, string>;
}

const STORE = new StatementStore<ReadShape>();

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
 * identifying fields (SEC-01). Of a record that was merged, the one that it became is answered, under its own id.
 * @throws MRT_RECORD_NOT_FOUND for what is not there or not visible
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
  const include = request.include ?? [];
  const display = request.display === true;
  const rights = request.rights === true;
  const key = [
    'read',
    roles.key,
    name,
    request.fields?.join(',') ?? '*',
    include.join(','),
    display,
    rights,
  ].join('\n');
  const statement = STORE.take(context.model, key, 1, () => {
    const parameters = new StatementParameters();
    const idSql = parameters.bind(id);
    const source = new QuerySource({ roles, parameters, nextAlias: 1 }, entity);
    const selection = selectColumns(source, request.fields ?? storedFields(entity), display);
    const included = includeRecords(source, include, display);
    const granted = rights ? rightColumns(source) : { sql: [], rights: new Map<RecordRight, string>() };
    const list = [
      selectList(selection),
      ...included.map((each) => `${each.sql} AS ${quoteName(each.name)}`),
      ...granted.sql,
    ].join(', ');
    const where = conjunction([`${source.alias}.id = ${idSql}::uuid`, source.visible(), reachable(source)]);
    return {
      text: `SELECT ${list} FROM ${source.from()} WHERE ${where}`,
      values: parameters.values,
      shape: { selection, included, rights: granted.rights },
    };
  });
  const rows = await db.query<Row>(runnable(statement, [id], context.access.parameters));
  const row = rows[0];
  if (!row) {
    const survivor = await survivorOf(db, entity.name, id);
    if (survivor === null) throw problem('MRT_RECORD_NOT_FOUND');
    return await readRecord(db, context, name, survivor, request, dictionaries);
  }
  const { selection, included } = statement.shape;
  const record = decodeRow(row, selection, context, dictionaries, true);
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
