import type { Context } from '../context/context.ts';
import type { Transaction } from '../store/database.ts';

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
  readonly action?: 'print' | 'export';
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
export const RECORD_RIGHTS = ['update', 'delete', 'void', 'restore', 'print'] as const;
export type RecordRight = (typeof RECORD_RIGHTS)[number];

export interface WriteOptions {
  readonly reason?: string;
}

export interface HistoryEntry {
  readonly id: string;
  readonly at: string;
  readonly action: 'create' | 'update' | 'void' | 'unvoid' | 'delete' | 'restore' | 'merge' | 'review';
  readonly by: string | null;
  readonly byName: string;
  readonly source: string;
  readonly reason: string | null;
  readonly version: number;
  /** Only fields the reader may see. */
  readonly changes: Readonly<Record<string, { readonly old: unknown; readonly new: unknown }>>;
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

/** Several writes of one kind: with `id` and `version` in each item of an update, `id` in one to delete or void. */
export interface BulkRequest {
  readonly operation: 'create' | 'update' | 'delete' | 'void';
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
  history(context: Context, entity: string, id: string): Promise<readonly HistoryEntry[]>;
  /** Live records; `groupBy` takes fields, fields one reference away and parts of dates (`created_at:month`). */
  aggregate(context: Context, entity: string, request: AggregateRequest): Promise<readonly RecordData[]>;
  /** All or nothing. @throws MRT_RECORD_INVALID with faults such as `/items/3/name` */
  bulk?(
    context: Context,
    entity: string,
    request: BulkRequest,
    tx?: Transaction,
  ): Promise<readonly RecordData[]>;
}
