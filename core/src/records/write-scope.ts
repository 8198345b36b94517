import type { Context } from '../context/context.ts';
import type { Database, Transaction } from '../store/database.ts';
import type { Dictionaries } from '../store/dictionaries.ts';
import { isBrokenOff } from '../store/sql-error.ts';
import type { Draft } from './draft.ts';
import type { WriteFollower } from './follow-write.ts';
import type { BeforeWriteRunner } from './hooks.ts';
import type { HistoryEntry } from './records.ts';

/** A write that has been committed. */
export interface Written {
  readonly entity: string;
  readonly id: string;
  readonly action: HistoryEntry['action'];
}

/** A row of a system table that goes in with a new record, in its statement. */
export interface RowBeside {
  /** Table with its columns: always the same for an entity. */
  readonly into: string;
  readonly values: readonly { readonly value: unknown; readonly type: string }[];
}

/** What is kept of a new record beside it; null when nothing is. */
export type KeepBeside = (draft: Draft, context: Context) => RowBeside | null;

/** What the write path is made of. */
export interface WriteScope {
  readonly db: Database;
  readonly dictionaries: Dictionaries;
  readonly hooks: BeforeWriteRunner;
  /** The automation rules; absent where nothing follows a write. */
  readonly follower?: WriteFollower;
  readonly beside?: KeepBeside;
  /** Told what failed after a commit, where the caller has his answer all the same. */
  readonly report?: (error: unknown) => void;
  /** Called after the commit of each write. */
  readonly written?: (written: Written, context: Context) => void;
}

/** How often a write is tried again that PostgreSQL broke off because of another one. */
const RETRIES = 2;

/**
 * Joins the given transaction or opens one. One of its own is run again when PostgreSQL chose it as the victim of a
 * deadlock: nothing of it has happened, and the other one is through.
 */
export async function inTransaction<T>(
  scope: Pick<WriteScope, 'db'>,
  tx: Transaction | undefined,
  run: (tx: Transaction) => Promise<T>,
): Promise<T> {
  if (tx) return await run(tx);
  for (let attempt = 0; ; attempt += 1) {
    try {
      return await scope.db.transaction(run);
    } catch (error) {
      if (!isBrokenOff(error) || attempt === RETRIES) throw error;
    }
  }
}
