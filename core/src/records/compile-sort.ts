import { typeOfField } from './type-of-field.ts';
import { queryProblem } from './query-problem.ts';
import type { Cell, QuerySource } from './query-source.ts';

/** One key of a list's order. */
export interface SortKey {
  readonly cell: Cell;
  readonly descending: boolean;
}

const NEVER_NULL: ReadonlySet<string> = new Set(['id', 'created_at', 'updated_at', 'version', 'position']);

/**
 * The order of a list, `-created_at,owner.name`, always ended by `id` so that pages neither repeat nor skip a row.
 * @throws MRT_QUERY_FIELD_UNKNOWN, MRT_QUERY_SORT
 */
export function compileSort(source: QuerySource, sort: string, at = '/sort'): SortKey[] {
  const keys: SortKey[] = [];
  const seen = new Set<string>();
  for (const term of sort
    .split(',')
    .map((part) => part.trim())
    .filter(Boolean)) {
    const descending = term.startsWith('-');
    const path = term.replace(/^[-+]/, '');
    if (seen.has(path)) continue;
    seen.add(path);
    const cell = source.cell(path, at);
    const { type } = typeOfField(cell.field);
    if (!cell.field.column || (!type.sortable && path !== 'id'))
      throw queryProblem('MRT_QUERY_SORT', { field: path }, at);
    keys.push({ cell, descending });
    if (path === 'id') break;
  }
  if (!seen.has('id'))
    keys.push({ cell: source.cell('id', at), descending: keys.at(-1)?.descending ?? false });
  return keys;
}

/** The default order, without the keys that the actor cannot read or the entity does not have. */
export function compileDefaultSort(source: QuerySource): SortKey[] {
  const rights = source.scope.roles.entity(source.entity);
  const usable = source.entity.sort.split(',').filter((term) => {
    const field = source.entity.fields.get(term.trim().replace(/^[-+]/, ''));
    // A default must not take rows away: only keys readable in every row.
    return (
      field !== undefined &&
      rights.field(field).read.length > 0 &&
      source.cell(field.name, '/sort').readable === 'true'
    );
  });
  return compileSort(source, usable.join(','));
}

/** `ORDER BY` without the words; empty values come last ascending and first descending, as indexes have them. */
export function orderSql(keys: readonly SortKey[]): string {
  return keys.map(({ cell, descending }) => `${cell.expression}${descending ? ' DESC' : ''}`).join(', ');
}

/**
 * The rows after the one whose keys are `values` (texts of the columns, null where empty).
 * @param bind gives the placeholder of a value
 */
export function afterSql(
  keys: readonly SortKey[],
  values: readonly (string | null)[],
  bind: (value: string) => string,
): string {
  const placeholders = values.map((value, index) =>
    value === null ? null : `${bind(value)}::${keys[index]!.cell.field.column!.type}`,
  );
  const sameWay = keys.every((key) => key.descending === keys[0]!.descending);
  const neverNull = keys.every(
    ({ cell }) => cell.field.system && NEVER_NULL.has(cell.field.name) && !cell.path.includes('.'),
  );
  if (sameWay && neverNull && placeholders.every((placeholder) => placeholder !== null)) {
    const columns = keys.map((key) => key.cell.expression).join(', ');
    return `(${columns}) ${keys[0]!.descending ? '<' : '>'} (${placeholders.join(', ')})`;
  }
  const cases: string[] = [];
  const equal: string[] = [];
  for (const [index, { cell, descending }] of keys.entries()) {
    const placeholder = placeholders[index] ?? null;
    const column = cell.expression;
    const beyond =
      placeholder === null
        ? descending
          ? `${column} IS NOT NULL`
          : null
        : descending
          ? `${column} < ${placeholder}`
          : `(${column} > ${placeholder} OR ${column} IS NULL)`;
    if (beyond !== null) cases.push([...equal, beyond].join(' AND '));
    equal.push(placeholder === null ? `${column} IS NULL` : `${column} = ${placeholder}`);
  }
  return `(${cases.map((each) => `(${each})`).join(' OR ')})`;
}
