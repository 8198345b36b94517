import { createHash } from 'node:crypto';
import { mkdir, open, readFile, rename, rm } from 'node:fs/promises';
import { dirname, join } from 'node:path';

/** Where the bytes of attachments lie; a small seam for other storages. Keys are content hashes. */
export interface FileStore {
  /** Stores the content once and durably; returns its SHA-256 in hex. */
  put(content: Uint8Array): Promise<string>;
  get(sha256: string): Promise<Buffer>;
}

/** Keeps files in a folder outside the web root, spread over subfolders by their hash. */
export function folderStore(root: string): FileStore {
  const pathOf = (sha256: string): string => join(root, sha256.slice(0, 2), sha256.slice(2, 4), sha256);
  return {
    async put(content) {
      const sha256 = createHash('sha256').update(content).digest('hex');
      const path = pathOf(sha256);
      await mkdir(dirname(path), { recursive: true });
      const temporary = `${path}.${process.pid}.${Math.random().toString(36).slice(2)}`;
      try {
        const file = await open(temporary, 'wx');
        await file.writeFile(content);
        // The row that names the file is committed afterwards: it must never point to bytes lost in a power cut.
        await file.sync();
        await file.close();
        await rename(temporary, path);
      } finally {
        await rm(temporary, { force: true });
      }
      return sha256;
    },
    get: (sha256) => readFile(pathOf(sha256)),
  };
}
