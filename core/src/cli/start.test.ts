import { type ChildProcess, spawn } from 'node:child_process';
import { existsSync, mkdtempSync, rmSync } from 'node:fs';
import { createServer, type Server } from 'node:net';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { fileURLToPath } from 'node:url';
import { afterAll, describe, expect, it } from 'vitest';
import { createClient } from '../http/test-server.ts';

const MAIN = fileURLToPath(new URL('./main.ts', import.meta.url));
const folder = mkdtempSync(join(tmpdir(), 'mortise-start-'));
const running = new Set<ChildProcess>();
afterAll(() => {
  for (const child of running) child.kill('SIGKILL');
  rmSync(folder, { recursive: true, force: true });
});

interface Run {
  readonly child: ChildProcess;
  /** Everything printed so far, both streams. */
  output(): string;
  /** Resolves with the first match in the output; fails when the process ends without it. */
  until(pattern: RegExp): Promise<RegExpExecArray>;
  readonly ended: Promise<number | null>;
}

function mortise(args: readonly string[], environment: Record<string, string>): Run {
  const clean = {
    PATH: process.env['PATH'] ?? '',
    MORTISE_UI: 'off',
    MORTISE_LOG: 'warn',
    MORTISE_LOCALE: 'en',
    ...environment,
  };
  const child = spawn(process.execPath, [MAIN, ...args], {
    env: clean,
    cwd: folder,
    stdio: ['ignore', 'pipe', 'pipe'],
  });
  running.add(child);
  let text = '';
  const listeners = new Set<() => void>();
  for (const stream of [child.stdout, child.stderr]) {
    stream.setEncoding('utf8').on('data', (part: string) => {
      text += part;
      for (const heard of listeners) heard();
    });
  }
  const ended = new Promise<number | null>((resolve) => {
    child.once('close', (code) => {
      running.delete(child);
      resolve(code);
      for (const heard of listeners) heard();
    });
  });
  const until = (pattern: RegExp): Promise<RegExpExecArray> =>
    new Promise((resolve, reject) => {
      const look = (): void => {
        const found = pattern.exec(text);
        if (found) resolve(found);
        else if (child.exitCode !== null || child.signalCode !== null)
          reject(new Error(`ended without ${String(pattern)}:\n${text}`));
        else return;
        listeners.delete(look);
      };
      listeners.add(look);
      look();
    });
  return { child, output: () => text, until, ended };
}

async function occupy(): Promise<{ readonly server: Server; readonly port: number }> {
  const server = createServer();
  await new Promise<void>((resolve) => server.listen(0, '127.0.0.1', resolve));
  const address = server.address();
  return { server, port: typeof address === 'object' && address ? address.port : 0 };
}

describe('mortise start', () => {
  it('makes an administrator with a password printed once, locks its folder, stops cleanly and starts again', async () => {
    const dataDir = join(folder, 'data');
    const first = mortise(['start'], { PORT: '0', MORTISE_DATA_DIR: dataDir });
    const [, password = ''] = await first.until(/^ {2}password {2}(\S+)$/m);
    const [, address = ''] = await first.until(/running at (http:\S+)/);
    expect((await createClient(address).signIn('admin', password)).status).toBe(200);

    const second = mortise(['start'], { PORT: '0', MORTISE_DATA_DIR: dataDir });
    expect(await second.ended).toBe(1);
    expect(second.output()).toContain('MRT_STORE_LOCKED');
    expect(second.output()).not.toMatch(/\n\s+at /);

    first.child.kill('SIGTERM');
    expect(await first.ended).toBe(0);

    const third = mortise(['start'], { PORT: '0', MORTISE_DATA_DIR: dataDir });
    const [, again = ''] = await third.until(/running at (http:\S+)/);
    expect(third.output()).not.toMatch(/password/i);
    expect((await createClient(again).signIn('admin', password)).status).toBe(200);
    third.child.kill('SIGINT');
    expect(await third.ended).toBe(0);
  }, 120_000);

  it('says that the port is in use before it makes a database', async () => {
    const { server, port } = await occupy();
    const dataDir = join(folder, 'unused');
    const run = mortise(['start'], { PORT: String(port), MORTISE_DATA_DIR: dataDir });
    expect(await run.ended).toBe(1);
    expect(run.output()).toContain(`Port ${port} is in use`);
    expect(run.output()).not.toMatch(/\n\s+at /);
    expect(existsSync(dataDir)).toBe(false);
    server.close();
  }, 60_000);

  it.each([
    [
      'an unreachable database',
      { DATABASE_URL: 'postgres://nobody:secret@127.0.0.1:1/none' },
      'MRT_STORE_UNREACHABLE',
    ],
    ['a port that is none', { PORT: 'http' }, 'MRT_START_CONFIG'],
    ['another kind of database', { DATABASE_URL: 'mysql://u:secret@h/d' }, 'MRT_START_CONFIG'],
  ])(
    'names %s with its code, without a trace or a password',
    async (_case, environment, code) => {
      const run = mortise(['start'], { PORT: '0', ...environment });
      expect(await run.ended).toBe(1);
      expect(run.output()).toContain(code);
      expect(run.output()).not.toMatch(/secret|\n\s+at /);
    },
    60_000,
  );

  it('knows its commands', async () => {
    const unknown = mortise(['strat'], {});
    expect(await unknown.ended).toBe(2);
    expect(unknown.output()).toContain('unknown command: strat');
  }, 60_000);
});
