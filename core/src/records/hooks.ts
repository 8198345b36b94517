import type { Context } from '../context/context.ts';
import type { BeforeWrite } from '../plugin/api.ts';
import type { Transaction } from '../store/database.ts';
import type { RecordData } from './records.ts';

/**
 * Runs the plugins' before-hooks of an entity one after the other and gives back the values they set, later ones
 * over earlier ones. What it throws stops the write (PLG-05).
 */
export interface BeforeWriteRunner {
  run(event: BeforeWrite, context: Context, tx: Transaction): Promise<RecordData | void>;
  /** Does any hook look at writes of the entity? Without this function, one may. */
  concerns?(entity: string, context: Context): boolean;
}

/** No plugin looks at the writes. */
export const noHooks: BeforeWriteRunner = { run: () => Promise.resolve(), concerns: () => false };
