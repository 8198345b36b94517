import { problem } from '../errors/catalogue.ts';
import type { Context } from '../context/context.ts';
import type { EntityModel, FieldModel } from '../model/model.ts';
import type { Queryable, Row } from '../store/database.ts';
import type { Dictionaries } from '../store/dictionaries.ts';
import { compileFilter } from './compile-filter.ts';
import { runnable, StatementStore } from './compiled-statement.ts';
import { entityOf, requireVisible } from './entity-of.ts';
import { filterScopeOf } from './filter-scope.ts';
import { MAX_LIMIT } from './list-records.ts';
import { conjunction, QuerySource, type Cell } from './query-source.ts';
import { queryProblem } from './query-problem.ts';
import type { AggregateRequest, RecordData } from './records.ts';
import { stateCondition } from './row-state.ts';
import { labelOf } from './choice-labels.ts';
import { StatementParameters } from './statement-parameters.ts';
import { isNumeric, typeOfField } from './type-of-field.ts';

type DatePart = 'year' | 'quarter' | 'month' | 'day';

const DATE_FORMAT: Readonly<Record<DatePart, string>> = {
  year: 'YYYY',
  quarter: 'YYYY-"Q"Q',
  month: 'YYYY-MM',
  day: 'YYYY-MM-DD',
};

interface Group {
  readonly name: string;
  readonly sql: string;
  readonly cell: Cell;
  /** A part of a date is a text; other values are decoded by their field. */
  readonly field: FieldModel | null;
}

interface Measure {
  readonly name: string;
  readonly sql: string;
  readonly cell: Cell | null;
  readonly field: FieldModel | null;
  readonly count: boolean;
}

interface AggregateShape {
  readonly groups: readonly { readonly name: string; readonly field: FieldModel | null }[];
  readonly measures: readonly {
    readonly name: string;
    readonly field: FieldModel | null;
    readonly count: boolean;
  }[];
}

const STORE = new StatementStore<AggregateShape>();

/** `region`, `owner.unit`, or a part of a date: `created_at:month`. */
function groupOf(source: QuerySource, term: string, timeZone: string, index: number): Group {
  const at = `/groupBy/${index}`;
  const [path = '', part] = term.split(':');
  const cell = source.cell(path, at);
  const { type } = cell.field;
  if (part !== undefined) {
    const format = Object.hasOwn(DATE_FORMAT, part) ? DATE_FORMAT[part as DatePart] : undefined;
    if (format === undefined || (type !== 'date' && type !== 'datetime'))
      throw queryProblem('MRT_QUERY_OPERATOR', { field: path, operator: part }, at);
    const local =
      type === 'date'
        ? cell.expression
        : `(${cell.expression} AT TIME ZONE ${source.scope.parameters.bind(timeZone)}::text)`;
    return { name: term, sql: `to_char(${local}, '${format}')`, cell, field: null };
  }
  if (!cell.field.column || cell.field.column.type === 'jsonb')
    throw queryProblem('MRT_QUERY_SORT', { field: path }, at);
  return { name: term, sql: cell.expression, cell, field: cell.field };
}

function measureOf(
  source: QuerySource,
  name: string,
  measure: AggregateRequest['measures'][string],
): Measure {
  const at = `/measures/${name}`;
  if (!['count', 'sum', 'avg', 'min', 'max'].includes(measure.fn))
    throw queryProblem('MRT_QUERY_OPERATOR', { field: name, operator: String(measure.fn) }, `${at}/fn`);
  if (measure.field === undefined) {
    if (measure.fn !== 'count')
      throw queryProblem('MRT_QUERY_VALUE', { field: name, reason: 'a field is needed' }, `${at}/field`);
    return { name, sql: 'count(*)', cell: null, field: null, count: true };
  }
  const cell = source.cell(measure.field, `${at}/field`);
  const { type, def } = typeOfField(cell.field);
  if (!cell.field.column)
    throw queryProblem('MRT_QUERY_OPERATOR', { field: measure.field, operator: measure.fn }, `${at}/fn`);
  if (measure.fn === 'count')
    return { name, sql: `count(${cell.expression})`, cell, field: null, count: true };
  const numeric = isNumeric(type, def);
  const ordered = numeric || (type.sortable && type.operators.includes('gt'));
  const fits = measure.fn === 'sum' || measure.fn === 'avg' ? numeric : ordered;
  if (!fits)
    throw queryProblem('MRT_QUERY_OPERATOR', { field: measure.field, operator: measure.fn }, `${at}/fn`);
  const plain = `${measure.fn}(${cell.expression})`;
  const scale = /\(\d+,\s*(\d+)\)/.exec(cell.field.column.type)?.[1] ?? '2';
  const sql =
    measure.fn === 'avg'
      ? `round(${plain}, ${Math.max(Number(scale), 2)})::text`
      : measure.fn === 'sum'
        ? `${plain}::text`
        : plain;
  return {
    name,
    sql,
    cell,
    field: measure.fn === 'min' || measure.fn === 'max' ? cell.field : null,
    count: false,
  };
}

