import type { IncomingHttpHeaders } from 'node:http';
import { Pool, type PoolClient } from 'pg';

/** Statements, each prepared under its name on every connection. */
export interface Sql {
  rows<R extends object = Record<string, unknown>>(
    name: string,
    text: string,
    values: readonly unknown[],
  ): Promise<R[]>;
  /** Begins, runs, commits; rolls back when it throws. */
  transaction<T>(run: (sql: Sql) => Promise<T>): Promise<T>;
}

/** One request to a floor. */
export interface FloorCall {
  readonly query: URLSearchParams;
  readonly headers: IncomingHttpHeaders;
  readonly body: Readonly<Record<string, unknown>>;
  /** Ends the request with a status. */
  refuse(status: number): never;
}

/** Who asks, as the session look-up knows him. */
export interface Person {
  readonly id: string;
  readonly unit: string;
  /** His department and all below it. */
  readonly units: readonly string[];
}

/** The statements of a floor, over a pool as large as the product's. */
export function openSql(url: string, name: string): Sql & { close(): Promise<void> } {
  const pool = new Pool({ connectionString: url, max: 20, application_name: name });
  const over = (client: Pool | PoolClient): Pick<Sql, 'rows'> => ({
    rows: async <R extends object>(statement: string, text: string, values: readonly unknown[]) =>
      (await client.query({ name: statement, text, values: [...values] })).rows as R[],
  });
  return {
    ...over(pool),
    async transaction(run) {
      const client = await pool.connect();
      const refuse = (): never => {
        throw new Error('a transaction inside a transaction');
      };
      try {
        await client.query('begin');
        const value = await run({ ...over(client), transaction: refuse });
        await client.query('commit');
        return value;
      } catch (error) {
        await client.query('rollback');
        throw error;
      } finally {
        client.release();
      }
    },
    close: () => pool.end(),
  };
}
