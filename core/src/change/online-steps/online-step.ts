import type { Model } from '../../model/model.ts';
import type { Database, Queryable } from '../../store/database.ts';
import type { LocaleText } from '../../text/locale.ts';

/** What a change leaves to be done after its commit, because it cannot or should not be done in one transaction. */
export interface PlannedStep {
  /** Names the `OnlineStepKind` that can do it. */
  readonly kind: string;
  /** What it works on, e.g. an index. A newer step of the same kind and subject takes the place of an unfinished one. */
  readonly subject: string;
  /** A sentence for the administrator, e.g. «索引 visit (wechat) 建立». */
  readonly label: LocaleText;
  /** Plain JSON, all that the kind needs to know. */
  readonly payload: unknown;
}

/** A recorded step, as far as it has come. */
export interface OnlineStep extends PlannedStep {
  readonly id: string;
  /** The version of the model that asks for it. */
  readonly version: number;
  /** What `advance` answered last; null before the first piece. */
  readonly cursor: unknown;
  readonly done: number;
  readonly total: number | null;
}

/** How far a piece of work has brought a step. */
export interface StepProgress {
  readonly finished: boolean;
  /** Plain JSON, given back to the next piece. */
  readonly cursor: unknown;
  /** Rows (or whatever is counted) done so far, and altogether when known. */
  readonly done: number;
  readonly total: number | null;
}

/** What a piece of work may use. */
export interface StepWork {
  readonly step: OnlineStep;
  readonly db: Database;
  /** The connection that holds the lock of the steps, for what cannot run in a transaction. It dies with the lock. */
  readonly session: Queryable;
  readonly model: Model;
}

/** One kind of online step. Register it where the application is put together (`ChangesOptions.steps`). */
export interface OnlineStepKind {
  readonly kind: string;
  /**
   * What a change from `previous` to `next` leaves to be done; recorded in its transaction. `previous` is null when it is
   * not known: in a new installation, and at a start with other files than before. `rewritten` are the keys
   * (`entity.field`) of fields whose stored values the change rewrites.
   */
  readonly plan?: (
    previous: Model | null,
    next: Model,
    rewritten: ReadonlySet<string>,
  ) => readonly PlannedStep[];
  /**
   * Does one piece, of seconds at most where it can be cut. A crash between the piece and its record repeats it, so it
   * must be idempotent. What it throws fails the step, save for a lock or a connection that was busy or lost.
   */
  readonly advance: (work: StepWork) => Promise<StepProgress>;
}
