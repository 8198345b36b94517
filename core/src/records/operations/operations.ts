import type { Context } from '../../context/context.ts';

/** What was done to many records at once. */
export type OperationKind = 'create' | 'update' | 'delete' | 'void' | 'merge' | 'hand-over' | 'undo';

/** One act of somebody on many records of an entity. */
export interface Operation {
  readonly id: string;
  readonly kind: OperationKind;
  readonly entity: string;
  readonly by: string | null;
  readonly byName: string;
  readonly at: string;
  readonly source: string;
  readonly reason: string | null;
  readonly records: number;
  /** The operation that undid it. */
  readonly undoneBy: string | null;
  /** Not undone yet and no undoing itself. */
  readonly mayUndo: boolean;
}

/** Why something stays as it is. */
type KeptBecause = 'changed' | 'refused';

/** What undoing does, or would do, to one record. */
export interface UndoneRecord {
  readonly entity: string;
  readonly id: string;
  /** Its name; null when the asker may not know of the record. */
  readonly display: string | null;
  /** What becomes of it; null when nothing does. */
  readonly action: 'change' | 'remove' | 'restore' | 'unvoid' | null;
  /** Fields that get their former value. */
  readonly restored: readonly string[];
  /** Fields that were changed later and keep their value. */
  readonly kept: readonly string[];
  /** Why nothing becomes of it: changed later, or refused by a rule or right. */
  readonly because: KeptBecause | null;
  /** What was refused, in the asker's language. */
  readonly reason: string | null;
}

/** The plan of undoing, and with `operation` what was done. */
export interface UndoAnswer {
  /** The undoing itself; null for a preview, and when no record could be taken back: then it may be tried again. */
  readonly operation: string | null;
  /** At most 1,000: those that stay as they are first. */
  readonly records: readonly UndoneRecord[];
  /** How many more there are. */
  readonly more: number;
}

/** Writes of many records, and how they are taken back. */
export interface Operations {
  /** The newest 200 of one's own; of everybody with `all` and the function `audit.read`. */
  list(context: Context, all: boolean): Promise<readonly Operation[]>;
  /**
   * Takes an operation back, also after later changes: those stay, and are listed. One transaction, through the gate
   * of who undoes. @param preview only says what would become of the records
   * @throws MRT_OPERATION_UNKNOWN, MRT_RECORD_STATE when it is undone already or is itself an undoing
   */
  undo(context: Context, id: string, preview: boolean): Promise<UndoAnswer>;
}
