import { problem } from '../errors/catalogue.ts';
import type { Context } from '../context/context.ts';
import { isSqlError, SQL_STATE } from '../store/sql-error.ts';
import type { Row, Statement, Transaction } from '../store/database.ts';
import { namedStatement } from './named-statement.ts';
import { StatementParameters } from './statement-parameters.ts';
import { atPoint, runPoint } from './write-points.ts';

/** Transactions that hold the guard, with the version they asked for. */
const HELD = new WeakMap<Transaction, number>();

/** What was taken behind a savepoint is gone when it is rolled back: the next write asks again. */
export function forgetGuard(tx: Transaction): void {
  HELD.delete(tx);
}

/**
 * The first statement of every write: keeps changes of the model out and refuses a writer whose model is old.
 * @param also further columns to fetch along, which have bound their values to `parameters`, as have the `ctes`
 * @throws MRT_MODEL_STALE
 */
export async function guardVersion(
  tx: Transaction,
  context: Context,
  also: readonly string[] = [],
  parameters = new StatementParameters(),
  ctes: readonly string[] = [],
): Promise<Row> {
  // The guard is held until the transaction ends.
  if (also.length === 0 && HELD.get(tx) === context.model.version) return {};
  const guard = `mortise.guard(${parameters.bind(context.model.version)}::integer) AS guarded`;
  // The guard stands first: what the columns behind it do, a draw for instance, waits for it.
  const text = `${ctes.length > 0 ? `WITH ${ctes.join(', ')} ` : ''}SELECT ${[guard, ...also].join(', ')}`;
  try {
    const rows = await runPoint(tx, 'guard', namedStatement(context, text, parameters.values));
    HELD.set(tx, context.model.version);
    return rows[0] ?? {};
  } catch (error) {
    throw asStale(error);
  }
}

/**
 * Runs the statement that loads what is written behind the guard, both on one way to the server.
 * @throws MRT_MODEL_STALE
 */
export async function loadGuarded(tx: Transaction, context: Context, load: Statement): Promise<Row[]> {
  const { version } = context.model;
  if (HELD.get(tx) === version) return await runPoint(tx, 'load', load);
  const guard = namedStatement(context, 'SELECT mortise.guard($1::integer) AS guarded', [version]);
  try {
    const [, rows = []] = await atPoint('guard', () => atPoint('load', () => tx.queryAll([guard, load])));
    HELD.set(tx, version);
    return rows;
  } catch (error) {
    throw asStale(error);
  }
}

function asStale(error: unknown): unknown {
  return isSqlError(error, SQL_STATE.staleModel) ? problem('MRT_MODEL_STALE') : error;
}
