import { linkSync, mkdirSync, readFileSync, renameSync, rmSync, writeFileSync } from 'node:fs';
import { join, resolve } from 'node:path';
import { problem } from '../errors/catalogue.ts';

/** Held lock on a data folder. */
export interface FolderLock {
  release(): void;
}

interface Holder {
  readonly pid: number;
  /** Kernel start time of the process where it can be known, so that a reused pid is not taken for the holder. */
  readonly started: string | null;
}

const held = new Set<string>();

/** Start time of a process in clock ticks since boot, with the boot's id (Linux); null elsewhere. */
function startedAt(pid: number): string | null {
  try {
    const stat = readFileSync(`/proc/${pid}/stat`, 'utf8');
    const boot = readFileSync('/proc/sys/kernel/random/boot_id', 'utf8').trim();
    return `${boot}/${stat.slice(stat.lastIndexOf(')') + 2).split(' ')[19] ?? ''}`;
  } catch {
    return null;
  }
}

function isAlive(holder: Holder): boolean {
  // A lock that carries our own pid but is not ours was left by an earlier process with the same number.
  if (holder.pid === process.pid) return false;
  try {
    process.kill(holder.pid, 0);
  } catch (error) {
    if ((error as NodeJS.ErrnoException).code !== 'EPERM') return false;
  }
  const started = startedAt(holder.pid);
  return holder.started === null || started === null || started === holder.started;
}

function readHolder(text: string): Holder | null {
  try {
    const value = JSON.parse(text) as Partial<Holder> | null;
    return typeof value?.pid === 'number' ? { pid: value.pid, started: value.started ?? null } : null;
  } catch {
    return null;
  }
}

function readIfThere(file: string): string | null {
  try {
    return readFileSync(file, 'utf8');
  } catch (error) {
    if ((error as NodeJS.ErrnoException).code === 'ENOENT') return null;
    throw error;
  }
}

/**
 * Takes `<folder>/mortise.lock`, because the embedded database lets a second process open the same folder and then
 * loses the first one's rows. The lock of a process that has died is taken over.
 * @throws MRT_STORE_LOCKED while another process (or this one) holds it, MRT_STORE_BROKEN when the path is a file, or
 * nothing may be written there
 */
export function lockFolder(folder: string): FolderLock {
  const path = resolve(folder);
  if (held.has(path)) throw problem('MRT_STORE_LOCKED', { path, pid: process.pid });
  const file = join(path, 'mortise.lock');
  const own = `${JSON.stringify({ pid: process.pid, started: startedAt(process.pid) })}\n`;
  const draft = join(path, `.mortise.lock.${process.pid}`);
  // Written whole beside it and then linked: no reader ever sees a half-written lock.
  try {
    mkdirSync(path, { recursive: true });
    writeFileSync(draft, own);
  } catch (error) {
    throw problem('MRT_STORE_BROKEN', {
      path,
      reason: error instanceof Error ? error.message : String(error),
    });
  }
  try {
    takeOver(path, file, draft);
  } finally {
    rmSync(draft, { force: true });
  }
  held.add(path);
  const release = (): void => {
    if (!held.delete(path)) return;
    process.off('exit', release);
    if (readIfThere(file) === own) rmSync(file, { force: true });
  };
  process.once('exit', release);
  return { release };
}

function takeOver(path: string, file: string, draft: string): void {
  for (let attempt = 0; attempt < 20; attempt += 1) {
    try {
      linkSync(draft, file);
      return;
    } catch (error) {
      if ((error as NodeJS.ErrnoException).code !== 'EEXIST') throw error;
    }
    const text = readIfThere(file);
    if (text === null) continue;
    const holder = readHolder(text);
    if (holder && isAlive(holder)) throw problem('MRT_STORE_LOCKED', { path, pid: holder.pid });
    const aside = `${draft}.stale`;
    try {
      renameSync(file, aside);
    } catch (error) {
      if ((error as NodeJS.ErrnoException).code === 'ENOENT') continue;
      throw error;
    }
    // Another process may have taken over between our look and our rename: then give its lock back.
    if (readFileSync(aside, 'utf8') !== text) {
      try {
        linkSync(aside, file);
      } catch (error) {
        if ((error as NodeJS.ErrnoException).code !== 'EEXIST') throw error;
      }
    }
    rmSync(aside, { force: true });
  }
  throw problem('MRT_STORE_LOCKED', { path, pid: '?' });
}
