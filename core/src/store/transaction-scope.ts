import { AsyncLocalStorage } from 'node:async_hooks';
import { problem } from '../errors/catalogue.ts';
import type { Row, Statement, Transaction } from './database.ts';

/** Runs one statement on the connection of a transaction. */
export type RunStatement = <R extends Row>(statement: Statement) => Promise<R[]>;

const current = new AsyncLocalStorage<OpenTransaction>();

/**
 * A transaction between BEGIN and its end. It refuses statements after its end and from inside another one, runs its
 * statements one after the other, and remembers a failed statement so that nothing is committed by accident.
 */
export class OpenTransaction implements Transaction {
  readonly #run: RunStatement;
  readonly #committed: (() => void | Promise<void>)[] = [];
  #tail: Promise<unknown> = Promise.resolve();
  #open = true;
  #failure: unknown = null;

  constructor(run: RunStatement) {
    this.#run = run;
  }

  get open(): boolean {
    return this.#open;
  }

  query<R extends Row = Row>(statement: Statement): Promise<R[]> {
    const inside = current.getStore();
    if (!this.#open || (inside !== undefined && inside.open && inside !== this)) {
      return Promise.reject(problem('MRT_STORE_OUTSIDE_TRANSACTION'));
    }
    const result = this.#tail.then(() => this.#run<R>(statement));
    this.#tail = result.then(
      () => {
        if (/^\s*rollback\s+to\b/i.test(statement.text)) this.#failure = null;
      },
      (error: unknown) => {
        this.#failure ??= error;
      },
    );
    return result;
  }

  afterCommit(run: () => void | Promise<void>): void {
    this.#committed.push(run);
  }

  /** Runs `work` with this transaction as the current one. @throws the first failed statement, even a caught one */
  async run<T>(work: (tx: Transaction) => Promise<T>): Promise<T> {
    const value = await current.run(this, async () => {
      const result = await work(this);
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
