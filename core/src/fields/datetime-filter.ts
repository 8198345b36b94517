import { addDays, instantOf, isCalendarDate } from './calendar.ts';
import { filterDate } from './date/date.ts';
import { FilterValueError } from './field-type.ts';
import type { Bind, FilterOperator, FilterScope } from './field-type.ts';
import { readInstant } from './instant.ts';
import { filterList } from './filter-value.ts';
import { scalarFilter } from './scalar-filter.ts';

function readFilter(value: unknown): string {
  if (value === null) throw new FilterValueError('use {"$null": true} to find empty values');
  const instant = typeof value === 'string' ? readInstant(value) : null;
  if (instant === null)
    throw new FilterValueError('a date-time with offset such as "2026-11-21T09:30:00+08:00" is expected');
  return instant;
}

/** First moment of `day`, or of the day after; beyond the years that PostgreSQL reads as ISO 8601, its infinities. */
function dayStart(day: string, plus: 0 | 1, timeZone: string): string {
  const date = plus === 0 ? day : addDays(day, plus);
  if (!isCalendarDate(date)) return 'infinity';
  const instant = instantOf(date, '00:00:00', timeZone).toISOString();
  if (instant.startsWith('+')) return 'infinity';
  return /^(0000|-)/.test(instant) ? '-infinity' : instant;
}

function isDay(value: unknown): boolean {
  return typeof value === 'string' && (isCalendarDate(value) || value.startsWith('$today'));
}

/**
 * Condition of one operator on a date-time column. A date without time means the whole day in the installation's
 * zone: `{$lte: "2026-11-21"}` includes that evening, `{$eq: "$today"}` is any time today.
 * @throws FilterValueError
 */
export function datetimeFilter(
  operator: FilterOperator,
  column: string,
  value: unknown,
  bind: Bind,
  scope: FilterScope,
): string {
  if ((operator === 'in' || operator === 'nin') && Array.isArray(value) && value.some(isDay)) {
    const any = filterList(value, (item) => datetimeFilter('eq', column, item, bind, scope)).join(' OR ');
    return operator === 'in' ? `(${any})` : `(${any}) IS NOT TRUE`;
  }
  if (!isDay(value))
    return scalarFilter({ cast: 'timestamptz', read: readFilter }, operator, column, value, bind);
  const { timeZone } = scope;
  if (timeZone === undefined) throw new FilterValueError('a date-time with offset is expected');
  const day = filterDate(value, scope);
  const bound = (plus: 0 | 1): string => `${bind(dayStart(day, plus, timeZone))}::timestamptz`;
  const start = (): string => bound(0);
  const end = (): string => bound(1);
  switch (operator) {
    case 'eq':
      return `(${column} >= ${start()} AND ${column} < ${end()})`;
    case 'ne':
      return `(${column} >= ${start()} AND ${column} < ${end()}) IS NOT TRUE`;
    case 'gte':
      return `${column} >= ${start()}`;
    case 'lt':
      return `${column} < ${start()}`;
    case 'gt':
      return `${column} >= ${end()}`;
    case 'lte':
      return `${column} < ${end()}`;
    default:
      return scalarFilter({ cast: 'timestamptz', read: readFilter }, operator, column, value, bind);
  }
}
