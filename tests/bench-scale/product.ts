import { spawn } from 'node:child_process';
import { mkdtempSync, readFileSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { createInterface } from 'node:readline';
import { connectServer } from '../bench/data/server.ts';
import { signIn, type Session } from '../bench/data/sign-in.ts';
import { ROOT } from '../bench/root.ts';

const PASSWORD = 'bench-scale-1';

/** The product as it is run, on a database of its own. */
export interface Product {
  readonly databaseUrl: string;
  /** @throws Error with the answer when it is not a success */
  call<T = Readonly<Record<string, unknown>>>(
    method: string,
    path: string,
    body?: unknown,
    headers?: Readonly<Record<string, string>>,
  ): Promise<T>;
  /** Resident memory after garbage had time to go, MB. */
  memory(): Promise<number>;
  /** Ends it and drops the database. */
  end(): Promise<void>;
}

/** Starts the product with the shipped model on a fresh database. */
export async function startProduct(): Promise<Product> {
  const server = await connectServer();
  const name = `mortise_scale_${process.pid}`;
  await server.client.query(
    `create database ${name} template template0 encoding 'UTF8' lc_collate 'C.UTF-8' lc_ctype 'C.UTF-8'`,
  );
  const data = mkdtempSync(join(tmpdir(), 'mortise-scale-'));
  const child = spawn(process.execPath, ['core/src/cli/main.ts', 'start'], {
    cwd: ROOT,
    stdio: ['ignore', 'pipe', 'inherit'],
    env: {
      ...process.env,
      PORT: '0',
      DATABASE_URL: server.urlOf(name),
      MORTISE_DATA_DIR: data,
      MORTISE_ADMIN_PASSWORD: PASSWORD,
      MORTISE_UI: 'off',
      MORTISE_LOG_LEVEL: 'error',
    },
  });
  process.once('exit', () => child.kill('SIGKILL'));
  const address = await new Promise<string>((resolve, reject) => {
    child.once('exit', (code) => reject(new Error(`the product ended with ${code}`)));
    createInterface({ input: child.stdout }).on('line', (line) => {
      const found = /http:\/\/[\d.]+:\d+/.exec(line);
      if (found) resolve(found[0]);
    });
  });
  const session: Session = await signIn(address, 'admin', PASSWORD);
  return {
    databaseUrl: server.urlOf(name),
    async call<T>(
      method: string,
      path: string,
      body?: unknown,
      headers: Readonly<Record<string, string>> = {},
    ): Promise<T> {
      const answer = await fetch(`${address}${path}`, {
        method,
        headers: { ...session.headers, 'Content-Type': 'application/json', ...headers },
        ...(body === undefined ? {} : { body: JSON.stringify(body) }),
      });
      const text = await answer.text();
      if (!answer.ok) throw new Error(`${method} ${path}: ${answer.status} ${text.slice(0, 500)}`);
      return JSON.parse(text || '{}') as T;
    },
    async memory() {
      await new Promise((resolve) => setTimeout(resolve, 2000));
      const status = readFileSync(`/proc/${child.pid}/status`, 'utf8');
      return Number(/VmRSS:\s+(\d+)/.exec(status)?.[1]) / 1024;
    },
    async end() {
      child.removeAllListeners('exit');
      const ended = new Promise((resolve) => child.once('exit', resolve));
      child.kill('SIGTERM');
      await ended;
      await server.client.query(`drop database if exists ${name} with (force)`);
      await server.client.end();
      rmSync(data, { recursive: true, force: true });
    },
  };
}
