import { createHash } from 'node:crypto';
import { readdirSync, readFileSync } from 'node:fs';
import { problem } from '../errors/catalogue.ts';
import type { Database, Transaction } from './database.ts';
import { failpoint } from './failpoint.ts';

const reached = {
  statement: failpoint('store.migration-statement'),
  made: failpoint('store.migration-made'),
};

interface SystemMigration {
  readonly name: string;
  readonly hash: string;
  readonly statements: readonly string[];
}

const FOLDER = new URL('system/', import.meta.url);
/** Lock under which the system tables are made, so that two nodes starting at once do it one after the other. */
const PREPARE_LOCK = 'select pg_advisory_xact_lock(73016, 2)';

function readMigrations(): SystemMigration[] {
  return readdirSync(FOLDER)
    .filter((file) => /^\d{3}-.*\.sql$/.test(file))
    .sort()
    .map((file) => {
      const text = readFileSync(new URL(file, FOLDER), 'utf8');
      return {
        name: file.replace(/\.sql$/, ''),
        hash: createHash('sha256').update(text).digest('hex'),
        statements: text.split(/^--$/m).map((part) => part.trim()),
      };
    });
}

/** Hash over all system migrations; names a template database of the tests. */
export function systemHash(): string {
  const all = readMigrations().map((migration) => migration.hash);
  return createHash('sha256').update(all.join()).digest('hex').slice(0, 12);
}

/**
 * Makes or upgrades the tables of schema `mortise`: each numbered file of `system/` once, all in one transaction.
 * Call it after opening; a second call does nothing.
 * @throws MRT_STORE_BROKEN when the database was made by a newer version of the program
 */
export async function prepareSystem(db: Database): Promise<void> {
  const migrations = readMigrations();
  const prepare = async (tx: Transaction): Promise<void> => {
    await tx.query({ text: PREPARE_LOCK });
    const done = await appliedMigrations(tx);
    const known = new Set(migrations.map((migration) => migration.name));
    const newer = [...done].find((name) => !known.has(name));
    if (newer !== undefined) {
      throw problem('MRT_STORE_BROKEN', {
        path: db.address,
        reason: `it was made by a newer version (${newer})`,
      });
    }
    for (const migration of migrations) {
      if (done.has(migration.name)) continue;
      for (const text of migration.statements) {
        await tx.query({ text });
        reached.statement();
      }
      await tx.query({
        text: 'insert into mortise.migration (name, hash) values ($1, $2)',
        values: [migration.name, migration.hash],
      });
      reached.made();
    }
    await tx.query({ text: 'select mortise.extend_history()' });
  };
  await db.transaction(prepare, { patient: true });
}

async function appliedMigrations(tx: Transaction): Promise<ReadonlySet<string>> {
  const found = await tx.query<{ there: boolean }>({
    text: `select to_regclass('mortise.migration') is not null as there`,
  });
  if (!found[0]?.there) {
    await tx.query({ text: 'create extension if not exists pg_trgm' });
    await tx.query({ text: 'create schema if not exists mortise' });
    await tx.query({
      text: `create table mortise.migration (
        name text primary key, hash text not null, applied_at timestamptz not null default now())`,
    });
  }
  const rows = await tx.query<{ name: string }>({ text: 'select name from mortise.migration' });
  return new Set(rows.map((row) => row.name));
}
