import type { DataSize } from '../options.ts';
import { startProduct } from '../drive/programs.ts';
import { fingerprintOf } from './fingerprint.ts';
import { loadRows, type Staff } from './load-rows.ts';
import { ADMIN_PASSWORD, BENCH_USER, PASSWORD, signIn, type Session } from './sign-in.ts';
import { type Server, withClient } from './server.ts';

const PREFIX = 'mortise_bench_data';
const RUN = 'mortise_bench_run_';
/** Loaded databases that are kept of one size. */
const KEPT = 3;

/** A loaded database, kept between runs under its fingerprint. */
export interface Template {
  readonly name: string;
  /** Seconds it took to load; null when an earlier run's was found. */
  readonly loaded: number | null;
}

/** Finds the loaded database for the present documents and code, or loads one and drops old ones of this size. */
export async function findTemplate(
  server: Server,
  size: DataSize,
  say: (text: string) => void,
): Promise<Template> {
  const name = `${PREFIX}_${size.name}_${fingerprintOf(size)}`;
  if (await exists(server, name)) return { name, loaded: null };
  const from = performance.now();
  say(`Loading ${size.customers} customers and ${size.contacts} contacts (kept for later runs) …`);
  const draft = `${name}_${process.pid}`;
  await server.client.query(
    `create database ${draft} template template0 encoding 'UTF8' lc_collate 'C.UTF-8' lc_ctype 'C.UTF-8'`,
  );
  try {
    await fill(server.urlOf(draft), size);
    await server.client.query(`alter database ${draft} rename to ${name}`);
  } catch (error) {
    await server.client.query(`drop database if exists ${draft} with (force)`);
    // Another run may have loaded the same meanwhile.
    if (!(await exists(server, name))) throw error;
  }
  await dropOld(server, size);
  return { name, loaded: (performance.now() - from) / 1000 };
}

/** A copy to work on. */
export async function copyOf(server: Server, template: Template): Promise<{ url: string; name: string }> {
  await dropAbandoned(server);
  const name = `${RUN}${process.pid}`;
  // The other way writes every page to the log.
  const strategy = server.major >= 15 ? ' strategy file_copy' : '';
  await server.client.query(`drop database if exists ${name} with (force)`);
  await server.client.query(`create database ${name} template ${template.name}${strategy}`);
  // A worker process ends with its query, and its CPU could no longer be counted: both sides go without.
  await server.client.query(`alter database ${name} set max_parallel_workers_per_gather = 0`);
  return { name, url: server.urlOf(name) };
}

async function exists(server: Server, name: string): Promise<boolean> {
  const found = await server.client.query('select 1 from pg_database where datname = $1', [name]);
  return found.rows.length > 0;
}

async function fill(url: string, size: DataSize): Promise<void> {
  const product = await startProduct({ database: url, profile: null });
  let staff: Staff;
  try {
    staff = await hire(product.url);
  } finally {
    await product.stop();
  }
  await withClient(url, (client) => loadRows(client, size, staff));
}

/** Departments and people, made as an administrator makes them. */
async function hire(url: string): Promise<Staff> {
  const admin = await signIn(url, 'admin', ADMIN_PASSWORD);
  const units: string[] = [];
  const users: string[] = [];
  for (let unit = 0; unit < 5; unit += 1) {
    units.push(await post(url, admin, 'records/unit', { name: `Bench unit ${unit}` }));
    for (let person = 0; person < 10; person += 1) {
      const username = unit === 0 && person === 0 ? BENCH_USER : `bench${unit}${person}`;
      users.push(
        await post(url, admin, 'records/user', {
          username,
          display_name: username,
          roles: ['employee'],
          unit: units[unit],
        }),
      );
    }
  }
  // So that the department of who drives the bench is a tree, as departments are.
  await post(url, admin, 'records/unit', { name: 'Bench team', parent: units[0] });
  await post(url, admin, `users/${users[0]}/password`, { password: PASSWORD, must_change: false });
  return { units, users };
}

async function post(url: string, session: Session, path: string, data: unknown): Promise<string> {
  const answer = await fetch(`${url}/api/v1/${path}`, {
    method: 'POST',
    headers: { ...session.headers, 'Content-Type': 'application/json' },
    body: JSON.stringify(data),
  });
  const text = await answer.text();
  if (!answer.ok) throw new Error(`${path}: ${answer.status} ${text}`);
  return text === '' ? '' : String((JSON.parse(text) as { id?: string }).id);
}

async function dropOld(server: Server, size: DataSize): Promise<void> {
  const found = await server.client.query<{ datname: string }>(
    `select datname from pg_database d where datname ~ $1 and not exists (select from pg_stat_activity a where a.datname = d.datname)
      order by oid desc offset $2`,
    [`^${PREFIX}_${size.name}_[0-9a-f]{16}$`, KEPT],
  );
  for (const { datname } of found.rows) await server.client.query(`drop database if exists ${datname}`);
}

/** Copies of runs that were killed: their process is gone and nobody is connected. */
async function dropAbandoned(server: Server): Promise<void> {
  const found = await server.client.query<{ datname: string }>(
    `select datname from pg_database d where starts_with(datname, $1) and not exists (select from pg_stat_activity a where a.datname = d.datname)`,
    [RUN],
  );
  for (const { datname } of found.rows)
    if (!isAlive(Number(datname.slice(RUN.length))))
      await server.client.query(`drop database if exists ${datname}`);
}

function isAlive(pid: number): boolean {
  try {
    process.kill(pid, 0);
    return true;
  } catch {
    return false;
  }
}
