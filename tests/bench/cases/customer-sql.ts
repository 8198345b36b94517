/** What the floors of several cases share: the columns of the list and the row scope of an employee. */

/** Columns of the list that the cases ask for. */
const LISTED = [
  'name',
  'customer_code',
  'customer_type',
  'province',
  'city',
  'industry',
  'importance',
  'phone',
  'updated_at',
] as const;

/** `SELECT` list of the floors. */
export const COLUMNS = ['id', 'version', ...LISTED].join(', ');

/** Rows in use. */
export const LIVE = 'deleted_at is null and not is_void';

/** Rows that an employee reads: his own and those of his departments. Parameters: his id, the departments. */
export const scope = (id: string, units: string): string => `(owner = ${id} or unit = any(${units}::uuid[]))`;

/** Address of a list of customers. */
export function listPath(parameters: Readonly<Record<string, string | number | object>>): string {
  const query = new URLSearchParams({ fields: LISTED.join(','), limit: '50' });
  for (const [name, value] of Object.entries(parameters))
    query.set(name, typeof value === 'object' ? JSON.stringify(value) : String(value));
  return `/api/v1/records/customer?${query}`;
}

/** A page as both sides answer it. */
export interface Page {
  readonly items: readonly { readonly id: string; readonly version: number; readonly updated_at: string }[];
  readonly total?: number;
  readonly next?: string;
}

/** Ids and the total of a page. */
export function pageFacts(answer: unknown): unknown {
  const { items, total } = answer as Page;
  return { ids: items.map(({ id }) => id), total };
}

/** Rows of a page. */
export const pageLength = (answer: unknown): number => (answer as Page).items.length;
