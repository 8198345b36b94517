import { createHash } from 'node:crypto';
import { createWriteStream } from 'node:fs';
import { pipeline } from 'node:stream/promises';
import { createGzip } from 'node:zlib';
import { pack } from 'tar-stream';
import type { ArchiveManifest } from './archive.ts';

type Part = ArchiveManifest['parts'][number];

/** A `.tar.gz` that is being written, entry by entry; any `tar` can open it. */
export interface ArchiveWriter {
  readonly parts: readonly Part[];
  /** Resolves when the disk has kept up. @throws the disk's error (`ENOSPC`) */
  add(name: string, content: Uint8Array): Promise<void>;
  /** Ends the archive, and resolves when it is on the disk. */
  end(): Promise<void>;
  /** Gives up; the half-written file stays. */
  abort(): Promise<void>;
}

/** Starts an archive at `path`, which must not exist. Only its owner may read it: it holds everybody's data. */
export function writeArchive(path: string): ArchiveWriter {
  const tar = pack();
  const written = pipeline(
    tar,
    createGzip(),
    createWriteStream(path, { flags: 'wx', mode: 0o600, flush: true }),
  );
  // Told by whoever waits for it: `add`, `end` or `abort`.
  written.catch(() => {});
  const failed = written.then(() => new Promise<never>(() => {}));
  failed.catch(() => {});
  const parts: Part[] = [];
  return {
    parts,
    async add(name, content) {
      const kept = new Promise<void>((resolve, reject) => {
        tar.entry({ name, size: content.length, mode: 0o600 }, Buffer.from(content), (error) =>
          error ? reject(error) : resolve(),
        );
      });
      await Promise.race([kept, failed]);
      parts.push({
        name,
        bytes: content.length,
        sha256: createHash('sha256').update(content).digest('hex'),
      });
    },
    async end() {
      tar.finalize();
      await written;
    },
    async abort() {
      tar.destroy(new Error('given up'));
      await written.catch(() => {});
    },
  };
}
