import type { Context } from '../context/context.ts';
import type { Reason } from './score-facts.ts';

/**
 * A record that is probably meant. Without the right to query or read it: only the name, city, owner's name,
 * department's name and the day of the last activity (SEC-15), and no `id`.
 */
export interface DuplicateCandidate {
  readonly id?: string;
  /** 0–1 */
  readonly score: number;
  /** The same but for the way of writing. */
  readonly exact: boolean;
  readonly reasons: readonly Reason[];
  readonly display: string | null;
  readonly city: string | null;
  readonly owner: string | null;
  readonly unit: string | null;
  /** YYYY-MM-DD in the installation's time zone. */
  readonly lastActivity: string | null;
  readonly readable: boolean;
  /** Of a readable record: its further identifying fields as people read them. */
  readonly identifying?: Readonly<Record<string, unknown>>;
}

/** What the clerk has typed so far; values of fields that are not checked do no harm. */
export interface DuplicateQuestion {
  readonly values: Readonly<Record<string, unknown>>;
  /** The record that is being edited. */
  readonly exclude?: string;
}

/** Another record that somebody judged to be no duplicate of this one (ENT-03). */
export interface Judgement {
  /** Only when the reader may know of the record. */
  readonly id?: string;
  readonly display: string | null;
  readonly readable: boolean;
  readonly by: string | null;
  readonly byName: string;
  readonly at: string;
  readonly reason: string;
}

/** Finds likely duplicates (ENT-01, ENT-02, CON-06). */
export interface Duplicates {
  /**
   * The best candidates, at most ten, the likeliest first.
   * @throws MRT_ENTITY_UNKNOWN; MRT_ACCESS_DENIED when the actor may neither know of records of the entity nor write any
   */
  find(context: Context, entity: string, question: DuplicateQuestion): Promise<readonly DuplicateCandidate[]>;
  /** What a record was judged different from, newest first. @throws MRT_ENTITY_UNKNOWN, MRT_RECORD_NOT_FOUND */
  judgements(context: Context, entity: string, id: string): Promise<readonly Judgement[]>;
  /** Makes all keys that are due; for tests, scripts and after bulk loads. */
  settle(): Promise<void>;
  /** Ends the work in the background. */
  stop(): Promise<void>;
}
