import { problem } from '../errors/catalogue.ts';
import type { Context } from '../context/context.ts';
import { isSqlError, SQL_STATE } from '../store/sql-error.ts';
import type { Row, Transaction } from '../store/database.ts';
import { runPoint } from './write-points.ts';

/**
 * The first statement of every write: keeps changes of the model out and refuses a writer whose model is old.
 * @param also further columns to fetch along
 * @throws MRT_MODEL_STALE
 */
export async function guardVersion(
  tx: Transaction,
  context: Context,
  also: readonly string[] = [],
  values: readonly unknown[] = [],
): Promise<Row> {
  const columns = ['mortise.guard($1::integer) AS guarded', ...also];
  try {
    const rows = await runPoint(tx, 'guard', {
      text: `SELECT ${columns.join(', ')}`,
      values: [context.model.version, ...values],
    });
    return rows[0] ?? {};
  } catch (error) {
    if (isSqlError(error, SQL_STATE.staleModel)) throw problem('MRT_MODEL_STALE');
    throw error;
  }
}
