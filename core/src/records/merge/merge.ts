import type { WriteOptions } from '../records.ts';

/** Takes the values of all records of a field that holds several: tags, choices, references, files, lines. */
export const UNITE = 'unite';

/** Fewest and most records of one merge: more cannot be compared side by side. */
export const MERGE_LEAST = 2;
export const MERGE_MOST = 20;

/** Several records of one entity that are to become one. */
export interface MergeRequest {
  /** The record that stays; one of `records`. */
  readonly survivor: string;
  /** 2–20 records, each with the version that was compared. */
  readonly records: readonly { readonly id: string; readonly version: number }[];
  /** Field → id of the record whose value is taken, or {@link UNITE}. What is not named stays as the survivor has it. */
  readonly choices?: Readonly<Record<string, string>>;
  readonly options?: WriteOptions;
  /** Only says what would happen. */
  readonly preview?: boolean;
}

/** Records that refer to a merged one and go over to the survivor, as far as the asker may know of them. */
export interface MovedReferences {
  readonly entity: string;
  readonly field: string;
  readonly records: number;
}

/** What merging did, or would do. */
export interface MergeAnswer {
  /** With which the merge can be undone; null for a preview. */
  readonly operation: string | null;
  readonly id: string;
  /** Of the survivor. */
  readonly version: number;
  readonly moved: readonly MovedReferences[];
  /** Fields of the survivor that get another value. */
  readonly changed: readonly string[];
}
