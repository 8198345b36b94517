import { type ChildProcess, spawn } from 'node:child_process';
import { setTimeout as sleep } from 'node:timers/promises';
import { fileURLToPath } from 'node:url';
import type { Order, Reply } from './orders.ts';

const MAIN = fileURLToPath(new URL('../../core/src/cli/main.ts', import.meta.url));
const INSIDE = new URL('inside.ts', import.meta.url).href;
export const PASSWORD = 'administrator-of-torture-1';
const START_LIMIT = 180_000;
const STOP_LIMIT = 30_000;
const KEPT_OUTPUT = 20_000;

const running = new Set<ChildProcess>();
process.once('exit', killAll);
for (const name of ['SIGINT', 'SIGTERM'] as const)
  process.once(name, () => {
    killAll();
    process.exit(130);
  });

/** Ends every server that is still there. */
export function killAll(): void {
  for (const child of running) child.kill('SIGKILL');
}

/** How a process ended. */
export interface Ending {
  readonly code: number | null;
  readonly signal: NodeJS.Signals | null;
}

/** A server under torture: the real program in a process of its own. */
export interface Server {
  readonly address: string;
  readonly pid: number;
  readonly ended: Promise<Ending>;
  /** Null while it runs. */
  ending(): Ending | null;
  /** The last of what it printed. */
  output(): string;
  order(order: Omit<Order, 'number'>): Promise<Reply>;
  signal(name: NodeJS.Signals): void;
  kill(): Promise<void>;
  /** As an operator stops it. @throws when it does not end cleanly in half a minute */
  stop(): Promise<void>;
}

/** Thrown when the process ended before it served. */
export class DiedAtStart extends Error {
  readonly ending: Ending;

  constructor(ending: Ending, output: string) {
    super(`the server ended (${ending.code ?? ending.signal}) before it served:\n${output}`);
    this.ending = ending;
  }
}

/** Starts `mortise start` on a free port. @throws DiedAtStart */
export async function startServer(environment: Readonly<Record<string, string>>): Promise<Server> {
  const { PATH = '', HOME = '', TMPDIR = '/tmp' } = process.env;
  const child = spawn(process.execPath, ['--expose-gc', '--import', INSIDE, MAIN, 'start'], {
    env: {
      PATH,
      HOME,
      TMPDIR,
      PORT: '0',
      MORTISE_UI: 'off',
      MORTISE_LOG_LEVEL: 'error',
      MORTISE_LOCALE: 'en',
      MORTISE_ADMIN_PASSWORD: PASSWORD,
      ...environment,
    },
    stdio: ['ignore', 'pipe', 'pipe', 'ipc'],
  });
  running.add(child);
  let output = '';
  let ending: Ending | null = null;
  const ended = new Promise<Ending>((resolve) => {
    child.once('exit', (code, signal) => {
      running.delete(child);
      resolve((ending = { code, signal }));
    });
  });
  const address = await new Promise<string>((resolve, reject) => {
    const limit = setTimeout(() => {
      child.kill('SIGKILL');
      reject(new Error(`the server did not serve within ${START_LIMIT / 1000} s:\n${output}`));
    }, START_LIMIT);
    const hear = (part: Buffer): void => {
      output = (output + part.toString('utf8')).slice(-KEPT_OUTPUT);
      const found = /running at (http:\S+)/.exec(output)?.[1];
      if (!found) return;
      clearTimeout(limit);
      resolve(found);
    };
    child.stdout?.on('data', hear);
    child.stderr?.on('data', hear);
    void ended.then((how) => {
      clearTimeout(limit);
      reject(new DiedAtStart(how, output));
    });
  });
  const waiting = new Map<number, (reply: Reply) => void>();
  let orders = 0;
  child.on('message', (reply: Reply) => waiting.get(reply.number)?.(reply));
  return {
    address,
    pid: child.pid ?? 0,
    ended,
    ending: () => ending,
    output: () => output,
    order(order) {
      const number = (orders += 1);
      return new Promise((resolve, reject) => {
        waiting.set(number, (reply) => {
          waiting.delete(number);
          resolve(reply);
        });
        void ended.then(() => reject(new Error('the server is gone')));
        child.send({ ...order, number } satisfies Order);
      });
    },
    signal: (name) => void child.kill(name),
    async kill() {
      child.kill('SIGKILL');
      await ended;
    },
    async stop() {
      child.kill('SIGCONT');
      child.kill('SIGTERM');
      const how = await Promise.race([ended, sleep(STOP_LIMIT, null, { ref: false })]);
      if (how?.code === 0) return;
      child.kill('SIGKILL');
      throw new Error(
        `the server did not stop cleanly (${how ? `code ${how.code}, ${how.signal}` : 'too slow'}):\n${output}`,
      );
    },
  };
}
