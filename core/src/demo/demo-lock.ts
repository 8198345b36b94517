import type { Context } from '../context/context.ts';
import { problem } from '../errors/catalogue.ts';
import type { Database } from '../store/database.ts';
import { outsideTransaction } from '../store/transaction-scope.ts';

const DEMO_LOCK = 'select pg_try_advisory_xact_lock(73016, 9) as held';

/** Embedded databases whose sample data is being changed: they have one process and one connection. */
const busy = new WeakSet<Database>();

/**
 * Runs `work`, which opens transactions of its own, while nobody else loads or removes sample data, on this node or
 * another. A node that dies lets go of the lock with its connection.
 * @throws MRT_RECORD_STATE when somebody else is at it
 */
export async function aloneWithDemo<T>(db: Database, context: Context, work: () => Promise<T>): Promise<T> {
  if (db.engine === 'pglite') {
    if (busy.has(db)) throw inUse(context);
    busy.add(db);
    try {
      return await work();
    } finally {
      busy.delete(db);
    }
  }
  // The lock belongs to an idle transaction on a connection of its own; the work goes on beside it.
  return await db.transaction(async (tx) => {
    // It waits for as long as the work takes, which the limit for forgotten transactions must not cut short.
    await tx.query({ text: 'set local idle_in_transaction_session_timeout = 0' });
    const rows = await tx.query<{ held: boolean }>({ text: DEMO_LOCK });
    if (rows[0]?.held !== true) throw inUse(context);
    return await outsideTransaction(work);
  });
}

function inUse(context: Context): Error {
  return problem('MRT_RECORD_STATE', {
    reason:
      context.locale === 'en'
        ? 'sample data is being loaded or removed just now'
        : '示例数据正在载入或删除,请稍候',
  });
}
