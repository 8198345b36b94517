import { spawn, type ChildProcess } from 'node:child_process';
import { once } from 'node:events';
import {
  existsSync,
  mkdirSync,
  mkdtempSync,
  readFileSync,
  rmSync,
  truncateSync,
  writeFileSync,
} from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { fileURLToPath } from 'node:url';
import { afterEach, beforeEach, describe, expect, it } from 'vitest';
import { openPglite } from './open-pglite.ts';

const HOLDER = fileURLToPath(new URL('../testing/hold-database.ts', import.meta.url));

let folder: string;
const children: ChildProcess[] = [];

beforeEach(() => {
  folder = mkdtempSync(join(tmpdir(), 'mortise-folder-'));
});
afterEach(() => {
  for (const child of children.splice(0)) child.kill('SIGKILL');
  rmSync(folder, { recursive: true, force: true });
});

/** Opens the folder in a process of its own and answers when it is open. */
async function holdElsewhere(): Promise<ChildProcess> {
  const child = spawn(process.execPath, [HOLDER, folder], { stdio: ['ignore', 'pipe', 'inherit'] });
  children.push(child);
  await once(child.stdout!, 'data');
  return child;
}

async function create(): Promise<void> {
  const db = await openPglite({ dataDir: folder });
  await db.query({ text: 'create table kept (n int)' });
  await db.query({ text: 'insert into kept values (1)' });
  await db.close();
}

describe('the data folder', { timeout: 120_000 }, () => {
  it('keeps what was written over a close and reopen, and lets go of its lock', async () => {
    await create();
    expect(existsSync(join(folder, 'mortise.lock'))).toBe(false);
    const db = await openPglite({ dataDir: folder });
    expect(await db.query({ text: 'select n from kept' })).toEqual([{ n: 1 }]);
    expect(readFileSync(join(folder, 'mortise.lock'), 'utf8')).toContain(`"pid":${process.pid}`);
    await expect(openPglite({ dataDir: folder })).rejects.toMatchObject({ code: 'MRT_STORE_LOCKED' });
    await db.close();
  });

  it('is refused to a second process, and taken over with its data when the first one has died', async () => {
    const child = await holdElsewhere();
    await expect(openPglite({ dataDir: folder })).rejects.toMatchObject({
      code: 'MRT_STORE_LOCKED',
      text: { en: expect.stringContaining(`process ${child.pid}`) },
    });
    child.kill('SIGKILL');
    await once(child, 'exit');
    const db = await openPglite({ dataDir: folder });
    expect(await db.query({ text: 'select n from kept' })).toEqual([{ n: 1 }]);
    await db.close();
  });

  it('is taken over when the lock’s process number belongs to another process by now', async () => {
    await create();
    writeFileSync(
      join(folder, 'mortise.lock'),
      JSON.stringify({ pid: process.ppid, started: 'another boot/1' }),
    );
    const db = await openPglite({ dataDir: folder });
    expect(await db.query({ text: 'select n from kept' })).toEqual([{ n: 1 }]);
    await db.close();
    writeFileSync(join(folder, 'mortise.lock'), '');
    const again = await openPglite({ dataDir: folder });
    expect(await again.query({ text: 'select n from kept' })).toEqual([{ n: 1 }]);
    await again.close();
  });

  it.each<[string, (folder: string) => void, string]>([
    ['a folder with something else in it', (at) => writeFileSync(join(at, 'letter.txt'), 'x'), 'letter.txt'],
    [
      'a creation that was interrupted',
      (at) => mkdirSync(join(at, 'pgdata', 'base'), { recursive: true }),
      'pgdata',
    ],
    [
      'a marker without a database',
      (at) => writeFileSync(join(at, 'mortise.json'), '{"format":1}'),
      'PG_VERSION is missing',
    ],
    ['a marker that is no JSON', (at) => writeFileSync(join(at, 'mortise.json'), '{'), 'not JSON'],
    [
      'a folder of a newer format',
      (at) => writeFileSync(join(at, 'mortise.json'), '{"format":9}'),
      'format 9',
    ],
  ])('refuses %s, says why, and touches nothing', async (_name, spoil, reason) => {
    spoil(folder);
    await expect(openPglite({ dataDir: folder })).rejects.toMatchObject({
      code: 'MRT_STORE_BROKEN',
      text: { en: expect.stringContaining(reason) },
    });
    expect(existsSync(join(folder, 'mortise.lock'))).toBe(false);
  });

  it('refuses a database whose files are gone or damaged', async () => {
    await create();
    const control = join(folder, 'pgdata', 'global', 'pg_control');
    truncateSync(control, 10);
    await expect(openPglite({ dataDir: folder })).rejects.toMatchObject({ code: 'MRT_STORE_BROKEN' });
    rmSync(control);
    await expect(openPglite({ dataDir: folder })).rejects.toMatchObject({
      code: 'MRT_STORE_BROKEN',
      text: { en: expect.stringContaining('pg_control is missing') },
    });
  });
});
