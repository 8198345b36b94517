import type { PoolClient } from 'pg';

const SWEEP_MS = 500;

interface Running {
  readonly since: number;
  readonly limit: number;
}

/**
 * Cuts connections whose server has not answered a statement for longer than it may take. The server's own
 * `statement_timeout` ends a slow statement; where the network swallows everything, only this side can notice.
 */
export class StatementWatch {
  readonly #running = new Map<PoolClient, Running>();
  #timer: NodeJS.Timeout | null = null;

  /** Waits for the answer of a statement that `client` has sent. @param limit milliseconds */
  async over<T>(client: PoolClient, limit: number, answer: Promise<T>): Promise<T> {
    this.#running.set(client, { since: performance.now(), limit });
    this.#timer ??= setInterval(() => this.#sweep(), SWEEP_MS).unref();
    try {
      return await answer;
    } finally {
      this.#running.delete(client);
    }
  }

  close(): void {
    if (this.#timer) clearInterval(this.#timer);
    this.#timer = null;
  }

  #sweep(): void {
    const now = performance.now();
    for (const [client, { since, limit }] of this.#running) {
      if (now - since <= limit) continue;
      const error = new Error(`the database has not answered for ${Math.round((now - since) / 1000)} s`);
      // Ends the statement with this error; the pool throws the connection away when it is given back.
      streamOf(client).destroy(Object.assign(error, { code: 'ETIMEDOUT' }));
    }
  }
}

function streamOf(client: PoolClient): { destroy(error: Error): void } {
  // Not in the driver's types: it offers no way to give up a connection that does not answer.
  return (client as unknown as { readonly connection: { readonly stream: { destroy(error: Error): void } } })
    .connection.stream;
}
