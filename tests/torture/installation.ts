import { randomBytes } from 'node:crypto';
import { mkdtemp, rm } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import type { Database } from '../../core/src/store/database.ts';
import { openPglite } from '../../core/src/store/open-pglite.ts';
import { openPostgres } from '../../core/src/store/open-postgres.ts';

export type Engine = 'pglite' | 'postgresql';

/** One installation of the product: a data folder and, on PostgreSQL, a database of its own. */
export interface Installation {
  readonly engine: Engine;
  readonly dataDir: string;
  /** Address of the database; null for the embedded one. */
  readonly url: string | null;
  /** What a server needs to run on it. @param url another road to the same database */
  environment(url?: string): Record<string, string>;
  /** Looks at the database past the product. No server of the embedded engine may run. */
  open(): Promise<Database>;
  remove(): Promise<void>;
}

const SERVER =
  process.env['DATABASE_URL'] ??
  process.env['TEST_DATABASE_URL'] ??
  'postgres://postgres@127.0.0.1:5432/postgres';

/** The PostgreSQL server that the run uses, without its password. */
export async function serverVersion(url = SERVER): Promise<string | null> {
  try {
    const db = await openPostgres(url, { max: 1 });
    const [row] = await db.query<{ v: string }>({ text: `select split_part(version(), ' ', 2) as v` });
    await db.close();
    return row?.v ?? null;
  } catch {
    return null;
  }
}

/** @param folder where an embedded database goes, @param server the PostgreSQL server, when not the usual ones */
export async function createInstallation(
  engine: Engine,
  place: { readonly folder?: string; readonly server?: string } = {},
): Promise<Installation> {
  const dataDir = place.folder ?? (await mkdtemp(join(tmpdir(), 'mortise-torture-')));
  if (engine === 'pglite') {
    return {
      engine,
      dataDir,
      url: null,
      environment: () => ({ MORTISE_DATA_DIR: dataDir }),
      open: () => openPglite({ dataDir }),
      remove: () => rm(dataDir, { recursive: true, force: true }),
    };
  }
  const server = place.server ?? SERVER;
  const name = `mortise_torture_${process.pid}_${randomBytes(4).toString('hex')}`;
  await administer(
    server,
    `create database ${name} template template0 encoding 'UTF8' lc_collate 'C.UTF-8' lc_ctype 'C.UTF-8'`,
  );
  const address = new URL(server);
  address.pathname = `/${name}`;
  const url = address.toString();
  return {
    engine,
    dataDir,
    url,
    environment: (road = url) => ({ MORTISE_DATA_DIR: dataDir, DATABASE_URL: road }),
    open: () => openPostgres(url, { max: 2 }),
    async remove() {
      await administer(server, `drop database if exists ${name} with (force)`);
      await rm(dataDir, { recursive: true, force: true });
    },
  };
}

/** Runs one statement on the server of an installation, beside its database. */
async function administer(server: string, text: string): Promise<void> {
  const db = await openPostgres(server, { max: 1 });
  try {
    await db.query({ text });
  } finally {
    await db.close();
  }
}

/** Ends every connection that a product has to the database. */
export async function terminateConnections(installation: Installation): Promise<number> {
  const db = await installation.open();
  try {
    const rows = await db.query({
      text: `select pg_terminate_backend(pid) from pg_stat_activity where datname = current_database() and pid <> pg_backend_pid()`,
    });
    return rows.length;
  } finally {
    await db.close();
  }
}
