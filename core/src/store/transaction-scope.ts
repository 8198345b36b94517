import { AsyncLocalStorage } from 'node:async_hooks';
import { problem } from '../errors/catalogue.ts';
import { committing } from './commit-points.ts';
import type { Row, Statement, Transaction } from './database.ts';

/** The connection of a transaction. */
export interface TransactionLink {
  /** Runs statements one after the other until one fails; `commit` behind the last one. */
  run(statements: readonly Statement[], commit: boolean): Promise<Row[][]>;
}

const SAVEPOINT =
  /^\s*(?:(release)\s+(?:savepoint\s+)?|rollback\s+to\s+(?:savepoint\s+)?|(savepoint)\s+)("?)([\w]+)\3/i;

const current = new AsyncLocalStorage<OpenTransaction>();

/**
 * A transaction between BEGIN and its end. It refuses statements after its end and from inside another one, runs its
 * statements one after the other, and remembers a failed statement so that nothing is committed by accident.
 */
export class OpenTransaction implements Transaction {
  readonly #link: TransactionLink;
  readonly #last: (() => Promise<void>)[] = [];
  readonly #committed: (() => void | Promise<void>)[] = [];
  /** The open savepoints, and how much waited for the commit when each was set. */
  readonly #savepoints: { readonly name: string; readonly waiting: number }[] = [];
  #tail: Promise<unknown> = Promise.resolve();
  #open = true;
  #committing = false;
  #failure: unknown = null;

  constructor(link: TransactionLink) {
    this.#link = link;
  }

  get open(): boolean {
    return this.#open;
  }

  /** Is it ended by {@link commitWith}? */
  get committed(): boolean {
    return this.#committing;
  }

  async query<R extends Row = Row>(statement: Statement): Promise<R[]> {
    return (await this.#submit([statement], false))[0] as R[];
  }

  queryAll(statements: readonly Statement[]): Promise<Row[][]> {
    return this.#submit(statements, false);
  }

  async commitWith<R extends Row = Row>(statement: Statement): Promise<R[]> {
    return (await this.#submit([statement], this.#last.length === 0))[0] as R[];
  }

  #submit(statements: readonly Statement[], commit: boolean): Promise<Row[][]> {
    const inside = current.getStore();
    if (!this.#open || this.#committing || (inside !== undefined && inside.open && inside !== this)) {
      return Promise.reject(problem('MRT_STORE_OUTSIDE_TRANSACTION'));
    }
    this.#committing = commit;
    const result = this.#tail.then(() =>
      commit ? this.#commit(statements) : this.#link.run(statements, false),
    );
    this.#tail = result.then(
      () => {
        for (const { text } of statements) this.#follow(text);
      },
      (error: unknown) => {
        this.#failure ??= error;
      },
    );
    return result;
  }

  /**
   * Keeps up with savepoints: what was written behind one that is rolled back to is not announced, and a failed
   * statement there no longer stands in the way of the commit. What waits for {@link beforeCommit} stays: it brings up
   * to date what is there, so that it does no harm.
   */
  #follow(text: string): void {
    const [, release, set, , name = ''] = SAVEPOINT.exec(text) ?? [];
    if (name === '') return;
    if (set) {
      this.#savepoints.push({ name: name.toLowerCase(), waiting: this.#committed.length });
      return;
    }
    const at = this.#savepoints.findLastIndex((each) => each.name === name.toLowerCase());
    const found = this.#savepoints[at];
    // PostgreSQL would have refused a name that is not there.
    if (!found) return;
    this.#savepoints.length = release ? at : at + 1;
    if (release) return;
    this.#committed.length = found.waiting;
    this.#failure = null;
  }

  async #commit(statements: readonly Statement[]): Promise<Row[][]> {
    // A statement that failed, even if its error was caught, must not be committed by accident.
    if (this.#failure !== null) throw this.#failure;
    committing.before();
    const rows = await this.#link.run(statements, true);
    committing.after();
    return rows;
  }

  beforeCommit(run: () => Promise<void>): void {
    this.#last.push(run);
  }

  afterCommit(run: () => void | Promise<void>): void {
    this.#committed.push(run);
  }

  /** Runs `work` with this transaction as the current one. @throws the first failed statement, even a caught one */
  async run<T>(work: (tx: Transaction) => Promise<T>): Promise<T> {
    const value = await current.run(this, async () => {
      const result = await work(this);
      // In order, one after the other; each may add to the list.
      for (const last of this.#last) await last();
      await this.#tail;
      return result;
    });
    // PostgreSQL turns the COMMIT of a failed transaction into a ROLLBACK without an error.
    if (this.#failure !== null) throw this.#failure;
    return value;
  }

  /** Ends it; later statements are refused. */
  close(): void {
    this.#open = false;
  }

  /** Runs what waited for the commit, outside of the transaction. */
  async announce(): Promise<void> {
    for (const run of this.#committed) await current.exit(run);
  }
}

/** @throws MRT_STORE_OUTSIDE_TRANSACTION when a transaction is open in this asynchronous context */
export function refuseInsideTransaction(): void {
  if (current.getStore()?.open) throw problem('MRT_STORE_OUTSIDE_TRANSACTION');
}

/** Runs a callback that came in by chance inside a transaction (a notification) as if outside of it. */
export function outsideTransaction<T>(run: () => T): T {
  return current.exit(run);
}
