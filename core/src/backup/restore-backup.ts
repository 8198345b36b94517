import { existsSync } from 'node:fs';
import { mkdir, rename, rm, writeFile } from 'node:fs/promises';
import { join } from 'node:path';
import { problem } from '../errors/catalogue.ts';
import { folderStore } from '../files/file-store.ts';
import type { Database } from '../store/database.ts';
import { DATABASE_FOLDER, MARKER, openPglite } from '../store/open-pglite.ts';
import { lockFolder } from '../store/folder-lock.ts';
import { openPostgres } from '../store/open-postgres.ts';
import type { ArchiveManifest } from './archive.ts';
import { type CheckedArchive, checkArchive } from './archive-reader.ts';
import { backupName, fileStamp } from './backup-name.ts';
import { restoreRows } from './restore-rows.ts';
import { writeBackup } from './write-backup.ts';

/** Where to and how. */
export interface RestoreOptions {
  /** Absent: the embedded database of `dataDir`. */
  readonly databaseUrl: string | null;
  readonly dataDir: string;
  /** Version of this program. */
  readonly program: string;
  /** Take the place of what stands there; it is kept aside. */
  readonly replace: boolean;
}

/** What a restore has done. */
export interface Restored {
  readonly manifest: ArchiveManifest;
  /** Where the former state lies now; null when there was none. */
  readonly kept: string | null;
}

/**
 * Restores an archive of either engine into either engine. The archive is read and checked wholly before anything
 * is touched; then it is all of it or nothing.
 * @throws MRT_BACKUP_BROKEN, MRT_BACKUP_NEWER, MRT_RESTORE_NOT_EMPTY, MRT_RESTORE_IN_USE, MRT_STORE_LOCKED,
 * MRT_STORE_UNREACHABLE
 */
export async function restoreBackup(path: string, options: RestoreOptions): Promise<Restored> {
  const checked = await checkArchive(path, options.program);
  const { databaseUrl } = options;
  const kept =
    databaseUrl === null
      ? await restoreEmbedded(path, checked, options)
      : await restoreServer(path, checked, options, databaseUrl);
  return { manifest: checked.manifest, kept };
}

async function restoreServer(
  path: string,
  checked: CheckedArchive,
  { dataDir, program, replace }: RestoreOptions,
  databaseUrl: string,
): Promise<string | null> {
  const db = await openPostgres(databaseUrl, { max: 1 });
  try {
    const files = folderStore(join(dataDir, 'files'));
    const full = await isFull(db);
    if (full && !replace) throw problem('MRT_RESTORE_NOT_EMPTY', { path: db.address });
    await refuseUsed(db);
    let kept: string | null = null;
    if (full) {
      const folder = join(dataDir, 'backups');
      await mkdir(folder, { recursive: true, mode: 0o700 });
      kept = join(folder, backupName(new Date(), 'before-restore'));
      await writeBackup({ db, files, program }, kept);
    }
    await restoreRows(db, files, path, checked, full);
    return kept;
  } finally {
    await db.close();
  }
}

async function isFull(db: Database): Promise<boolean> {
  const [found] = await db.query<{ full: boolean }>({
    text: `select exists (select from pg_class c join pg_namespace n on n.oid = c.relnamespace
      where n.nspname in ('mortise', 'public') and c.relkind in ('r', 'p')
        and not exists (select from pg_depend d where d.classid = 'pg_class'::regclass and d.objid = c.oid
          and d.deptype = 'e')) as full`,
  });
  return found?.full ?? true;
}

/** A node that runs would go on with the model and the rows it has in mind. */
async function refuseUsed(db: Database): Promise<void> {
  const [found] = await db.query<{ count: string }>({
    text: `select count(*) as count from pg_stat_activity
      where datname = current_database() and application_name = 'mortise' and pid <> pg_backend_pid()`,
  });
  if (Number(found?.count) > 0)
    throw problem('MRT_RESTORE_IN_USE', { path: db.address, count: Number(found?.count) });
}

/** Fills a database of its own beside the old one and puts it in its place when it is complete. */
async function restoreEmbedded(
  path: string,
  checked: CheckedArchive,
  { dataDir, replace }: RestoreOptions,
): Promise<string | null> {
  const lock = lockFolder(dataDir);
  const fresh = join(dataDir, '.restore');
  try {
    const marker = join(dataDir, MARKER);
    const current = join(dataDir, DATABASE_FOLDER);
    const full = existsSync(marker) || existsSync(current);
    if (full && !replace) throw problem('MRT_RESTORE_NOT_EMPTY', { path: dataDir });
    await rm(fresh, { recursive: true, force: true });
    const db = await openPglite({ dataDir: fresh });
    try {
      await restoreRows(db, folderStore(join(dataDir, 'files')), path, checked, false);
    } finally {
      await db.close();
    }
    let kept: string | null = null;
    if (existsSync(current)) {
      kept = join(dataDir, `${DATABASE_FOLDER}.before-${fileStamp(new Date())}`);
      await rename(current, kept);
    }
    await rename(join(fresh, DATABASE_FOLDER), current);
    if (!existsSync(marker))
      await writeFile(marker, `${JSON.stringify({ format: 1, created: new Date().toISOString() })}\n`);
    return kept;
  } finally {
    await rm(fresh, { recursive: true, force: true });
    lock.release();
  }
}
