import type { Actor } from '../context/context.ts';
import type {
  ApplyAnswer,
  CompareAnswer,
  DataChange,
  DocumentAnswer,
  DocumentChange,
  LayerConflict,
  PackagePlanAnswer,
  PlanAnswer,
  PluginsAnswer,
  ProvenanceAnswer,
  Risk,
  StepsAnswer,
  VersionAnswer,
} from '../http/contract.ts';
import type { DocumentKind } from '../model/documents.ts';
import type { Model } from '../model/model.ts';
import type { Dictionaries } from '../store/dictionaries.ts';
import type { ChangeSet } from './change-log.ts';
import type { TypedValue } from './extend-dictionary.ts';
import type { StoredPlan, StoredRevert } from './plan-store.ts';
import type { ModelHolder } from './holder.ts';
import type { MetadataPackage } from './transport/metadata-package.ts';
import type { PackageTouches, PackageWish } from './transport/package-target.ts';
import type { Difference } from './transport/three-way.ts';

/** Wished documents with a word on why. */
export interface ChangeRequest {
  readonly changes: readonly DocumentChange[];
  /** What becomes of stored values. */
  readonly data?: readonly DataChange[];
  readonly note: string;
}

/** Applies what was previewed (`token`, its risks are accepted by that), or changes at once. */
export type ApplyRequest =
  | { readonly token: string }
  | (ChangeRequest & { readonly accept?: readonly Risk[] });

/** Where to go back to. */
export type RevertTo = StoredRevert;

/** Judges the model that a change leads to, by the rights of who asks for it. What it throws stops the change. */
export type ModelJudge = (next: Model, current: Model) => void;

/** A model that is only tried, with the dictionaries as they would be. */
export interface TrialModel {
  readonly model: Model;
  readonly dictionaries: Dictionaries;
}

/** The one road by which the model and the dictionaries change (DESIGN §4). Rights are checked by the caller. */
export interface Changes extends ModelHolder {
  readonly dictionaries: Dictionaries;
  /** Calls `changed` with the name of every dictionary whose values have changed; returns its own removal. */
  onDictionaryChange(changed: (dictionary: string) => void): () => void;
  /** What a change would do. @throws MRT_DOCUMENT_INVALID, MRT_DOCUMENT_CONFLICT, MRT_PLAN_REFUSED */
  plan(actor: Actor, request: ChangeRequest, judge?: ModelJudge): Promise<PlanAnswer>;
  /**
   * The model that documents would make, at the version of the current one, for a trial that is rolled back. Nothing is
   * stored. @throws what `plan` throws for faulty documents; MRT_TRIAL_CHANGES for other
   * documents than workflows, dictionaries and options; MRT_TRIAL_TABLES when the tables would have to change first
   */
  trial(changes: readonly DocumentChange[]): TrialModel;
  /**
   * Does it, in one transaction, and swaps the model. @throws what `plan` throws; MRT_PLAN_RISK when a risk other than
   * a lock was not accepted; MRT_PLAN_STALE for a token of an older version; MRT_PLAN_BUSY when a table is locked
   */
  apply(actor: Actor, request: ApplyRequest, judge?: ModelJudge): Promise<ApplyAnswer>;
  /**
   * Adds a value that somebody typed while picking one; answers the code of the value of that label where there is one.
   * @throws MRT_DICTIONARY_CLOSED, MRT_DICTIONARY_VALUE, MRT_DOCUMENT_UNKNOWN
   */
  addValue(
    actor: Actor,
    dictionary: string,
    typed: TypedValue,
  ): Promise<{ readonly code: string; readonly isNew: boolean }>;
  /** The effective document; of a dictionary, with its stored values. @throws MRT_DOCUMENT_UNKNOWN */
  document(kind: DocumentKind, name: string): DocumentAnswer;
  documents(kind?: DocumentKind): readonly DocumentAnswer[];
  /** The newest first. */
  versions(): Promise<VersionAnswer>;
  /**
   * Restores the site's documents, dictionary values and rewritten records as they were at a version, as a new one; with
   * a change set only what that one did, or parts of it. Fields made since are retired.
   * @throws MRT_PLAN_REFUSED when a part was changed again since
   */
  revert(
    actor: Actor,
    request: number | RevertTo,
    accept?: readonly Risk[],
    judge?: ModelJudge,
  ): Promise<ApplyAnswer>;
  /** What going back would do; applied by its token. @throws what `revert` throws */
  planRevert(actor: Actor, request: RevertTo): Promise<PlanAnswer>;
  /** A previewed change by its token, for the check of rights. @throws MRT_PLAN_STALE */
  planned(token: string): Promise<StoredPlan>;
  /** One change set in full. @throws MRT_DOCUMENT_UNKNOWN */
  changeSet(id: string): Promise<ChangeSet>;
  /** What differs between two versions, in words: from the earlier to the later one. @throws MRT_DOCUMENT_UNKNOWN */
  compare(from: number, to: number): Promise<CompareAnswer>;
  /** Who has set a part of a document, newest first. @throws MRT_DOCUMENT_UNKNOWN */
  provenance(kind: DocumentKind, name: string, path: string): Promise<ProvenanceAnswer>;
  /** What changes have left to be done after their commit, the newest first. */
  steps(): Promise<StepsAnswer>;
  /** Lets a failed step be tried once more. @throws MRT_DOCUMENT_UNKNOWN */
  retryStep(id: string): Promise<void>;
  /** Begins to do the steps, also those that a crash has left. Call it when the application is put together. */
  resumeSteps(): void;
  /** Resumes, and resolves when this node finds no step that it could do. */
  settled(): Promise<void>;
  /** The site's whole configuration, fit for another installation (ENG-14). Remembers it as a base of later merges. */
  exportPackage(): Promise<MetadataPackage>;
  /** Where a package and the site's configuration differ. */
  comparePackage(sent: MetadataPackage): readonly Difference[];
  /**
   * What taking a package would do: a three-way merge against the last common version. With conflicts there is no
   * plan. The token is applied by `apply`.
   * @throws MRT_PACKAGE_PLUGINS, and what `plan` throws
   */
  planPackage(actor: Actor, wish: PackageWish, note: string): Promise<PackagePlanAnswer>;
  /** What newer files and the site's own changes disagree about, until it is decided (NF-EXT-03). */
  conflicts(): Promise<readonly LayerConflict[]>;
  /**
   * Decides a conflict: for the site what stands stays, and what was set aside is forgotten; for the files the site's
   * value is taken away. @throws MRT_DOCUMENT_UNKNOWN when it is not open (any more), and what `apply` throws
   */
  decideConflict(actor: Actor, id: string, side: 'site' | 'shipped', judge?: ModelJudge): Promise<void>;
  /** What taking a package would change or ask about: whoever takes it needs the right for each (SEC-06). */
  packageTouches(wish: PackageWish): Promise<PackageTouches>;
  plugins(): PluginsAnswer['items'];
  /** Switches a plugin while running; its tables and data stay. @throws MRT_PLUGIN_UNKNOWN, MRT_PLUGIN_STATE */
  setPlugin(actor: Actor, name: string, enabled: boolean, judge?: ModelJudge): Promise<ApplyAnswer>;
  /** Catches up with what another node has changed. Done by itself after a notification. */
  refresh(): Promise<void>;
  /** True while the database has the model of a node with other files, which this one cannot follow. */
  readOnly(): boolean;
  /** Ends the reaction to notifications. Call it before the database is closed. */
  stop(): Promise<void>;
}
