import { spawn } from 'node:child_process';
import { join } from 'node:path';
import { ADMIN_PASSWORD } from '../data/sign-in.ts';
import type { FloorName } from '../case.ts';
import { ROOT } from '../root.ts';

/** A server under measurement. */
export interface Program {
  readonly pid: number;
  readonly url: string;
  /** Name under which its database connections are known. */
  readonly application: string;
  /** Asks it to end, and waits until it has. */
  stop(): Promise<void>;
}

/** What a program is started with. */
export interface ProgramOptions {
  /** Address of its database. */
  readonly database: string;
  /** Folder for a CPU profile (`node --cpu-prof`); null is none. */
  readonly profile: string | null;
}

/** The product as shipped. */
export function startProduct(options: ProgramOptions): Promise<Program> {
  return start('mortise', ['core/src/cli/main.ts', 'start'], options);
}

/** One of the floors. */
export function startFloor(floor: FloorName, options: ProgramOptions): Promise<Program> {
  return start(`bench-${floor}`, ['tests/bench/floor/server.ts', floor], options);
}

async function start(
  application: string,
  [file = '', ...args]: readonly string[],
  { database, profile }: ProgramOptions,
): Promise<Program> {
  const prof =
    profile === null
      ? []
      : [
          '--cpu-prof',
          `--cpu-prof-dir=${profile}`,
          `--cpu-prof-name=${application}-${process.pid}.cpuprofile`,
        ];
  const child = spawn(process.execPath, [...prof, join(ROOT, file), ...args], {
    cwd: ROOT,
    env: {
      ...process.env,
      DATABASE_URL: database,
      PORT: '0',
      HOST: '127.0.0.1',
      MORTISE_DEMO: '',
      MORTISE_ADMIN_PASSWORD: ADMIN_PASSWORD,
      MORTISE_LOG: 'silent',
      NODE_ENV: 'production',
    },
    stdio: ['ignore', 'pipe', 'pipe'],
  });
  let said = '';
  const port = await new Promise<string>((resolve, reject) => {
    const hear = (chunk: Buffer): void => {
      if (said.length < 10_000) said += chunk.toString('utf8');
      const found = /(?:ready |https?:\/\/[^\s:]+:)(\d+)/.exec(said)?.[1];
      if (found) resolve(found);
    };
    child.stdout.on('data', hear);
    child.stderr.on('data', hear);
    child.once('error', reject);
    child.once('exit', (code) => reject(new Error(`${file} ended (${code}): ${said}`)));
  });
  // A bench that is ended early leaves no server behind.
  const end = (): void => void child.kill('SIGKILL');
  process.once('exit', end);
  return {
    pid: child.pid ?? 0,
    url: `http://127.0.0.1:${port}`,
    application,
    stop: () =>
      new Promise((resolve) => {
        process.off('exit', end);
        child.once('exit', () => resolve());
        child.kill('SIGTERM');
      }),
  };
}
