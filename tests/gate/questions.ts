/** The kinds of questions that a case asks of the product and of the oracle. */
export type Filter = Readonly<Record<string, unknown>>;

export interface ListQuestion {
  readonly kind: 'list';
  readonly entity: string;
  readonly filter: Filter;
  readonly sort: string;
  readonly search: string;
  readonly state: 'live' | 'all' | 'void' | 'deleted';
  readonly action: 'print' | 'export' | null;
  /** Rows of a page; all pages are walked by their cursors. */
  readonly page: number;
}

export interface AggregateQuestion {
  readonly kind: 'aggregate';
  readonly entity: string;
  readonly groupBy: readonly string[];
  readonly fn: 'count' | 'sum' | 'min' | 'max';
  readonly field: string | null;
  readonly filter: Filter;
}

export interface ValuesQuestion {
  readonly kind: 'values';
  readonly entity: string;
  readonly field: string;
  readonly search: string;
}

export interface ReadQuestion {
  readonly kind: 'read';
  readonly entity: string;
  /** Which record, counted round. */
  readonly record: number;
  readonly include: readonly string[];
}

export interface HistoryQuestion {
  readonly kind: 'history';
  readonly entity: string;
  readonly record: number;
}

export interface FindQuestion {
  readonly kind: 'find';
  readonly text: string;
}

/** Tried for each record by itself, and never kept. */
export interface WriteQuestion {
  readonly kind: 'write';
  readonly operation: 'update' | 'delete' | 'void';
  readonly entity: string;
  readonly records: readonly number[];
  readonly patch: Readonly<Record<string, unknown>>;
}

export type Question =
  | ListQuestion
  | AggregateQuestion
  | ValuesQuestion
  | ReadQuestion
  | HistoryQuestion
  | FindQuestion
  | WriteQuestion;
