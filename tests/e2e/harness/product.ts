import { type ChildProcess, spawn } from 'node:child_process';
import { existsSync } from 'node:fs';
import { fileURLToPath } from 'node:url';

/** Root of the project. */
export const ROOT = fileURLToPath(new URL('../../..', import.meta.url)).replace(/[\\/]$/, '');

const MAIN = fileURLToPath(new URL('../../../core/src/cli/main.ts', import.meta.url));

/** Password of the first administrator of every product that the tests start. */
export const ADMIN_PASSWORD = 'administrator-of-tests-1';

/** One run of a program, with everything that it printed. */
export interface Run {
  readonly child: ChildProcess;
  stdout(): string;
  stderr(): string;
  /** First match in the standard output. @throws when the program ends without it */
  until(pattern: RegExp): Promise<RegExpExecArray>;
  /** The exit code; null when a signal ended it. */
  readonly ended: Promise<number | null>;
}

const running = new Set<ChildProcess>();

/** Ends what a failed test left behind. Call it in `afterAll`. */
export function endRuns(): void {
  for (const child of running) child.kill('SIGKILL');
  running.clear();
}

/** Only what the test says is in the environment; the shell of the developer is not. */
function cleanEnvironment(given: Readonly<Record<string, string>>): Record<string, string> {
  const clean: Record<string, string> = { MORTISE_LOCALE: 'en', MORTISE_LOG: 'error', ...given };
  for (const name of ['PATH', 'HOME', 'TMPDIR', 'SystemRoot', 'MORTISE_CHROMIUM']) {
    const value = process.env[name];
    if (value !== undefined) clean[name] ??= value;
  }
  return clean;
}

/** Runs a script under this Node, in a process group of its own when it starts others. */
export function runScript(
  script: string,
  args: readonly string[],
  environment: Readonly<Record<string, string>>,
): Run {
  const child = spawn(process.execPath, [script, ...args], {
    env: cleanEnvironment(environment),
    stdio: ['ignore', 'pipe', 'pipe'],
  });
  running.add(child);
  const text = { stdout: '', stderr: '' };
  const listeners = new Set<() => void>();
  const tell = (): void => {
    for (const heard of listeners) heard();
  };
  for (const name of ['stdout', 'stderr'] as const) {
    child[name].setEncoding('utf8').on('data', (part: string) => {
      text[name] += part;
      tell();
    });
  }
  let isOver = false;
  const ended = new Promise<number | null>((resolve) => {
    child.once('close', (code) => {
      running.delete(child);
      isOver = true;
      resolve(code);
      tell();
    });
  });
  const until = (pattern: RegExp): Promise<RegExpExecArray> =>
    new Promise((resolve, reject) => {
      const look = (): void => {
        const found = pattern.exec(text.stdout);
        if (!found && !isOver) return;
        listeners.delete(look);
        if (found) resolve(found);
        else reject(new Error(`ended without ${String(pattern)}:\n${text.stdout}\n${text.stderr}`));
      };
      listeners.add(look);
      look();
    });
  return { child, stdout: () => text.stdout, stderr: () => text.stderr, until, ended };
}

/** Runs the command `mortise`, e.g. `runMortise(['start'], { PORT: '0' })`. */
export function runMortise(args: readonly string[], environment: Readonly<Record<string, string>>): Run {
  return runScript(MAIN, args, environment);
}

/** A serving product. */
export interface Product {
  /** `http://127.0.0.1:41234` */
  readonly address: string;
  readonly run: Run;
  /** Ends it as an operator does. @throws when it does not end cleanly */
  stop(): Promise<void>;
}

/** Starts the product as `mortise start` does, on a free port and the embedded database in `dataDir`. */
export async function startProduct(
  dataDir: string,
  environment: Readonly<Record<string, string>> = {},
): Promise<Product> {
  if (environment['MORTISE_UI'] !== 'off' && !existsSync(`${ROOT}/admin-ui/dist/index.html`))
    throw new Error('admin-ui/dist is missing: build the user interface with "npm run build:ui"');
  const run = runMortise(['start'], {
    PORT: '0',
    MORTISE_DATA_DIR: dataDir,
    MORTISE_ADMIN_PASSWORD: ADMIN_PASSWORD,
    ...environment,
  });
  const [, address = ''] = await run.until(/running at (http:\S+)/);
  return {
    address,
    run,
    async stop() {
      run.child.kill('SIGTERM');
      const code = await run.ended;
      if (code !== 0) throw new Error(`the product ended with ${code}:\n${run.stderr()}`);
    },
  };
}
