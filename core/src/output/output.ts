import type { Context } from '../context/context.ts';

/** Roads by which many records leave the system at once (SEC-08). */
export const OUTPUT_KINDS = ['print', 'export', 'mail'] as const;
export type OutputKind = (typeof OUTPUT_KINDS)[number];

/** Something that is about to leave the system. */
export interface Output {
  readonly kind: OutputKind;
  readonly entity: string;
  /** The records in it. */
  readonly ids: readonly string[];
  readonly template?: string;
  /** `html`, `pdf`, `csv` … */
  readonly format?: string;
  /** The question it came from. */
  readonly query: Readonly<Record<string, unknown>>;
  readonly address: string | null;
}

/** One row of the log. */
export interface OutputEntry {
  readonly id: string;
  readonly at: string;
  readonly user: string;
  readonly userName: string;
  readonly kind: OutputKind;
  readonly entity: string;
  readonly template: string | null;
  readonly format: string | null;
  readonly records: number;
  /** How many of them counted: the same records count once a day. */
  readonly counted: number;
  readonly query: Readonly<Record<string, unknown>>;
  readonly source: string;
  readonly address: string | null;
  /** The limit that refused it; null when it was done. */
  readonly refused: 'perJob' | 'perDay' | null;
  /** It passed in spite of the limit. */
  readonly released: boolean;
}

/** What the log is asked. */
export interface OutputQuestion {
  readonly user?: string;
  readonly kind?: OutputKind;
  readonly entity?: string;
  /** Days in the installation's time zone, `YYYY-MM-DD`, both included. */
  readonly from?: string;
  readonly to?: string;
  readonly refused?: boolean;
  readonly limit: number;
  readonly offset: number;
}

/** Use that an administrator should look at. */
export interface UnusualUse {
  readonly user: string;
  readonly userName: string;
  readonly day: string;
  readonly kind: OutputKind;
  readonly records: number;
  /** `refused`: went against a limit; `much`: far more than on his other days; `hours`: much of it at night. */
  readonly why: 'refused' | 'much' | 'hours';
  /** Records on an ordinary day of his; null when there is none to compare with. */
  readonly usual: number | null;
}

/** What was refused, as a request for its release tells it (WF-12). */
export interface RefusedEntry {
  readonly id: string;
  readonly kind: OutputKind;
  readonly entity: string;
  readonly template: string | null;
  readonly records: number;
  readonly query: Readonly<Record<string, unknown>>;
}

/** A one-time release. */
interface ReleaseWish {
  readonly user: string;
  readonly kind: OutputKind;
  readonly records: number;
  readonly reason?: string;
}

/** Log, quotas and releases of what leaves the system. */
export interface Outputs {
  /**
   * Counts an output against the quotas of the actor and logs it, also when it is refused. To be called before
   * anything of it is handed out.
   * @throws MRT_OUTPUT_QUOTA_JOB, MRT_OUTPUT_QUOTA_DAY with `kind`, `limit`, `allowed`, `used`, `asked` and `entry`, by
   * which a release can be asked for
   */
  permit(context: Context, output: Output): Promise<void>;
  /** Newest first; needs the function `audit.read`. */
  list(
    context: Context,
    question: OutputQuestion,
  ): Promise<{ readonly items: readonly OutputEntry[]; readonly total: number }>;
  /** Of the last 14 days; needs the function `audit.read`. */
  unusual(context: Context): Promise<readonly UnusualUse[]>;
  /** An own refusal of the last 24 hours. @throws MRT_RECORD_STATE */
  refusedEntry(context: Context, entry: string): Promise<RefusedEntry>;
  /**
   * Lets somebody else go past his quota once, until the end of the next day; needs the function `output.release` and
   * the right to know of the user. A workflow releases by its action `release` (WF-12).
   * @throws MRT_ACCESS_FUNCTION, MRT_USER_UNKNOWN, MRT_RECORD_STATE for oneself
   */
  release(context: Context, wish: ReleaseWish): Promise<{ readonly id: string; readonly until: string }>;
}
