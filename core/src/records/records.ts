import type { Context } from '../context/context.ts';
import type { Transaction } from '../store/database.ts';
import type { LocaleText } from '../text/locale.ts';
import type { MergeAnswer, MergeRequest } from './merge/merge.ts';

/** A record as the API carries it: `id`, `version`, fields by name. */
export type RecordData = Readonly<Record<string, unknown>>;

export interface ListRequest {
  /** DESIGN §12, already parsed from JSON. */
  readonly filter?: Readonly<Record<string, unknown>>;
  /** `-created_at,name` */
  readonly sort?: string;
  /** Field names; `owner.name` reaches one reference away. Default: the identifying and listed fields. */
  readonly fields?: readonly string[];
  /** Words of the search box, over the fields marked `search`. */
  readonly search?: string;
  /** 1–1,000, default 50. */
  readonly limit?: number;
  readonly offset?: number;
  readonly cursor?: string;
  readonly count?: 'exact' | 'estimate' | 'none';
  /** Adds `<field>$display` beside references and choices, the text people read. */
  readonly display?: boolean;
  /** The rows must also lie in this action's scope: a printed list needs the right to print each row (SEC-08). */
  readonly action?: 'read' | 'print' | 'export';
  /** Which rows: live ones (default), with void ones, only void ones, only the recycle bin. */
  readonly state?: 'live' | 'all' | 'void' | 'deleted';
}

export interface ListAnswer {
  readonly items: readonly RecordData[];
  readonly total?: number;
  /** Cursor of the next page; absent on the last. */
  readonly next?: string;
}

export interface ReadRequest {
  readonly fields?: readonly string[];
  /** Names of `children` or `lines` fields to read along. */
  readonly include?: readonly string[];
  readonly display?: boolean;
  /**
   * Adds `$rights`, the `RecordRight`s that the reader's roles give him on this very record. The record's state
   * (void, in the recycle bin) is another matter.
   */
  readonly rights?: boolean;
}

/** What may be done with a stored record, beyond reading it. */
export const RECORD_RIGHTS = ['update', 'delete', 'void', 'restore', 'print', 'share'] as const;
export type RecordRight = (typeof RECORD_RIGHTS)[number];

export interface WriteOptions {
  readonly reason?: string;
  /** The operation of many records that this write is part of. */
  readonly operation?: string;
}

/** A step of a workflow in the history. */
export interface HistoryStep {
  /** `reassign` where it was not taken but passed on. */
  readonly transition: string;
  readonly label: LocaleText;
  readonly from: LocaleText;
  readonly to: LocaleText;
  readonly opinion: string | null;
}

/** A share of a record as its history keeps it (SEC-07). */
export interface ToldShare {
  /** Name of the person or department. */
  readonly to: string;
  readonly kind: 'user' | 'unit';
  readonly level: 'read' | 'write';
  readonly until: string | null;
}

export interface HistoryEntry {
  readonly id: string;
  readonly at: string;
  readonly action:
    | 'create'
    | 'update'
    | 'void'
    | 'unvoid'
    | 'delete'
    | 'restore'
    | 'merge'
    | 'review'
    | 'transition'
    | 'share'
    | 'unshare';
  readonly by: string | null;
  readonly byName: string;
  readonly source: string;
  /** Where the source is `rule`: its name. */
  readonly rule: string | null;
  readonly reason: string | null;
  readonly version: number;
  /** The record this belongs to when it was merged into the one that is asked about. */
  readonly merged: { readonly id: string; readonly display: string } | null;
  /** For whom it was done, where somebody stood in for a colleague (SEC-16). */
  readonly behalf?: { readonly id: string; readonly name: string };
  /** Where the record was shared, or a share taken back: with whom, before and after. */
  readonly share?: { readonly old: ToldShare | null; readonly new: ToldShare | null };
  /** Steps of workflows taken with this write, as they were called then (WF-01). */
  readonly steps: readonly HistoryStep[];
  /** Only fields the reader may see. */
  readonly changes: Readonly<Record<string, { readonly old: unknown; readonly new: unknown }>>;
}

/** A text that records have in a field, and how many of them. */
export interface ValueInUse {
  readonly value: string;
  readonly uses: number;
}

export interface AggregateRequest {
  readonly groupBy: readonly string[];
  /** `{ "n": { "fn": "count" }, "sum": { "fn": "sum", "field": "amount" } }` */
  readonly measures: Readonly<
    Record<string, { readonly fn: 'count' | 'sum' | 'avg' | 'min' | 'max'; readonly field?: string }>
  >;
  readonly filter?: Readonly<Record<string, unknown>>;
  readonly sort?: string;
  readonly limit?: number;
}

/** What is given with a transition. */
export interface TransitionRequest {
  /** Fields of the transition's form. */
  readonly input?: RecordData;
  readonly opinion?: string;
  /** The version the actor saw; another one is a conflict. */
  readonly version?: number;
}

