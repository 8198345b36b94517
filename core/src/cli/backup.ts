import { constants } from 'node:fs';
import { access, stat } from 'node:fs/promises';
import { join, resolve } from 'node:path';
import { type Config, readConfig } from '../app/config.ts';
import { platformVersion } from '../app/read-file-layers.ts';
import { backupName } from '../backup/backup-name.ts';
import { askForBackup } from '../backup/control-socket.ts';
import { checkArchive } from '../backup/archive-reader.ts';
import { writeBackup } from '../backup/write-backup.ts';
import type { ArchiveManifest } from '../backup/archive.ts';
import { Problem } from '../errors/problem.ts';
import { folderStore } from '../files/file-store.ts';
import type { Database } from '../store/database.ts';
import { openPglite } from '../store/open-pglite.ts';
import { openPostgres } from '../store/open-postgres.ts';
import { type Command, UsageError } from './command.ts';

const USAGE = 'usage: mortise backup <file or folder>';

/**
 * Writes one archive of the database and its attachments, while the server runs or when it is stopped: PostgreSQL is
 * read directly; the embedded database of a running server is locked, so that its process is asked for the archive.
 */
export const backup: Command = async ({ args, environment, root, cwd, print }) => {
  const [target] = args;
  if (target === undefined || args.length !== 1 || target.startsWith('-')) throw new UsageError(USAGE);
  const config = readConfig({ MORTISE_LOG_LEVEL: 'warn', ...environment }, root, cwd);
  const path = await fileFor(resolve(cwd, target));
  const program = platformVersion(root);
  let manifest: ArchiveManifest;
  try {
    const db = await open(config);
    try {
      manifest = await writeBackup({ db, files: folderStore(join(config.dataDir, 'files')), program }, path);
    } finally {
      await db.close();
    }
  } catch (error) {
    if (!(error instanceof Problem) || error.code !== 'MRT_STORE_LOCKED') throw error;
    await askForBackup(config.dataDir, path, error);
    // It came over a wire, from another process.
    manifest = (await checkArchive(path, program)).manifest;
  }
  for (const line of summaryOf(manifest, config.locale === 'zh-CN')) print(line);
  print(path);
  return 0;
};

/** A folder gets a file named after the moment; a file that is there is never written over. */
async function fileFor(target: string): Promise<string> {
  const found = await stat(target).catch(() => null);
  const path = found?.isDirectory() ? join(target, backupName(new Date())) : target;
  const taken = await access(path, constants.F_OK).then(
    () => true,
    () => false,
  );
  if (taken) throw new UsageError(`${path} exists already; give another name`);
  return path;
}

async function open({ databaseUrl, dataDir }: Config): Promise<Database> {
  if (databaseUrl !== null) return await openPostgres(databaseUrl, { max: 1 });
  return await openPglite({ dataDir });
}

/** What an archive holds, and what it lacks, in lines for people. */
export function summaryOf(manifest: ArchiveManifest, chinese: boolean): readonly string[] {
  const rows = manifest.tables.reduce((sum, table) => sum + table.rows, 0);
  const { count, missing } = manifest.files;
  const lines = [
    chinese
      ? `快照 ${manifest.createdAt},版本 ${manifest.product},模型 ${manifest.model.version}:${manifest.tables.length} 个表,${rows} 行,${count} 个附件`
      : `snapshot ${manifest.createdAt}, version ${manifest.product}, model ${manifest.model.version}: ${manifest.tables.length} tables, ${rows} rows, ${count} attachments`,
  ];
  for (const sha256 of missing)
    lines.push(chinese ? `  缺少附件 ${sha256}` : `  lacks the attachment ${sha256}`);
  for (const what of manifest.leftOut) lines.push(chinese ? `  未包括 ${what}` : `  left out: ${what}`);
  return lines;
}
