import { problem } from '../errors/catalogue.ts';
import type { Context } from '../context/context.ts';
import { isSqlError, SQL_STATE } from '../store/sql-error.ts';
import type { Row, Transaction } from '../store/database.ts';
import { namedStatement } from './named-statement.ts';
import { StatementParameters } from './statement-parameters.ts';
import { runPoint } from './write-points.ts';

/** Transactions that hold the guard, with the version they asked for. */
const HELD = new WeakMap<Transaction, number>();

/** What was taken behind a savepoint is gone when it is rolled back: the next write asks again. */
export function forgetGuard(tx: Transaction): void {
  HELD.delete(tx);
}

/**
 * The first statement of every write: keeps changes of the model out and refuses a writer whose model is old.
 * @param also further columns to fetch along, which have bound their values to `parameters`
 * @throws MRT_MODEL_STALE
 */
export async function guardVersion(
  tx: Transaction,
  context: Context,
  also: readonly string[] = [],
  parameters = new StatementParameters(),
): Promise<Row> {
  // The guard is held until the transaction ends.
  if (also.length === 0 && HELD.get(tx) === context.model.version) return {};
  const guard = `mortise.guard(${parameters.bind(context.model.version)}::integer) AS guarded`;
  const text = `SELECT ${[guard, ...also].join(', ')}`;
  try {
    const rows = await runPoint(tx, 'guard', namedStatement(context, text, parameters.values));
    HELD.set(tx, context.model.version);
    return rows[0] ?? {};
  } catch (error) {
    if (isSqlError(error, SQL_STATE.staleModel)) throw problem('MRT_MODEL_STALE');
    throw error;
  }
}
