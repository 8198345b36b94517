import type { Model } from '../model/model.ts';
import type { Database } from '../store/database.ts';
import type { TablePlan, TableStatement } from '../store/table-plan.ts';
import type { Composed } from './compose.ts';
import { putOffIndexes } from './online-steps/put-off-indexes.ts';
import type { OnlineStepKind, PlannedStep } from './online-steps/online-step.ts';

/** A compiled model with what brings the database to it. */
export interface NextModel {
  readonly composed: Composed;
  readonly tables: TablePlan;
  /** The statements that are put off to online steps. */
  readonly later: readonly TableStatement[];
  /** What is done after the commit. */
  readonly steps: readonly PlannedStep[];
}

/**
 * Decides what is done in the transaction of the change and what after it.
 * @param rewritten keys (`entity.field`) of the fields whose stored values the change rewrites
 */
export async function nextModel(
  db: Database,
  kinds: readonly OnlineStepKind[],
  previous: Model | null,
  composed: Composed,
  tables: TablePlan,
  rewritten: ReadonlySet<string> = new Set(),
): Promise<NextModel> {
  const indexes = await putOffIndexes(db, tables, composed.model);
  const others = kinds.flatMap((kind) => kind.plan?.(previous, composed.model, rewritten) ?? []);
  return { composed, ...indexes, steps: [...indexes.steps, ...others] };
}
