import { problem } from '../errors/catalogue.ts';
import type { Context } from '../context/context.ts';
import type { EntityModel } from '../model/model.ts';
import type { Queryable, Row, Statement } from '../store/database.ts';
import type { Dictionaries } from '../store/dictionaries.ts';
import { afterSql, compileDefaultSort, compileSort, orderSql, type SortKey } from './compile-sort.ts';
import { compileFilter } from './compile-filter.ts';
import { compileSearch } from './compile-search.ts';
import { runnable, StatementStore, type CompiledStatement } from './compiled-statement.ts';
import { decodeCursor, encodeCursor } from './cursor.ts';
import { defaultFields } from './default-fields.ts';
import { entityOf, requireVisible } from './entity-of.ts';
import { filterScopeOf } from './filter-scope.ts';
import { conjunction, QuerySource } from './query-source.ts';
import type { ListAnswer, ListRequest } from './records.ts';
import { stateCondition } from './row-state.ts';
import { decodeRow, selectColumns, selectList, type Selection } from './selected-columns.ts';
import { resolveParameters, StatementParameters, usedParameters } from './statement-parameters.ts';

/** Most records of one page. */
export const MAX_LIMIT = 1000;
const DEFAULT_LIMIT = 50;

interface ListShape {
  readonly selection: Selection;
  /** Column of each key of the order. */
  readonly keys: readonly string[];
  /** `FROM … WHERE …` without the page, for totals. */
  readonly counted: string;
  /** The planner's guess would tell of what the actor may not read: it knows the values of all rows. */
  readonly gated: boolean;
}

const STORE = new StatementStore<ListShape>();

interface Prepared {
  readonly statement: CompiledStatement<ListShape>;
  readonly own: readonly unknown[];
  readonly shape: string;
  readonly limit: number;
  readonly offset: number;
}

function checkedLimit(limit: number | undefined): number {
  const value = limit ?? DEFAULT_LIMIT;
  if (!Number.isInteger(value) || value < 1 || value > MAX_LIMIT)
    throw problem('MRT_REQUEST_LIMIT', { max: MAX_LIMIT });
  return value;
}

function checkedOffset(offset: number | undefined): number {
  const value = offset ?? 0;
  if (!Number.isSafeInteger(value) || value < 0) throw problem('MRT_REQUEST_MALFORMED', { reason: 'offset' });
  return value;
}

function sortKeys(source: QuerySource, sort: string | undefined): SortKey[] {
  return sort === undefined || sort.trim() === '' ? compileDefaultSort(source) : compileSort(source, sort);
}

/**
 * Finds or compiles the one statement of a list. The filter is compiled on every request, since it brings the
 * request's values; its text is part of the key under which the rest is kept.
 */
function prepareList(
  context: Context,
  entity: EntityModel,
  request: ListRequest,
  dictionaries: Dictionaries,
): Prepared {
  const { model } = context;
  const roles = context.access.compiled;
  const limit = checkedLimit(request.limit);
  const offset = checkedOffset(request.offset);
  const parameters = new StatementParameters();
  const source = new QuerySource({ roles, parameters, nextAlias: 1 }, entity);
  const filter = request.filter
    ? compileFilter(source, request.filter, filterScopeOf(context, dictionaries))
    : 'true';
  const search = request.search?.trim() ? compileSearch(source, request.search) : 'true';
  const fields = request.fields ?? defaultFields(model, entity);
  const query = [
    roles.key,
    entity.name,
    request.sort ?? '',
    fields.join(','),
    request.display === true,
    request.state ?? 'live',
    request.action ?? '',
    filter,
    search,
  ].join('\n');
  const shape = query + JSON.stringify(parameters.values);

  let keys: SortKey[] | null = null;
  let after = 'true';
  if (request.cursor !== undefined) {
    keys = sortKeys(source, request.sort);
    after = afterSql(keys, decodeCursor(shape, request.cursor, keys.length), parameters.bind);
  }
  const offsetSql = offset > 0 ? ` OFFSET ${parameters.bind(offset)}` : '';
  const own = [...parameters.values];
  const key = [query, after, limit, offset > 0, request.count ?? 'none'].join('\n');

  const statement = STORE.take(model, key, own.length, () => {
    const order = keys ?? sortKeys(source, request.sort);
    const where = conjunction([
      source.visible(),
      // Printing and exporting are rights of their own, row by row (SEC-08).
      request.action ? source.rows(roles.entity(entity).rows(request.action)) : 'true',
      stateCondition(source, request.state ?? 'live'),
      filter,
      search,
      // Sorting by what may not be read would show its order: such rows are not in the list (DESIGN §5).
      ...order.map(({ cell }) => cell.readable),
    ]);
    const counted = `FROM ${source.from()} WHERE ${where}`;
    const gated = source.scope.gated === true;
    for (const { cell } of order) source.assume(cell.readable);
    const selection = selectColumns(source, fields, request.display === true);
    // The id is in the row as the text that it is.
    const aliases = order.map(({ cell }, index) => (cell.path === 'id' ? 'id' : `$key${index}`));
    const keyList = order.flatMap(({ cell }, index) =>
      cell.path === 'id' ? [] : [`${cell.expression}::text AS "$key${index}"`],
    );
    const total = request.count === 'exact' ? [`(SELECT count(*) ${counted}) AS "$total"`] : [];
    const list = [selectList(selection), ...keyList, ...total].join(', ');
    const text = `SELECT ${list} FROM ${source.from()} WHERE ${conjunction([where, after])} ORDER BY ${orderSql(order)} LIMIT ${limit + 1}${offsetSql}`;
    return { text, values: parameters.values, shape: { selection, keys: aliases, counted, gated } };
  });
  return { statement, own, shape, limit, offset };
}

