import type { Bind, FilterOperator } from './field-type.ts';
import { filterList, refuseOperator, nullFilter } from './filter-value.ts';

/** Operators of a column with several values a row. */
export const ARRAY_OPERATORS = [
  'eq',
  'ne',
  'in',
  'nin',
  'contains',
  'null',
] as const satisfies readonly FilterOperator[];

/** How the elements of an array column reach SQL. */
export interface ElementKind {
  readonly cast: 'text' | 'uuid';
  /** Checks one filter value. Throws FilterValueError. */
  read(value: unknown): string;
}

/**
 * Condition of one operator on an array column. One value: the row has it (`eq`, `contains`), or has it not (`ne`).
 * A list: `in` any of them, `nin` none, `contains` all, `eq` exactly these in any order. An empty array counts as null.
 * @throws FilterValueError
 */
export function arrayFilter(
  kind: ElementKind,
  operator: FilterOperator,
  column: string,
  value: unknown,
  bind: Bind,
): string {
  const array = (list: readonly string[]): string => `${bind(list)}::${kind.cast}[]`;
  const values = (): string[] =>
    filterList(Array.isArray(value) ? value : [value], (item) => kind.read(item));
  const equal = (): string => {
    const list = values();
    const holds = `${column} @> ${array(list)}`;
    return Array.isArray(value) ? `(${holds} AND ${column} <@ ${array(list)})` : holds;
  };
  switch (operator) {
    case 'null':
      return nullFilter(`nullif(cardinality(${column}), 0)`, value);
    case 'eq':
      return equal();
    case 'ne':
      return `(${equal()}) IS NOT TRUE`;
    case 'contains':
      return `${column} @> ${array(values())}`;
    case 'in':
      return `${column} && ${array(filterList(value, (item) => kind.read(item)))}`;
    case 'nin':
      return `(${column} && ${array(filterList(value, (item) => kind.read(item)))}) IS NOT TRUE`;
    default:
      return refuseOperator(operator);
  }
}
