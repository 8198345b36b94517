import type { SharedWith } from './shares.ts';

/** A condition that an administrator set for a department: its members see only records of which it holds (SEC-09). */
export interface RowFilter {
  readonly id: string;
  /** The department's name, for the explanation. */
  readonly unit: string;
  readonly entity: string;
  /** CEL over the record's own fields. */
  readonly condition: string;
}

/** What bears on a person's rights beside his roles and his own grants. */
export interface Circumstances {
  readonly filters: readonly RowFilter[];
  readonly shared: SharedWith;
  /** He stands in for somebody whose records he may take care of (SEC-16). */
  readonly standsIn: boolean;
}

/** Nothing in particular; shares are asked about. */
export const NO_CIRCUMSTANCES: Circumstances = { filters: [], shared: null, standsIn: false };

/** Stands for the name of a role where a department's filter refuses. No role can be named so. */
export const FILTER_ROLE = '@department';

/** Equal for circumstances by which the same rights are compiled. */
export function circumstancesKey({ filters, shared, standsIn }: Circumstances): string {
  const of = shared && [...shared].map(([entity, fields]) => `${entity}:${fields.join('+')}`).sort();
  return JSON.stringify([filters.map(({ id, entity, condition }) => [id, entity, condition]), of, standsIn]);
}
