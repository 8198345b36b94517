import type { Client } from 'pg';

/** Counts statements that ran in a database, without the ones that only begin and end transactions. */
export interface StatementCounter {
  /** All so far. */
  read(): Promise<number>;
}

/** Counts by `pg_stat_statements`; null when the server has not loaded it. `client` must be in the counted database. */
export async function statisticsCounter(client: Client): Promise<StatementCounter | null> {
  const loaded = await client.query<{ libraries: string }>(
    `select current_setting('shared_preload_libraries') as libraries`,
  );
  if (!loaded.rows[0]?.libraries.includes('pg_stat_statements')) return null;
  await client.query('create extension if not exists pg_stat_statements');
  return {
    async read() {
      const found = await client.query<{ n: number }>(
        `select coalesce(sum(calls), 0)::int as n from pg_stat_statements
          where dbid = (select oid from pg_database where datname = current_database())
            and query !~* '^\\s*(begin|start transaction|commit|rollback|savepoint|release|set)\\y'
            and query !~ 'pg_stat_statements'`,
      );
      return found.rows[0]?.n ?? 0;
    },
  };
}
