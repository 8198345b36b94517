import type { Context } from '../context/context.ts';
import type { Database, Transaction } from '../store/database.ts';
import type { Dictionaries } from '../store/dictionaries.ts';
import type { BeforeWriteRunner } from './hooks.ts';
import type { HistoryEntry } from './records.ts';

/** A write that has been committed. */
export interface Written {
  readonly entity: string;
  readonly id: string;
  readonly action: HistoryEntry['action'];
}

/** What the write path is made of. */
export interface WriteScope {
  readonly db: Database;
  readonly dictionaries: Dictionaries;
  readonly hooks: BeforeWriteRunner;
  /** Called after the commit of each write. */
  readonly written?: (written: Written, context: Context) => void;
}

/** Joins the given transaction or opens one. */
export async function inTransaction<T>(
  scope: WriteScope,
  tx: Transaction | undefined,
  run: (tx: Transaction) => Promise<T>,
): Promise<T> {
  return tx ? await run(tx) : await scope.db.transaction(run);
}
