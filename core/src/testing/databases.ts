import { randomBytes } from 'node:crypto';
import { existsSync, readFileSync, renameSync, writeFileSync } from 'node:fs';
import { createRequire } from 'node:module';
import { tmpdir } from 'node:os';
import { dirname, join } from 'node:path';
import { afterAll, describe } from 'vitest';
import type { Database } from '../store/database.ts';
import { openPglite, type PgliteDatabase } from '../store/open-pglite.ts';
import { openPostgres } from '../store/open-postgres.ts';
import { prepareSystem, systemHash } from '../store/prepare-system.ts';

const SERVER = process.env['TEST_DATABASE_URL'] ?? 'postgres://postgres@127.0.0.1:5432/postgres';

/** Opens a fresh database with the system tables; it is closed and removed after the suite. */
export type OpenDatabase = () => Promise<Database>;

/** Why PostgreSQL is left out, or null when it answers. A given TEST_DATABASE_URL must answer. */
async function whyNoServer(): Promise<string | null> {
  try {
    const db = await openPostgres(SERVER, { max: 1 });
    await db.close();
    return null;
  } catch (error) {
    if (process.env['TEST_DATABASE_URL']) throw error;
    return error instanceof Error ? error.message : String(error);
  }
}

/** Why tests on PostgreSQL are skipped; null when they run. */
export const serverSkipped = await whyNoServer();

let template: Promise<Blob> | null = null;

/** Building a fresh embedded database takes seconds of CPU; its dump is kept in the temporary folder. */
async function templateDump(): Promise<Blob> {
  const engine = dirname(createRequire(import.meta.url).resolve('@electric-sql/pglite'));
  const { version } = JSON.parse(readFileSync(join(engine, '..', 'package.json'), 'utf8')) as {
    version: string;
  };
  const file = join(tmpdir(), `mortise-template-${version}-${systemHash()}.tar`);
  if (existsSync(file)) return new Blob([readFileSync(file)]);
  const db: PgliteDatabase = await openPglite();
  await prepareSystem(db);
  const dump = await db.dump();
  await db.close();
  const draft = `${file}.${process.pid}`;
  writeFileSync(draft, new Uint8Array(await dump.arrayBuffer()));
  renameSync(draft, file);
  return dump;
}

async function openFreshPglite(): Promise<Database> {
  template ??= templateDump();
  return await openPglite({ loadDataDir: await template });
}

/** A throw-away database of its own on the test server, a copy of `source` (nobody may be connected to it) or empty. */
export async function createServerDatabase(
  source?: string,
): Promise<{ url: string; name: string; drop: () => Promise<void> }> {
  const name = `mortise_test_${process.pid}_${randomBytes(4).toString('hex')}`;
  const run = async (text: string): Promise<void> => {
    const admin = await openPostgres(SERVER, { max: 1 });
    try {
      await admin.query({ text });
    } finally {
      await admin.close();
    }
  };
  const from = source ?? `template0 encoding 'UTF8' lc_collate 'C.UTF-8' lc_ctype 'C.UTF-8'`;
  await run(`create database ${name} template ${from}`);
  const url = new URL(SERVER);
  url.pathname = `/${name}`;
  return { url: url.toString(), name, drop: () => run(`drop database if exists ${name} with (force)`) };
}

/**
 * Runs a suite on the embedded engine and on PostgreSQL (`TEST_DATABASE_URL`, or a local server that answers).
 * @example describeEngines('the sequence table', (open) => { it('…', async () => { const db = await open(); … }) })
 */
export function describeEngines(
  title: string,
  suite: (open: OpenDatabase, engine: Database['engine']) => void,
): void {
  describe(`${title} on PGlite`, () => {
    const opened: Database[] = [];
    afterAll(async () => {
      for (const db of opened) await db.close();
    });
    suite(async () => {
      const db = await openFreshPglite();
      opened.push(db);
      return db;
    }, 'pglite');
  });

  if (serverSkipped !== null)
    console.warn(`\n*** SKIPPED: “${title}” on PostgreSQL. Set TEST_DATABASE_URL. ${serverSkipped}\n`);
  describe.skipIf(serverSkipped !== null)(`${title} on PostgreSQL`, () => {
    const cleanups: (() => Promise<void>)[] = [];
    afterAll(async () => {
      for (const cleanup of cleanups.reverse()) await cleanup();
    });
    suite(async () => {
      const { url, drop } = await createServerDatabase();
      cleanups.push(drop);
      const db = await openPostgres(url, { max: 8 });
      cleanups.push(() => db.close());
      await prepareSystem(db);
      return db;
    }, 'postgresql');
  });
}