function orderOf(request: AggregateRequest, names: readonly string[]): string {
  const terms = (request.sort ?? '')
    .split(',')
    .map((term) => term.trim())
    .filter(Boolean);
  const order = terms.map((term) => {
    const name = term.replace(/^[-+]/, '');
    const place = names.indexOf(name);
    if (place < 0) throw queryProblem('MRT_QUERY_SORT', { field: name }, '/sort');
    return `${place + 1}${term.startsWith('-') ? ' DESC NULLS LAST' : ''}`;
  });
  const rest = request.groupBy.map((_, index) => String(index + 1));
  return [...order, ...rest].join(', ');
}

function checkedLimit(limit: number | undefined): number {
  const value = limit ?? MAX_LIMIT;
  if (!Number.isInteger(value) || value < 1 || value > MAX_LIMIT)
    throw problem('MRT_REQUEST_LIMIT', { max: MAX_LIMIT });
  return value;
}

function compile(
  source: QuerySource,
  context: Context,
  request: AggregateRequest,
  filter: string,
  limit: number,
): { text: string; shape: AggregateShape } {
  const groups = request.groupBy.map((term, index) => groupOf(source, term, context.timeZone, index));
  const measures = Object.entries(request.measures).map(([name, measure]) =>
    measureOf(source, name, measure),
  );
  const names = [...groups, ...measures].map((each) => each.name);
  if (new Set(names).size !== names.length)
    throw problem('MRT_REQUEST_MALFORMED', { reason: 'groupBy and measures share a name' });
  const where = conjunction([
    source.visible(),
    stateCondition(source, 'live'),
    filter,
    // A sum over what may not be read would tell it: such rows are not counted (DESIGN §5).
    ...groups.map(({ cell }) => cell.readable),
    ...measures.flatMap(({ cell }) => cell?.readable ?? []),
  ]);
  // The client's own names stay out of the statement: PostgreSQL would cut long ones without a word.
  const list = [...groups, ...measures].map(({ sql }, index) => `${sql} AS v${index}`).join(', ');
  const grouped = groups.length > 0 ? ` GROUP BY ${groups.map((_, index) => index + 1).join(', ')}` : '';
  const order = orderOf(request, names);
  const text = `SELECT ${list} FROM ${source.from()} WHERE ${where}${grouped}${order ? ` ORDER BY ${order}` : ''} LIMIT ${limit}`;
  return { text, shape: { groups, measures } };
}

function decode(row: Row, shape: AggregateShape, context: Context, dictionaries: Dictionaries): RecordData {
  const record: Record<string, unknown> = {};
  for (const [index, { name, field }] of [...shape.groups, ...shape.measures].entries()) {
    const raw = row[`v${index}`] ?? null;
    if (raw === null || field === null) record[name] = raw;
    else {
      const { type, def } = typeOfField(field);
      record[name] = type.fromColumn(raw, def);
    }
  }
  for (const { name, count } of shape.measures) if (count) record[name] = Number(record[name]);
  for (const { name, field } of shape.groups)
    if (field?.type === 'choice')
      record[`${name}$display`] = labelOf(field, record[name], context, dictionaries);
  return record;
}

function prepare(
  context: Context,
  entity: EntityModel,
  request: AggregateRequest,
  dictionaries: Dictionaries,
) {
  if (Object.keys(request.measures).length + request.groupBy.length === 0)
    throw problem('MRT_REQUEST_MALFORMED', { reason: 'groupBy or measures' });
  const limit = checkedLimit(request.limit);
  const roles = context.access.compiled;
  const parameters = new StatementParameters();
  const source = new QuerySource({ roles, parameters, nextAlias: 1 }, entity);
  const filter = request.filter
    ? compileFilter(source, request.filter, filterScopeOf(context, dictionaries))
    : 'true';
  const own = [...parameters.values];
  const key = [
    'aggregate',
    roles.key,
    entity.name,
    request.groupBy.join(','),
    JSON.stringify(request.measures),
    request.sort ?? '',
    limit,
    context.timeZone,
    filter,
  ].join('\n');
  const statement = STORE.take(context.model, key, own.length, () => {
    const { text, shape } = compile(source, context, request, filter, limit);
    return { text, values: parameters.values, shape };
  });
  return { statement: runnable(statement, own, context.access.parameters), shape: statement.shape };
}

/**
 * Groups and measures in one statement, over live records of which every grouped and measured field may be read.
 * @throws MRT_QUERY_…, MRT_REQUEST_…, MRT_ACCESS_DENIED
 */
export async function aggregateRecords(
  db: Queryable,
  context: Context,
  name: string,
  request: AggregateRequest,
  dictionaries: Dictionaries,
): Promise<readonly RecordData[]> {
  const entity = entityOf(context, name);
  requireVisible(context, entity);
  const { statement, shape } = prepare(context, entity, request, dictionaries);
  const rows = await db.query<Row>(statement);
  return rows.map((row) => decode(row, shape, context, dictionaries));
}
