import type { WriteOptions } from '../records.ts';

/** What a leaving person's records go to, and which of them. */
export interface HandOverRequest {
  /** Ids of the users who take over; several get shares of the same size. */
  readonly to: readonly string[];
  /** `entity.field`; absent: what is `proposed`. */
  readonly fields?: readonly string[];
  /** Switches the account off, ends its sessions and revokes its tokens. */
  readonly disable: boolean;
  readonly options?: WriteOptions;
  /** Only says what there is. */
  readonly preview?: boolean;
}

/** Why a field is a person's responsibility. */
export type ResponsibilityKind =
  /** He is in charge of the record. */
  | 'owner'
  /** He stands above people or a department. */
  | 'organisation'
  /** A workflow asks him to act; handed over while the record is open. */
  | 'workflow'
  /** Names him for another reason, e.g. who entered it. */
  | 'other';

/** Records that name the person in a field. */
export interface Responsibility {
  readonly entity: string;
  readonly field: string;
  readonly kind: ResponsibilityKind;
  /** As far as the asker may know of them. */
  readonly records: number;
  /** Handed over unless the asker says otherwise. */
  readonly proposed: boolean;
  /** Why it cannot be: one who takes over has no card of this kind (e.g. as a member of the staff). */
  readonly lacking: string | null;
}

/** What was handed over, or what there is. */
export interface HandOverAnswer {
  /** With which it can be taken back; null for a preview. */
  readonly operation: string | null;
  /** All there is in a preview; otherwise what was handed over. */
  readonly items: readonly Responsibility[];
  /** Sessions that were ended; in a preview, live ones. */
  readonly sessions: number;
}
