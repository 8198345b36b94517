/** One SQL statement. With `name`, it is prepared once per connection; names must carry the model version. */
export interface Statement {
  readonly text: string;
  readonly values?: readonly unknown[];
  readonly name?: string;
}

export type Row = Record<string, unknown>;

export interface Queryable {
  /** Runs one statement. Dates, decimals and bigints come back as strings, timestamps as ISO 8601 UTC strings. */
  query<R extends Row = Row>(statement: Statement): Promise<R[]>;
}

/** An open transaction. Everything inside it must use this handle (DESIGN §4). */
export interface Transaction extends Queryable {
  /** Runs `run` when the transaction has committed, never when it rolled back. */
  afterCommit(run: () => void | Promise<void>): void;
}

type Engine = 'postgresql' | 'pglite';

/** A database of either engine. `query` outside a transaction; inside one, on another handle, it throws. */
export interface Database extends Queryable {
  readonly engine: Engine;
  /** Masked address for messages. */
  readonly address: string;
  transaction<T>(run: (tx: Transaction) => Promise<T>): Promise<T>;
  /** Calls `heard` for every NOTIFY on `channel`. */
  listen(channel: string, heard: (payload: string) => void): Promise<void>;
  close(): Promise<void>;
}
