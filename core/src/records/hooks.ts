import type { Context } from '../context/context.ts';
import type { BeforeWrite } from '../plugin/api.ts';
import type { Transaction } from '../store/database.ts';
import type { HistoryEntry, RecordData } from './records.ts';

/** A record that leaves or comes back, as it will be. */
export interface StateChange {
  readonly entity: string;
  readonly action: HistoryEntry['action'];
  readonly record: RecordData;
}

/**
 * Runs the plugins' before-hooks of an entity one after the other and gives back the values they set, later ones
 * over earlier ones. What it throws stops the write (PLG-05).
 */
export interface BeforeWriteRunner {
  run(event: BeforeWrite, context: Context, tx: Transaction): Promise<RecordData | void>;
  /** Looks at a record that is deleted, restored, voided or made valid again. What it throws stops the write. */
  changeState?(change: StateChange, context: Context, tx: Transaction): Promise<void>;
  /** Does any hook look at writes of the entity? Without this function, one may. */
  concerns?(entity: string, context: Context): boolean;
}

/** No plugin looks at the writes. */
export const noHooks: BeforeWriteRunner = { run: () => Promise.resolve(), concerns: () => false };
