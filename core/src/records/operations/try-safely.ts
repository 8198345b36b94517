import type { Context } from '../../context/context.ts';
import type { Problem } from '../../errors/problem.ts';
import type { EntityModel } from '../../model/model.ts';
import type { Transaction } from '../../store/database.ts';
import { isSqlError } from '../../store/sql-error.ts';
import { forgetGuard } from '../guard-version.ts';
import { isItemFault } from '../item-faults.ts';
import { writeProblem } from '../write-errors.ts';

/**
 * Runs one record's part; a refusal leaves that record as it is and is told, the others go on.
 * What is not the record's fault, a deadlock or a time-out, ends the whole.
 */
export async function trySafely(
  tx: Transaction,
  context: Context,
  entity: EntityModel,
  run: () => Promise<void>,
): Promise<Problem | null> {
  await tx.query({ text: 'SAVEPOINT mortise_undo' });
  try {
    await run();
    await tx.query({ text: 'RELEASE SAVEPOINT mortise_undo' });
    return null;
  } catch (error) {
    const refused = isSqlError(error) ? writeProblem(error, context, entity) : error;
    if (!isItemFault(refused)) throw error;
    await tx.query({ text: 'ROLLBACK TO SAVEPOINT mortise_undo' });
    forgetGuard(tx);
    return refused;
  }
}
