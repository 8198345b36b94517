import { createReadStream, type ReadStream } from 'node:fs';
import { mkdir, readdir, rm, stat } from 'node:fs/promises';
import { join } from 'node:path';
import { problem } from '../errors/catalogue.ts';
import type { LocaleText } from '../text/locale.ts';
import { Problem } from '../errors/problem.ts';
import { backupName, isBackupName } from './backup-name.ts';
import { type BackupSource, writeBackup } from './write-backup.ts';

/** A finished archive in the folder of backups. */
export interface BackupView {
  readonly name: string;
  readonly bytes: number;
  readonly at: string;
}

/** GET /api/v1/backups — newest first. */
export interface BackupsAnswer {
  readonly items: readonly BackupView[];
  /** When the one that is being made was begun; null when none is. */
  readonly running: string | null;
  /** Why the last one of this process failed; null when it did not. */
  readonly failed: LocaleText | null;
}

/** Archives of this installation, made while it runs and kept in `<data folder>/backups` (SYS-14, NF-SEC-03). */
export interface Backups {
  list(): Promise<BackupsAnswer>;
  /**
   * Makes one. A second one must wait for it.
   * @returns when it began, and its file once it is whole
   * @throws MRT_BACKUP_RUNNING
   */
  make(): Promise<{ readonly began: string; readonly done: Promise<BackupView> }>;
  /** @throws MRT_BACKUP_UNKNOWN */
  open(name: string): Promise<{ readonly view: BackupView; readonly content: ReadStream }>;
  /** @throws MRT_BACKUP_UNKNOWN */
  remove(name: string): Promise<void>;
  /** Resolves when none is being made. */
  idle(): Promise<void>;
}

const UNKNOWN_FAULT: LocaleText = {
  'zh-CN': '备份失败,原因见服务器日志。',
  en: 'The backup failed; see the log of the server.',
};

/** The backups of a running installation. */
export function createBackups(source: BackupSource, folder: string): Backups {
  let running: { readonly began: string; readonly done: Promise<BackupView> } | null = null;
  let failed: LocaleText | null = null;

  const view = async (name: string): Promise<BackupView> => {
    if (!isBackupName(name)) throw problem('MRT_BACKUP_UNKNOWN');
    try {
      const { size, mtime } = await stat(join(folder, name));
      return { name, bytes: size, at: mtime.toISOString() };
    } catch (error) {
      if ((error as NodeJS.ErrnoException).code === 'ENOENT') throw problem('MRT_BACKUP_UNKNOWN');
      throw error;
    }
  };

  const write = async (name: string): Promise<BackupView> => {
    await mkdir(folder, { recursive: true, mode: 0o700 });
    await writeBackup(source, join(folder, name));
    return await view(name);
  };

  return {
    async list() {
      const names = await readdir(folder).catch((error: NodeJS.ErrnoException) => {
        if (error.code === 'ENOENT') return [];
        throw error;
      });
      const items = await Promise.all(names.filter(isBackupName).map(view));
      return {
        items: items.sort((a, b) => b.at.localeCompare(a.at)),
        running: running?.began ?? null,
        failed,
      };
    },
    async make() {
      if (running) throw problem('MRT_BACKUP_RUNNING');
      const now = new Date();
      failed = null;
      const done = write(backupName(now))
        .catch((error: unknown) => {
          failed = error instanceof Problem ? error.text : UNKNOWN_FAULT;
          throw error;
        })
        .finally(() => {
          running = null;
        });
      // Who waits for it is told; nobody has to.
      done.catch(() => {});
      running = { began: now.toISOString(), done };
      return running;
    },
    async open(name) {
      const found = await view(name);
      return { view: found, content: createReadStream(join(folder, name)) };
    },
    async remove(name) {
      await view(name);
      await rm(join(folder, name));
    },
    async idle() {
      await running?.done.catch(() => {});
    },
  };
}
