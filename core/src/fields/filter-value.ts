import { FilterValueError } from './field-type.ts';
import type { FilterOperator } from './field-type.ts';
import { hasForbiddenCharacters } from './clean-text.ts';

/** More values in one `$in` are a mistake or an attack. */
const MAX_FILTER_VALUES = 10_000;
const MAX_FILTER_LENGTH = 4000;

/** `$in` and `$nin`: every value through `read`. @throws FilterValueError */
export function filterList<T>(value: unknown, read: (item: unknown) => T): T[] {
  if (!Array.isArray(value)) throw new FilterValueError('a list of values is expected');
  if (value.length > MAX_FILTER_VALUES)
    throw new FilterValueError(`at most ${MAX_FILTER_VALUES} values are allowed`);
  return value.map((item) => read(item));
}

/** The condition of `{$null: true | false}`. @throws FilterValueError */
export function nullFilter(column: string, value: unknown): string {
  if (typeof value !== 'boolean') throw new FilterValueError('$null takes true or false');
  return value ? `${column} IS NULL` : `${column} IS NOT NULL`;
}

/** A text that PostgreSQL can take. @throws FilterValueError */
export function filterText(value: unknown): string {
  if (value === null) throw new FilterValueError('use {"$null": true} to find empty values');
  if (typeof value !== 'string') throw new FilterValueError('a text is expected');
  if (value.length > MAX_FILTER_LENGTH)
    throw new FilterValueError(`a text of at most ${MAX_FILTER_LENGTH} characters is expected`);
  if (hasForbiddenCharacters(value)) throw new FilterValueError('the text contains control characters');
  return value;
}

/** For operators that the type does not offer. */
export function refuseOperator(operator: FilterOperator): never {
  throw new FilterValueError(`the operator $${operator} does not fit this field`);
}
