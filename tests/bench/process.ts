import { type ChildProcess, spawn } from 'node:child_process';
import { readdirSync, readFileSync } from 'node:fs';

/** A server under measurement. */
export interface Measured {
  readonly process: ChildProcess;
  readonly url: string;
  /** CPU seconds (user and system) this process has used so far; null where the system does not tell. */
  cpu(): number | null;
  stop(): Promise<void>;
}

/**
 * Starts a program and waits for the line that names its address (`ready <port>`, or an http address).
 * @param environment added to this process's own
 */
export async function startServer(
  file: string,
  args: readonly string[],
  environment: Record<string, string>,
): Promise<Measured> {
  const child = spawn(process.execPath, [file, ...args], {
    env: { ...process.env, ...environment },
    stdio: ['ignore', 'pipe', 'pipe'],
  });
  let said = '';
  const port = await new Promise<string>((resolve, reject) => {
    const hear = (chunk: Buffer): void => {
      said += chunk.toString('utf8');
      const found = /(?:ready |https?:\/\/[^\s:]+:)(\d+)/.exec(said)?.[1];
      if (found) resolve(found);
    };
    child.stdout.on('data', hear);
    child.stderr.on('data', hear);
    child.once('exit', (code) => reject(new Error(`${file} stopped (${code}): ${said}`)));
  });
  return {
    process: child,
    url: `http://127.0.0.1:${port}`,
    cpu: () => cpuOf(child.pid ?? 0),
    stop: () =>
      new Promise((resolve) => {
        child.once('exit', () => resolve());
        child.kill('SIGTERM');
      }),
  };
}

function cpuOf(pid: number): number | null {
  return nanosecondsOf(pid) ?? ticksOf(pid);
}

/** The scheduler's own count over all threads: a tick of 1/100 s would be a tenth of a short round. */
function nanosecondsOf(pid: number): number | null {
  try {
    const threads = readdirSync(`/proc/${pid}/task`);
    const times = threads.map((thread) =>
      Number(readFileSync(`/proc/${pid}/task/${thread}/schedstat`, 'utf8').split(' ')[0]),
    );
    const sum = times.reduce((a, b) => a + b, 0);
    return sum > 0 ? sum / 1e9 : null;
  } catch {
    return null;
  }
}

function ticksOf(pid: number): number | null {
  try {
    const fields = readFileSync(`/proc/${pid}/stat`, 'utf8').split(') ')[1]?.split(' ') ?? [];
    // Fields 14 and 15 of proc(5), counted in clock ticks of 1/100 s on every Linux.
    return (Number(fields[11]) + Number(fields[12])) / 100;
  } catch {
    return null;
  }
}
