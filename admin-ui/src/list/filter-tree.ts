import type { FieldView } from '@mortise/core/contract';
import type { Filter } from '../api/records';
import { kindOf } from '../fields/kinds';

/** One line of the filter builder. */
export interface Condition {
  readonly kind: 'condition';
  readonly key: number;
  path: string;
  operator: string;
  value: unknown;
}

/** Lines joined by and / or; groups nest (QRY-01). */
export interface Group {
  readonly kind: 'group';
  readonly key: number;
  join: 'and' | 'or';
  negated: boolean;
  items: (Condition | Group)[];
}

let nextKey = 1;
export const newCondition = (path: string, operator: string): Condition => ({
  kind: 'condition',
  key: nextKey++,
  path,
  operator,
  value: null,
});
export const newGroup = (items: Group['items'] = []): Group => ({
  kind: 'group',
  key: nextKey++,
  join: 'and',
  negated: false,
  items,
});

/** The same lines under new keys, for a group that was kept outside this page (as JSON). */
export function revived(group: Group): Group {
  const items = group.items.map((item) =>
    item.kind === 'group' ? revived(item) : { ...newCondition(item.path, item.operator), value: item.value },
  );
  return { ...newGroup(items), join: group.join, negated: group.negated };
}

/** Operators in the order people look for them; `isNull` and `notNull` need no value. */
const ORDER = [
  'contains',
  'eq',
  'ne',
  'in',
  'nin',
  'under',
  'gte',
  'lte',
  'gt',
  'lt',
  'startsWith',
  'near',
  'isNull',
  'notNull',
] as const;

/** Operators that the builder offers for a field: those of the server, for one value or a list as the kind needs. */
export function operatorsFor(field: FieldView): string[] {
  const own = new Set(field.operators);
  const kind = kindOf(field).filter;
  return ORDER.filter((operator) => {
    if (operator === 'isNull' || operator === 'notNull') return own.has('null');
    if (!own.has(operator)) return false;
    if (kind === 'choice' || kind === 'reference')
      return (
        ['in', 'nin', 'under', 'contains'].includes(operator) && !(operator === 'contains' && own.has('in'))
      );
    if (kind === 'boolean') return operator === 'eq';
    if (kind === 'tags') return ['eq', 'ne'].includes(operator);
    if (kind === 'number' || kind === 'typed' || kind === 'date' || kind === 'datetime')
      return !['in', 'nin', 'contains', 'startsWith'].includes(operator);
    return !['in', 'nin', 'gt', 'lt', 'gte', 'lte'].includes(operator);
  });
}

/** May the field be asked for at all? */
export const isFilterable = (field: FieldView): boolean =>
  kindOf(field).filter !== 'none' && operatorsFor(field).length > 0;

export const needsValue = (operator: string): boolean => operator !== 'isNull' && operator !== 'notNull';
export const takesList = (operator: string): boolean => operator === 'in' || operator === 'nin';

function isBlank(value: unknown): boolean {
  return (
    value === null || value === undefined || value === '' || (Array.isArray(value) && value.length === 0)
  );
}

function conditionFilter({ path, operator, value }: Condition): Filter | null {
  if (operator === 'isNull') return { [path]: { $null: true } };
  if (operator === 'notNull') return { [path]: { $null: false } };
  if (isBlank(value)) return null;
  return { [path]: { [`$${operator}`]: value } };
}

/** The filter of the records API; unfinished lines are left out. Null when nothing is asked. */
export function toFilter(group: Group): Filter | null {
  const parts: Filter[] = [];
  for (const item of group.items) {
    const part = item.kind === 'group' ? toFilter(item) : conditionFilter(item);
    if (part) parts.push(part);
  }
  if (parts.length === 0) return null;
  const joined = parts.length === 1 ? parts[0]! : { [`$${group.join}`]: parts };
  return group.negated ? { $not: joined } : joined;
}

/** All of several filters. */
export function allOf(filters: readonly (Filter | null | undefined)[]): Filter {
  const parts = filters.filter(
    (filter): filter is Filter => Boolean(filter) && Object.keys(filter!).length > 0,
  );
  if (parts.length === 0) return {};
  return parts.length === 1 ? parts[0]! : { $and: parts };
}

/** How many finished lines a filter has, for the button's number. */
export function countConditions(group: Group): number {
  return group.items.reduce(
    (sum, item) => sum + (item.kind === 'group' ? countConditions(item) : conditionFilter(item) ? 1 : 0),
    0,
  );
}
