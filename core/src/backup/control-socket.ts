import { chmod, rename, rm } from 'node:fs/promises';
import { createWriteStream } from 'node:fs';
import { createServer, request, type IncomingMessage, type ServerResponse } from 'node:http';
import { join } from 'node:path';
import { pipeline } from 'node:stream/promises';
import { problem } from '../errors/catalogue.ts';
import { Problem } from '../errors/problem.ts';
import type { Backups } from './backups.ts';

/** A longer path cannot be bound (`sun_path`). */
const LONGEST_PATH = 100;

const socketOf = (dataDir: string): string => join(dataDir, 'mortise.sock');

/** The open control socket of a data folder. */
export interface ControlSocket {
  close(): Promise<void>;
}

/**
 * Listens in the data folder of the embedded database, which only this process can read, for commands of its own
 * operator. Whoever may open the socket may also read the folder: the file's mode (owner only) is the guard.
 * @returns null where the system has no such sockets, or the path is too long for one
 */
export async function openControlSocket(dataDir: string, backups: Backups): Promise<ControlSocket | null> {
  const path = socketOf(dataDir);
  if (process.platform === 'win32' || path.length > LONGEST_PATH) return null;
  // Left by a process that was killed: the folder's lock is ours.
  await rm(path, { force: true });
  const server = createServer((asked, answer) => {
    answerBackup(asked, answer, backups).catch((error: unknown) => answer.destroy(error as Error));
  });
  server.requestTimeout = 0;
  const umask = process.umask(0o177);
  try {
    await new Promise<void>((resolve, reject) => {
      server.once('error', reject);
      server.listen(path, resolve);
    });
  } finally {
    process.umask(umask);
  }
  await chmod(path, 0o600);
  return {
    close: () =>
      new Promise((resolve) => {
        server.close(() => resolve());
        server.closeAllConnections();
      }),
  };
}

async function answerBackup(asked: IncomingMessage, answer: ServerResponse, backups: Backups): Promise<void> {
  if (asked.method !== 'POST' || asked.url !== '/backup') {
    answer.writeHead(404).end();
    return;
  }
  let name: string;
  try {
    ({ name } = await (await backups.make()).done);
  } catch (error) {
    if (!(error instanceof Problem)) throw error;
    answer.writeHead(error.status, { 'Content-Type': 'application/json' });
    answer.end(JSON.stringify({ code: error.code, text: error.text }));
    return;
  }
  try {
    const { view, content } = await backups.open(name);
    answer.writeHead(200, { 'Content-Length': view.bytes });
    await pipeline(content, answer);
  } finally {
    // The operator has his copy where he wants it.
    await backups.remove(name);
  }
}

/**
 * Asks the process that has the data folder open for an archive and writes it to `path`.
 * @param locked thrown when no such process answers
 * @throws MRT_BACKUP_RUNNING, MRT_BACKUP_FAILED, `locked`
 */
export async function askForBackup(dataDir: string, path: string, locked: Problem): Promise<void> {
  const answer = await new Promise<IncomingMessage>((resolve, reject) => {
    const asked = request({ socketPath: socketOf(dataDir), path: '/backup', method: 'POST' });
    asked.once('response', resolve);
    asked.once('error', reject);
    asked.end();
  }).catch((error: NodeJS.ErrnoException) => {
    throw ['ENOENT', 'ECONNREFUSED', 'EACCES', 'EINVAL'].includes(error.code ?? '')
      ? locked
      : problem('MRT_BACKUP_FAILED', { path, reason: error.message });
  });
  if (answer.statusCode !== 200) {
    const parts: Buffer[] = [];
    for await (const part of answer) parts.push(part as Buffer);
    const { code, text } = JSON.parse(Buffer.concat(parts).toString('utf8')) as Pick<
      Problem,
      'code' | 'text'
    >;
    throw new Problem(code, answer.statusCode ?? 503, text);
  }
  const draft = `${path}.partial`;
  try {
    await pipeline(answer, createWriteStream(draft, { flags: 'wx', mode: 0o600, flush: true }));
    await rename(draft, path);
  } catch (error) {
    await rm(draft, { force: true });
    throw problem('MRT_BACKUP_FAILED', { path, reason: (error as Error).message });
  }
}
