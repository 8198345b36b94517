import { createHash } from 'node:crypto';
import { createReadStream } from 'node:fs';
import { pipeline } from 'node:stream/promises';
import { createGunzip } from 'node:zlib';
import semver from 'semver';
import { extract } from 'tar-stream';
import { problem } from '../errors/catalogue.ts';
import { Problem } from '../errors/problem.ts';
import {
  ARCHIVE_FORMAT,
  type ArchiveHead,
  type ArchiveManifest,
  HEAD_ENTRY,
  MANIFEST_ENTRY,
} from './archive.ts';

/** No entry is longer: rows are cut into parts, an attachment has a limit of its own. */
const LONGEST_ENTRY = 256 * 1024 * 1024;

/** A whole archive that this program can restore. */
export interface CheckedArchive {
  readonly head: ArchiveHead;
  readonly manifest: ArchiveManifest;
}

/**
 * Calls `read` for one entry after the other, never holding more than one of them.
 * @throws MRT_BACKUP_BROKEN when the file is none, is cut off or damaged
 */
export async function readArchive(
  path: string,
  read: (name: string, content: Buffer) => Promise<void>,
): Promise<void> {
  const tar = extract();
  const eachEntry = async (): Promise<void> => {
    for await (const entry of tar) {
      if ((entry.header.size ?? 0) > LONGEST_ENTRY) throw broken(path, `${entry.header.name} is too long`);
      const content: Buffer[] = [];
      for await (const piece of entry) content.push(piece as Buffer);
      await read(entry.header.name, Buffer.concat(content));
    }
  };
  const [unpacked, handled] = await Promise.allSettled([
    pipeline(createReadStream(path), createGunzip(), tar),
    eachEntry(),
  ]);
  // Each side breaks the other: what the caller threw is the cause, else what could not be unpacked.
  const failed = [handled, unpacked]
    .filter((each) => each.status === 'rejected')
    .map((each) => each.reason as unknown);
  if (failed.length === 0) return;
  const own = failed.find((error) => error instanceof Problem || isOfCaller(error));
  if (own !== undefined) throw own;
  const cause = failed.at(-1);
  throw broken(path, cause instanceof Error ? cause.message : String(cause));
}

/** Faults that are not the archive's: of the database, or of our own making. */
function isOfCaller(error: unknown): boolean {
  const code = (error as { readonly code?: unknown } | null)?.code;
  if (typeof code !== 'string') return error instanceof TypeError;
  return /^[0-9A-Z]{5}$/.test(code) || code === 'ENOSPC';
}

/**
 * Reads the whole archive once and holds every entry against the manifest, before anything is written.
 * @param program version of this program; an archive of a newer one is refused
 * @throws MRT_BACKUP_BROKEN, MRT_BACKUP_NEWER
 */
export async function checkArchive(path: string, program: string): Promise<CheckedArchive> {
  let head: ArchiveHead | null = null;
  let manifest: ArchiveManifest | null = null;
  const found: { name: string; bytes: number; sha256: string }[] = [];
  await readArchive(path, async (name, content) => {
    if (manifest !== null) throw broken(path, `${name} follows the manifest`);
    if (name === MANIFEST_ENTRY) {
      manifest = json<ArchiveManifest>(path, name, content);
      return;
    }
    if (name === HEAD_ENTRY) {
      head = json<ArchiveHead>(path, name, content);
      refuseNewer(head, program);
    } else if (head === null) throw broken(path, 'it is not a backup of Mortise');
    found.push({
      name,
      bytes: content.length,
      sha256: createHash('sha256').update(content).digest('hex'),
    });
  });
  // Set inside of the callback, which the type checker does not see.
  const checked = { head, manifest } as { head: ArchiveHead | null; manifest: ArchiveManifest | null };
  if (checked.head === null) throw broken(path, 'it is not a backup of Mortise');
  if (checked.manifest === null) throw broken(path, 'it has no manifest: it was cut off while it was made');
  const { parts } = checked.manifest;
  for (const [index, part] of parts.entries()) {
    const entry = found[index];
    if (entry?.name !== part.name) throw broken(path, `${part.name} is missing`);
    if (entry.bytes !== part.bytes || entry.sha256 !== part.sha256)
      throw broken(path, `${part.name} differs from its checksum`);
  }
  if (found.length !== parts.length)
    throw broken(path, `${found[parts.length]?.name} is not in the manifest`);
  return { head: checked.head, manifest: checked.manifest };
}

function refuseNewer(head: ArchiveHead, program: string): void {
  const newer = head.format > ARCHIVE_FORMAT || semver.gt(head.product, program);
  if (newer) throw problem('MRT_BACKUP_NEWER', { made: head.product, program });
}

function json<T>(path: string, name: string, content: Buffer): T {
  try {
    return JSON.parse(content.toString('utf8')) as T;
  } catch {
    throw broken(path, `${name} is not JSON`);
  }
}

function broken(path: string, reason: string): Problem {
  return problem('MRT_BACKUP_BROKEN', { path, reason });
}
