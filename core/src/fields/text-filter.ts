import { FilterValueError } from './field-type.ts';
import type { Bind, FilterOperator } from './field-type.ts';
import { filterText } from './filter-value.ts';
import { ORDERED_OPERATORS, scalarFilter } from './scalar-filter.ts';

/** Operators of texts. `contains` and `startsWith` ignore case and take their value literally. */
export const TEXT_OPERATORS = [
  ...ORDERED_OPERATORS,
  'like',
  'ilike',
  'contains',
  'startsWith',
] as const satisfies readonly FilterOperator[];

/** `text` as it must stand in a LIKE pattern to mean itself. */
export function escapeLike(text: string): string {
  return text.replace(/[\\%_]/g, '\\$&');
}

/** PostgreSQL refuses a pattern whose last sign escapes nothing. */
function likePattern(value: unknown): string {
  const pattern = filterText(value).normalize('NFC');
  const trailing = /\\*$/.exec(pattern)?.[0].length ?? 0;
  if (trailing % 2 === 1) throw new FilterValueError('a pattern must not end with a single backslash');
  return pattern;
}

/**
 * Condition of one operator on a text column.
 * @param read brings a value into the form in which it is stored, so that equality finds it
 * @throws FilterValueError
 */
export function textFilter(
  operator: FilterOperator,
  column: string,
  value: unknown,
  bind: Bind,
  read: (text: string) => string = (text) => text.normalize('NFC'),
): string {
  switch (operator) {
    case 'like':
      return `${column} LIKE ${bind(likePattern(value))}::text`;
    case 'ilike':
      return `${column} ILIKE ${bind(likePattern(value))}::text`;
    case 'contains':
      return `${column} ILIKE ${bind(`%${escapeLike(filterText(value).normalize('NFC'))}%`)}::text`;
    case 'startsWith':
      return `${column} ILIKE ${bind(`${escapeLike(filterText(value).normalize('NFC'))}%`)}::text`;
    default:
      return scalarFilter(
        { cast: 'text', read: (item) => read(filterText(item)) },
        operator,
        column,
        value,
        bind,
      );
  }
}
