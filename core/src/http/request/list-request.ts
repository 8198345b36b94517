import { problem } from '../../errors/catalogue.ts';
import { Problem } from '../../errors/problem.ts';
import type { AggregateRequest, ListRequest, ReadRequest } from '../../records/records.ts';
import { readBody } from './body.ts';
import type { Query } from './query.ts';

/** Most rows of one page. */
const LIMIT_MAX = 1000;

/** Parameters of `GET /api/v1/records/:entity`. */
export const LIST_PARAMETERS = [
  'filter',
  'sort',
  'fields',
  'search',
  'limit',
  'offset',
  'cursor',
  'count',
  'display',
  'state',
] as const;

/** Parameters of `GET /api/v1/records/:entity/:id`. */
export const READ_PARAMETERS = ['fields', 'include', 'display', 'rights'] as const;

/** @throws MRT_REQUEST_MALFORMED, MRT_REQUEST_LIMIT */
export function listRequest(query: Query): ListRequest {
  const cursor = query.text('cursor');
  const offset = query.integer('offset', 0, 10_000_000);
  if (cursor !== undefined && offset !== undefined)
    throw problem('MRT_REQUEST_MALFORMED', { reason: 'cursor | offset' });
  return withoutAbsent<ListRequest>({
    filter: query.object('filter'),
    sort: query.text('sort') || undefined,
    fields: query.list('fields'),
    search: query.text('search') || undefined,
    limit: limitOf(query),
    offset,
    cursor,
    count: query.oneOf('count', ['exact', 'estimate', 'none']),
    display: query.flag('display'),
    state: query.oneOf('state', ['live', 'all', 'void', 'deleted']),
  });
}

/** @throws MRT_REQUEST_MALFORMED */
export function readRequest(query: Query): ReadRequest {
  return withoutAbsent<ReadRequest>({
    fields: query.list('fields'),
    include: query.list('include'),
    display: query.flag('display'),
    rights: query.flag('rights'),
  });
}

const FUNCTIONS = ['count', 'sum', 'avg', 'min', 'max'] as const;

/** Most figures of one aggregate. */
const MOST_MEASURES = 50;

/** @throws MRT_REQUEST_MALFORMED, MRT_REQUEST_LIMIT */
export function aggregateRequest(sent: Readonly<Record<string, unknown>>): AggregateRequest {
  const body = readBody(sent, ['groupBy', 'measures', 'filter', 'sort', 'limit']);
  const measures: Record<string, AggregateRequest['measures'][string]> = {};
  const given = body.object('measures');
  if (
    Object.keys(given).length > MOST_MEASURES ||
    Object.keys(given).some((name) => name === '' || name.length > 100)
  )
    throw problem('MRT_REQUEST_MALFORMED', {
      reason: `/measures: at most ${MOST_MEASURES}, each with a name of 1 to 100 characters`,
    });
  for (const name of Object.keys(given)) {
    const measure = readBody(readBody(given, Object.keys(given)).object(name), ['fn', 'field']);
    const fn = FUNCTIONS.find((each) => each === measure.text('fn'));
    if (fn === undefined)
      throw problem('MRT_REQUEST_MALFORMED', { reason: `/measures/${name}/fn: ${FUNCTIONS.join(' | ')}` });
    measures[name] = withoutAbsent({ fn, field: measure.optionalText('field') });
  }
  const limit = body.integer('limit');
  if (limit !== undefined && (limit < 1 || limit > LIMIT_MAX))
    throw problem('MRT_REQUEST_LIMIT', { max: LIMIT_MAX });
  return withoutAbsent<AggregateRequest>({
    groupBy: body.has('groupBy') ? body.texts('groupBy') : [],
    measures,
    filter: body.optionalObject('filter'),
    sort: body.optionalText('sort'),
    limit,
  });
}

function limitOf(query: Query): number | undefined {
  try {
    return query.integer('limit', 1, LIMIT_MAX);
  } catch (error) {
    if (error instanceof Problem) throw problem('MRT_REQUEST_LIMIT', { max: LIMIT_MAX });
    throw error;
  }
}

type WithAbsent<T> = { readonly [K in keyof T]: T[K] | undefined };

function withoutAbsent<T extends object>(members: WithAbsent<T>): T {
  return Object.fromEntries(Object.entries(members).filter(([, value]) => value !== undefined)) as T;
}
