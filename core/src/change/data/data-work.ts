import type { Fault } from '../../errors/problem.ts';
import type { PlanOperation } from '../../http/contract.ts';
import type { Queryable, Transaction } from '../../store/database.ts';

/** Under whose name and which change set records are rewritten. */
export interface ChangeMark {
  readonly changeSet: string;
  readonly author: string | null;
}

export interface TouchedField {
  readonly entity: string;
  readonly field: string;
}

/** One change of stored values that was found possible, as the review shows it and as the apply carries it out. */
export interface DataWork {
  readonly operation: PlanOperation;
  /** What forbids it, whatever is accepted. */
  readonly faults: readonly Fault[];
  /** Fields whose values it rewrites with history, so that it can be taken back. */
  readonly touches: readonly TouchedField[];
  /** Fields whose values it carries over without history, because people did not change them. */
  readonly carries?: readonly TouchedField[];
  /**
   * Carries it out, after the tables have their new columns and under the exclusive lock of the model. Checks again, as
   * records may have been written since the plan. @throws MRT_PLAN_REFUSED
   */
  run(tx: Transaction, mark: ChangeMark): Promise<void>;
}

/** Reads `{n}` of a counting query. */
export async function countOf(db: Queryable, text: string, values: readonly unknown[] = []): Promise<number> {
  const [row] = await db.query<{ n: number }>({ text, values });
  return row?.n ?? 0;
}
