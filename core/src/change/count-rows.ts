import type { Queryable } from '../store/database.ts';
import { quote } from '../store/quote.ts';

/** From this many rows on, building an index or checking a constraint keeps writers waiting noticeably. */
export const MANY_ROWS = 10_000;

/** About how many rows each table has: exact for small ones, the server's estimate for large ones. */
export async function countRows(
  db: Queryable,
  tables: readonly string[],
): Promise<ReadonlyMap<string, number>> {
  const counts = new Map<string, number>();
  for (const table of tables) {
    const [row] = await db.query<{ counted: number; estimate: number }>({
      text: `select (select count(*) from (select 1 from ${quote(table)} limit ${MANY_ROWS + 1}) as sample)::int as counted,
        (select reltuples::int8 from pg_class where oid = $1::regclass)::float8 as estimate`,
      values: [quote(table)],
    });
    if (row) counts.set(table, row.counted > MANY_ROWS ? Math.max(row.counted, row.estimate) : row.counted);
  }
  return counts;
}
