import type { Actor } from '../context/context.ts';
import type {
  ApplyAnswer,
  DocumentAnswer,
  DocumentChange,
  PlanAnswer,
  PluginsAnswer,
  Risk,
  VersionAnswer,
} from '../http/contract.ts';
import type { DocumentKind } from '../model/documents.ts';
import type { Dictionaries } from '../store/dictionaries.ts';
import type { ModelHolder } from './holder.ts';

/** Wished documents with a word on why. */
export interface ChangeRequest {
  readonly changes: readonly DocumentChange[];
  readonly note: string;
}

/** Applies what was previewed (`token`, its risks are accepted by that), or changes at once. */
export type ApplyRequest =
  | { readonly token: string }
  | (ChangeRequest & { readonly accept?: readonly Risk[] });

/** The one road by which the model and the dictionaries change (DESIGN §4). Rights are checked by the caller. */
export interface Changes extends ModelHolder {
  readonly dictionaries: Dictionaries;
  /** Calls `changed` with the name of every dictionary whose values have changed; returns its own removal. */
  onDictionaryChange(changed: (dictionary: string) => void): () => void;
  /** What a change would do. @throws MRT_DOCUMENT_INVALID, MRT_DOCUMENT_CONFLICT, MRT_PLAN_REFUSED */
  plan(actor: Actor, request: ChangeRequest): Promise<PlanAnswer>;
  /**
   * Does it, in one transaction, and swaps the model. @throws what `plan` throws; MRT_PLAN_RISK when a risk other than
   * a lock was not accepted; MRT_PLAN_STALE for a token of an older version; MRT_PLAN_BUSY when a table is locked
   */
  apply(actor: Actor, request: ApplyRequest): Promise<ApplyAnswer>;
  /** The effective document; of a dictionary, with its stored values. @throws MRT_DOCUMENT_UNKNOWN */
  document(kind: DocumentKind, name: string): DocumentAnswer;
  documents(kind?: DocumentKind): readonly DocumentAnswer[];
  /** The newest first. */
  versions(): Promise<VersionAnswer>;
  /** Restores the site's documents as they were at version `n`, as a new version. Fields made since are retired. */
  revert(actor: Actor, version: number): Promise<ApplyAnswer>;
  plugins(): PluginsAnswer['items'];
  /** Switches a plugin while running; its tables and data stay. @throws MRT_PLUGIN_UNKNOWN, MRT_PLUGIN_STATE */
  setPlugin(actor: Actor, name: string, enabled: boolean): Promise<ApplyAnswer>;
  /** Catches up with what another node has changed. Done by itself after a notification. */
  refresh(): Promise<void>;
  /** Ends the reaction to notifications. Call it before the database is closed. */
  stop(): Promise<void>;
}
