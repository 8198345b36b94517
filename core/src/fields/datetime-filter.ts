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
  if (Array.isArray(value) && value.some(isDay)) {
    const days = filterList(value, (item) => datetimeFilter('eq', column, item, bind, scope));
    if (operator === 'in') return `(${days.join(' OR ')})`;
    if (operator === 'nin') return `(${days.join(' OR ')}) IS NOT TRUE`;
  }
  if (!isDay(value))
    return scalarFilter({ cast: 'timestamptz', read: readFilter }, operator, column, value, bind);
  const { timeZone } = scope;
  if (timeZone === undefined) throw new FilterValueError('a date-time with offset is expected');
  const day = filterDate(value, scope);
  const bound = (date: string): string =>
    `${bind(instantOf(date, '00:00:00', timeZone).toISOString())}::timestamptz`;
  const start = (): string => bound(day);
  const end = (): string => bound(addDays(day, 1));
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