/** Where a record stands in one region of a workflow. */
export interface RegionState {
  readonly workflow: string;
  readonly region: string;
  readonly field: string;
  readonly label: LocaleText;
  readonly state: string;
  readonly stateLabel: LocaleText;
  /** Working rules of the step (ENG-20). */
  readonly help: LocaleText | null;
  readonly kind: string | null;
  readonly color: string | null;
  readonly final: boolean;
}

/** A transition of a record and whether it may be done now. */
export interface OfferedTransition {
  readonly name: string;
  readonly workflow: string;
  readonly region: string;
  readonly label: LocaleText;
  readonly help: LocaleText | null;
  readonly to: string;
  readonly tone: 'primary' | 'danger' | null;
  readonly opinion: 'none' | 'optional' | 'required';
  /** Approvals it needs before it moves the record, in their order; none for most. */
  readonly approvals: readonly { readonly label: LocaleText; readonly state: 'given' | 'asked' | 'later' }[];
  /** Form: field → must it be filled? */
  readonly fields: Readonly<Record<string, { readonly required: boolean }>>;
  readonly allowed: boolean;
  /** Why not; `state` where it leads from another state. */
  readonly reasons: readonly { readonly code: string; readonly message: LocaleText }[];
}

export interface TransitionsAnswer {
  readonly version: number;
  readonly states: readonly RegionState[];
  readonly transitions: readonly OfferedTransition[];
}

/** Several writes of one kind: with `id` and `version` in each item of an update, `id` in one to delete or void. */
export interface BulkRequest {
  readonly operation: 'create' | 'update' | 'delete' | 'void' | 'transition';
  /** For `transition`: which one. Items have `id` and perhaps `version`, `input`, `opinion`. */
  readonly transition?: string;
  readonly items: readonly RecordData[];
  readonly options?: WriteOptions;
}

/**
 * The one road to records: list, form, plugin, print, export and automation all take it. Every function passes the
 * gate of `context.access`. With `tx` it joins an open transaction, otherwise a write opens its own.
 */
export interface Records {
  list(context: Context, entity: string, request: ListRequest, tx?: Transaction): Promise<ListAnswer>;
  read(
    context: Context,
    entity: string,
    id: string,
    request?: ReadRequest,
    tx?: Transaction,
  ): Promise<RecordData>;
  create(
    context: Context,
    entity: string,
    input: RecordData,
    options?: WriteOptions,
    tx?: Transaction,
  ): Promise<RecordData>;
  /**
   * Up to 1,000 records of one entity, all or nothing, with the checks, hooks, numbers and history of `create` but
   * in a few statements. @throws MRT_RECORD_INVALID with faults such as `/items/3/name`
   */
  createMany?(
    context: Context,
    entity: string,
    inputs: readonly RecordData[],
    options?: WriteOptions,
    tx?: Transaction,
  ): Promise<readonly RecordData[]>;
  /** `version` is the one the writer saw. @throws MRT_RECORD_CONFLICT with `current` and `yours`. */
  update(
    context: Context,
    entity: string,
    id: string,
    version: number,
    patch: RecordData,
    options?: WriteOptions,
    tx?: Transaction,
  ): Promise<RecordData>;
  /** To the recycle bin. */
  remove(
    context: Context,
    entity: string,
    id: string,
    options?: WriteOptions,
    tx?: Transaction,
  ): Promise<void>;
  restore(
    context: Context,
    entity: string,
    id: string,
    options?: WriteOptions,
    tx?: Transaction,
  ): Promise<RecordData>;
  setVoid(
    context: Context,
    entity: string,
    id: string,
    isVoid: boolean,
    options?: WriteOptions,
    tx?: Transaction,
  ): Promise<RecordData>;
  /**
   * Moves a record on (ENG-10). @throws MRT_TRANSITION_UNKNOWN, MRT_TRANSITION_STATE, MRT_TRANSITION_DENIED,
   * MRT_RECORD_INVALID, MRT_RECORD_CONFLICT
   */
  transition(
    context: Context,
    entity: string,
    id: string,
    name: string,
    request?: TransitionRequest,
    tx?: Transaction,
  ): Promise<RecordData>;
  /** Where a record stands and what may be done with it, with reasons against what may not. */
  transitions(context: Context, entity: string, id: string, tx?: Transaction): Promise<TransitionsAnswer>;
  history(context: Context, entity: string, id: string): Promise<readonly HistoryEntry[]>;
  /** Live records; `groupBy` takes fields, fields one reference away and parts of dates (`created_at:month`). */
  aggregate(context: Context, entity: string, request: AggregateRequest): Promise<readonly RecordData[]>;
  /** Texts that the records have in a text or tags field, the most used first, those that hold `search` only. */
  valuesInUse(
    context: Context,
    entity: string,
    field: string,
    search: string,
  ): Promise<readonly ValueInUse[]>;
  /** Makes several records one, or says what that would do. @throws see `mergeRecords` */
  merge?(context: Context, entity: string, request: MergeRequest): Promise<MergeAnswer>;
  /** All or nothing. @throws MRT_RECORD_INVALID with faults such as `/items/3/name` */
  bulk?(
    context: Context,
    entity: string,
    request: BulkRequest,
    tx?: Transaction,
  ): Promise<readonly RecordData[]>;
}
