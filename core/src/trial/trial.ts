import type { DocumentChange } from '../http/contract.ts';
import type { RecordData, RegionState, OfferedTransition } from '../records/records.ts';
import type { LocaleText } from '../text/locale.ts';

/** How a record enters the trial: as it is, its round taken over to the tried definition, or back at the start. */
export type TrialStart = 'kept' | 'moved' | 'fresh';

/** One step that is tried. */
export interface TrialStep {
  readonly user: string;
  readonly transition: string;
  readonly input?: RecordData;
  readonly opinion?: string;
}

/** POST /api/v1/workflows/try: walks a record through a workflow, and takes everything back. */
export interface TrialRequest {
  /** Documents that are tried before they are applied: the workflow, values of its dictionary. */
  readonly changes: readonly DocumentChange[];
  readonly workflow: string;
  readonly entity: string;
  /** A stored record; null: one is made of `values`, by the asker. */
  readonly record: string | null;
  readonly values: RecordData;
  readonly from: TrialStart;
  /** Taken one after the other; the first that is refused ends them. */
  readonly steps: readonly TrialStep[];
  /** Whose next steps are asked about. */
  readonly user: string;
}

/** A field that a step sets, with its new value as the asker reads it in lists; null where it is emptied. */
export type TrialChanges = Readonly<
  Record<string, { readonly label: LocaleText; readonly value: string | null }>
>;

/** What a step does, beside the state. */
export interface TrialEffects {
  readonly records: readonly {
    readonly entity: string;
    readonly label: LocaleText;
    readonly action: string;
    /** It is the tried record itself. */
    readonly isOwn: boolean;
    readonly changes: TrialChanges;
    /** Fields that change and that the asker may not read. */
    readonly hidden: number;
  }[];
  /** Who is told what. */
  readonly told: readonly { readonly name: string | null; readonly text: LocaleText }[];
  readonly rules: readonly {
    readonly label: LocaleText;
    readonly state: string;
    readonly error: LocaleText | null;
  }[];
  /** What would leave the system after the commit. */
  readonly sent: readonly { readonly kind: string; readonly target: string }[];
  readonly deadlines: readonly { readonly label: LocaleText; readonly due: string }[];
}

export interface TrialTaken {
  readonly user: string;
  readonly userName: string;
  readonly transition: string;
  /** Where the record stood after it, by region. */
  readonly states: readonly RegionState[];
  readonly effects: TrialEffects;
  /** Why it was refused; nothing is shown of what it would have done then. */
  readonly refused: { readonly message: LocaleText; readonly reasons: readonly LocaleText[] } | null;
}

export interface TrialAnswer {
  readonly display: string | null;
  /** The record runs by an earlier definition than the one that is tried. */
  readonly keepsEarlier: boolean;
  readonly states: readonly RegionState[];
  readonly taken: readonly TrialTaken[];
  /** What the user may do next, and why not the rest. */
  readonly transitions: readonly OfferedTransition[];
}
