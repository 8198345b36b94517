import { setTimeout as pause } from 'node:timers/promises';
import { rename, rm } from 'node:fs/promises';
import { problem } from '../errors/catalogue.ts';
import { Problem } from '../errors/problem.ts';
import type { FileStore } from '../files/file-store.ts';
import type { Database, Transaction } from '../store/database.ts';
import { quote } from '../store/quote.ts';
import {
  ARCHIVE_FORMAT,
  type ArchiveHead,
  type ArchiveManifest,
  FILES_FOLDER,
  HEAD_ENTRY,
  MANIFEST_ENTRY,
  type TableShape,
  TABLES_FOLDER,
} from './archive.ts';
import { type ArchiveWriter, writeArchive } from './archive-writer.ts';
import { describeSchema, tableName } from './describe-schema.ts';

export interface BackupSource {
  readonly db: Database;
  readonly files: FileStore;
  /** Version of this program, for a database in which none has been noted. */
  readonly program: string;
}

/** Rows fetched at once, and how many bytes of them make one part: what is held in memory. */
const FETCH = 500;
const PART_BYTES = 4 * 1024 * 1024;
/** How often a change of the model that is running is waited for. */
const ATTEMPTS = 300;
const PAUSE_MS = 100;

/** A large table takes its time. */
const PATIENT = { patient: true };

class ModelBusy extends Error {}

/**
 * Writes the database and its attachments into one archive at `path`: everything acknowledged before its snapshot,
 * nothing half. Readers and writers of PostgreSQL go on meanwhile; on the embedded engine, which has one connection,
 * they wait while the tables are read.
 * @throws MRT_BACKUP_FAILED when the disk is full or not writable, MRT_PLAN_BUSY when changes of the model do not end
 */
export async function writeBackup(source: BackupSource, path: string): Promise<ArchiveManifest> {
  const draft = `${path}.partial`;
  for (let attempt = 1; ; attempt += 1) {
    const archive = writeArchive(draft);
    try {
      const manifest = await fill(archive, source);
      await archive.end();
      await rename(draft, path);
      return manifest;
    } catch (error) {
      await archive.abort();
      // Another run's draft of the same name is not ours to remove.
      if ((error as NodeJS.ErrnoException).code !== 'EEXIST') await rm(draft, { force: true });
      if (!(error instanceof ModelBusy)) throw failure(error, path);
      if (attempt === ATTEMPTS) throw problem('MRT_PLAN_BUSY');
      await pause(PAUSE_MS);
    }
  }
}

function failure(error: unknown, path: string): unknown {
  const code = (error as NodeJS.ErrnoException | null)?.code ?? '';
  if (error instanceof Problem || !/^E[A-Z]+$/.test(code)) return error;
  return problem('MRT_BACKUP_FAILED', { path, reason: (error as Error).message });
}

async function fill(archive: ArchiveWriter, source: BackupSource): Promise<ArchiveManifest> {
  const { head, tables, hashes } = await source.db.transaction(async (tx) => {
    await tx.query({ text: 'set transaction isolation level repeatable read, read only' });
    await keepModel(tx);
    const made = await makeHead(tx, source);
    await archive.add(HEAD_ENTRY, Buffer.from(JSON.stringify(made, null, 1)));
    const counted: { schema: string; name: string; rows: number }[] = [];
    for (const { schema, name, columns } of made.schema.tables)
      counted.push({ schema, name, rows: await addRows(tx, archive, { schema, name, columns }) });
    const named = await tx.query<{ sha256: string }>({
      text: 'select distinct sha256 from mortise.file order by 1',
    });
    return { head: made, tables: counted, hashes: named.map(({ sha256 }) => sha256) };
  }, PATIENT);
  // Bytes are stored before the row that names them, and never removed: all of the snapshot's are there.
  const files = await addFiles(archive, source.files, hashes);
  const { schema, ...common } = head;
  const manifest = { ...common, tables, files, leftOut: schema.leftOut, parts: [...archive.parts] };
  await archive.add(MANIFEST_ENTRY, Buffer.from(JSON.stringify(manifest, null, 1)));
  return manifest;
}

/**
 * Takes the shared lock of writers without waiting: it keeps changes of the model out, and a lock that was waited for
 * would come after the snapshot.
 */
async function keepModel(tx: Transaction): Promise<void> {
  const [taken] = await tx.query<{ taken: boolean }>({
    text: 'select pg_try_advisory_xact_lock_shared(73016, 1) as taken',
  });
  if (!taken?.taken) throw new ModelBusy();
}

async function makeHead(tx: Transaction, { db, program }: BackupSource): Promise<ArchiveHead> {
  const [found] = await tx.query<{ there: boolean }>({
    text: `select to_regclass('mortise.version') is not null and to_regclass('mortise.installation') is not null as there`,
  });
  const [version] = found?.there
    ? await tx.query<{ version: number; model_hash: string; product: string | null; now: string }>({
        text: `select v.version, v.model_hash, now(),
            (select i.value ->> 'version' from mortise.installation i where i.key = 'program') as product
          from mortise.version v`,
      })
    : [];
  if (!version) throw problem('MRT_BACKUP_EMPTY', { path: db.address });
  return {
    format: ARCHIVE_FORMAT,
    product: version.product ?? program,
    engine: db.engine,
    model: { version: version.version, hash: version.model_hash },
    createdAt: version.now,
    schema: await describeSchema(tx),
  };
}

/** Reads a table through a cursor, so that never all of it is in memory. Gives the number of rows. */
async function addRows(tx: Transaction, archive: ArchiveWriter, table: TableShape): Promise<number> {
  const values = table.columns.map(({ name }) => `${quote(name)}::text`).join(', ');
  await tx.query({
    text: `declare mortise_backup no scroll cursor for
      select to_json(array[${values}]::text[])::text as line from ${tableName(table)}`,
  });
  let rows = 0;
  let part = 0;
  let lines: string[] = [];
  let bytes = 0;
  const flush = async (): Promise<void> => {
    if (lines.length === 0) return;
    part += 1;
    const name = `${TABLES_FOLDER}${table.schema}.${table.name}/${String(part).padStart(6, '0')}.ndjson`;
    const content = Buffer.from(`${lines.join('\n')}\n`);
    lines = [];
    bytes = 0;
    await archive.add(name, content);
  };
  for (;;) {
    const fetched = await tx.query<{ line: string }>({ text: `fetch ${FETCH} from mortise_backup` });
    for (const { line } of fetched) {
      lines.push(line);
      bytes += line.length;
      if (bytes >= PART_BYTES) await flush();
    }
    rows += fetched.length;
    if (fetched.length < FETCH) break;
  }
  await flush();
  await tx.query({ text: 'close mortise_backup' });
  return rows;
}

async function addFiles(
  archive: ArchiveWriter,
  files: FileStore,
  hashes: readonly string[],
): Promise<ArchiveManifest['files']> {
  const missing: string[] = [];
  let bytes = 0;
  for (const sha256 of hashes) {
    let content: Buffer;
    try {
      content = await files.get(sha256);
    } catch (error) {
      // One lost file must not keep all the rest from being saved; the manifest and the command name it.
      if ((error as NodeJS.ErrnoException).code !== 'ENOENT') throw error;
      missing.push(sha256);
      continue;
    }
    bytes += content.length;
    await archive.add(`${FILES_FOLDER}${sha256}`, content);
  }
  return { count: hashes.length - missing.length, bytes, missing };
}