/** The planner's guess, or its exact count where the table was never analysed and is small enough to be counted. */
async function estimate(db: Queryable, context: Context, prepared: Prepared): Promise<number> {
  const rows = await db.query<Row>(countedStatement(context, prepared, 'EXPLAIN (FORMAT JSON) SELECT 1'));
  const plan = rows[0]?.['QUERY PLAN'];
  const parsed: unknown = typeof plan === 'string' ? JSON.parse(plan) : plan;
  const first = Array.isArray(parsed) ? (parsed[0] as { Plan?: { 'Plan Rows'?: unknown } }) : undefined;
  return Number(first?.Plan?.['Plan Rows'] ?? 0);
}

/** A statement over the same rows as the list, without its page. */
function countedStatement(context: Context, prepared: Prepared, head: string): Statement {
  const values = resolveParameters([...prepared.own, ...prepared.statement.rest], context.access.parameters);
  const { text, used } = usedParameters(`${head} ${prepared.statement.shape.counted}`);
  return { text, values: used.map((index) => values[index]) };
}

async function exactTotal(db: Queryable, context: Context, prepared: Prepared): Promise<number> {
  const rows = await db.query<{ n: string }>(
    countedStatement(context, prepared, 'SELECT count(*)::text AS n'),
  );
  return Number(rows[0]?.n ?? 0);
}

async function totalOf(
  db: Queryable,
  context: Context,
  request: ListRequest,
  prepared: Prepared,
  rows: readonly Row[],
): Promise<number | undefined> {
  if (request.count !== 'exact' && request.count !== 'estimate') return undefined;
  const firstPage = prepared.offset === 0 && request.cursor === undefined;
  if (rows.length <= prepared.limit && (firstPage || (rows.length > 0 && request.cursor === undefined)))
    return prepared.offset + rows.length;
  if (request.count === 'exact')
    return rows.length > 0 ? Number(rows[0]!['$total']) : await exactTotal(db, context, prepared);
  if (prepared.statement.shape.gated) return await exactTotal(db, context, prepared);
  return Math.max(await estimate(db, context, prepared), prepared.offset + rows.length);
}

/**
 * Lists records in one statement (DESIGN §11); an estimated total, or an exact one of an empty later page, takes a
 * second. @throws MRT_ENTITY_UNKNOWN, MRT_ACCESS_DENIED, MRT_REQUEST_LIMIT, MRT_QUERY_…
 */
export async function listRecords(
  db: Queryable,
  context: Context,
  name: string,
  request: ListRequest,
  dictionaries: Dictionaries,
): Promise<ListAnswer> {
  const entity = entityOf(context, name);
  requireVisible(context, entity);
  const prepared = prepareList(context, entity, request, dictionaries);
  const rows = await db.query<Row>(runnable(prepared.statement, prepared.own, context.access.parameters));
  const total = await totalOf(db, context, request, prepared, rows);
  const page = rows.slice(0, prepared.limit);
  const { selection, keys } = prepared.statement.shape;
  const last = page.at(-1);
  const next =
    rows.length > prepared.limit && last
      ? encodeCursor(
          prepared.shape,
          keys.map((alias) => (last[alias] ?? null) as string | null),
        )
      : undefined;
  return {
    items: page.map((row) => decodeRow(row, selection, context, dictionaries)),
    ...(total === undefined ? {} : { total }),
    ...(next === undefined ? {} : { next }),
  };
}
