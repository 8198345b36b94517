import type { Bind, FilterOperator } from './field-type.ts';
import { filterList, nullFilter, refuseOperator } from './filter-value.ts';

/** Operators of every single value with an order. */
export const ORDERED_OPERATORS = [
  'eq',
  'ne',
  'gt',
  'gte',
  'lt',
  'lte',
  'in',
  'nin',
  'null',
] as const satisfies readonly FilterOperator[];
/** Operators of a single value without a useful order. */
export const EQUALITY_OPERATORS = [
  'eq',
  'ne',
  'in',
  'nin',
  'null',
] as const satisfies readonly FilterOperator[];

const COMPARISON: Readonly<Partial<Record<FilterOperator, string>>> = {
  gt: '>',
  gte: '>=',
  lt: '<',
  lte: '<=',
};

/** How values of a type reach SQL. */
export interface ScalarKind {
  /** SQL type to which parameters are cast, so that both engines read them alike. */
  readonly cast: string;
  /** Checks a filter value and brings it into the driver's form. Throws FilterValueError. */
  read(value: unknown): unknown;
  /** True where `less than` means nothing: codes, ids, yes and no. */
  readonly unordered?: true;
}

/**
 * Condition of one operator on a column with one value a row. Null columns match `$ne`, `$nin` and `{$null: true}`.
 * @throws FilterValueError
 */
export function scalarFilter(
  kind: ScalarKind,
  operator: FilterOperator,
  column: string,
  value: unknown,
  bind: Bind,
): string {
  const one = (): string => `${bind(kind.read(value))}::${kind.cast}`;
  const many = (): string => `${bind(filterList(value, (item) => kind.read(item)))}::${kind.cast}[]`;
  switch (operator) {
    case 'null':
      return nullFilter(column, value);
    case 'eq':
      return `${column} = ${one()}`;
    case 'ne':
      return `${column} IS DISTINCT FROM ${one()}`;
    case 'in':
      return `${column} = ANY(${many()})`;
    case 'nin':
      return `(${column} = ANY(${many()})) IS NOT TRUE`;
    default: {
      const sign = COMPARISON[operator];
      return sign && !kind.unordered ? `${column} ${sign} ${one()}` : refuseOperator(operator);
    }
  }
}
