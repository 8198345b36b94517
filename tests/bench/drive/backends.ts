import { readFileSync } from 'node:fs';
import type { Client } from 'pg';
import { cpuOf } from './cpu.ts';

/** CPU seconds of the database's processes that serve one program, by process. */
export type BackendCpu = ReadonlyMap<number, number>;

/** Looks at the server processes behind the connections of a program. */
export interface Backends {
  /** Why the database's CPU cannot be read (the server is elsewhere); null when it can. */
  readonly unknown: string | null;
  read(application: string): Promise<BackendCpu>;
}

/** @param client a connection to the server that the bench itself holds */
export async function watchBackends(client: Client, database: string): Promise<Backends> {
  const own = await client.query<{ pid: number }>('select pg_backend_pid() as pid');
  const local = isPostgres(own.rows[0]?.pid ?? 0);
  return {
    unknown: local ? null : 'the server does not run on this machine: CPU of the database is not counted',
    async read(application) {
      if (!local) return new Map();
      const found = await client.query<{ pid: number }>(
        'select pid from pg_stat_activity where datname = $1 and application_name = $2',
        [database, application],
      );
      return new Map(found.rows.map(({ pid }) => [pid, cpuOf(pid) ?? 0]));
    },
  };
}

function isPostgres(pid: number): boolean {
  try {
    return readFileSync(`/proc/${pid}/cmdline`, 'utf8').startsWith('postgres');
  } catch {
    return false;
  }
}

/** CPU seconds between two looks; of connections opened meanwhile all they used. */
export function cpuBetween(before: BackendCpu, after: BackendCpu): number {
  let sum = 0;
  for (const [pid, seconds] of after) sum += seconds - (before.get(pid) ?? 0);
  return sum;
}
