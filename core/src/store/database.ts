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
  /** Runs `run` inside the transaction when its work is done. It may write, and ask for more of this kind. */
  beforeCommit(run: () => Promise<void>): void;
  /**
   * Runs statements one after the other on one way to the server. The first that fails ends it: those behind it do
   * not run. Answers the rows of each.
   */
  queryAll(statements: readonly Statement[]): Promise<Row[][]>;
  /**
   * Runs the last statement of the transaction; `commit` travels with it and takes place only when it succeeds, unless
   * something waits for {@link beforeCommit}. Later statements of the work are refused. @throws the statement's error, or the one that the commit ran into (deferred constraints)
   */
  commitWith<R extends Row = Row>(statement: Statement): Promise<R[]>;
  /** Runs `run` when the transaction has committed, never when it, or the savepoint it was asked behind, rolled back. */
  afterCommit(run: () => void | Promise<void>): void;
}

export interface TransactionOptions {
  /**
   * It may have statements that take minutes (building an index over a large table). Without it, PostgreSQL ends a
   * statement after half a minute, or after `statement_timeout` of DATABASE_URL.
   */
  readonly patient?: boolean;
}

type Engine = 'postgresql' | 'pglite';

/** A database of either engine. `query` outside a transaction; inside one, on another handle, it throws. */
export interface Database extends Queryable {
  readonly engine: Engine;
  /** Masked address for messages. */
  readonly address: string;
  transaction<T>(run: (tx: Transaction) => Promise<T>, options?: TransactionOptions): Promise<T>;
  /**
   * Keeps one connection for `run`, outside of any transaction: for locks of a session and for statements that
   * PostgreSQL refuses in a transaction. The embedded engine has one connection anyway and lets others at it meanwhile.
   */
  session<T>(run: (session: Queryable) => Promise<T>): Promise<T>;
  /** Calls `heard` for every NOTIFY on `channel`. */
  listen(channel: string, heard: (payload: string) => void): Promise<void>;
  /** Its connections now, for metrics: open ones, those that nobody uses, and how many wait for one. */
  load(): { readonly open: number; readonly idle: number; readonly waiting: number };
  close(): Promise<void>;
}
