import { existsSync, readdirSync, readFileSync, renameSync, writeFileSync } from 'node:fs';
import { join, resolve } from 'node:path';
import { PGlite } from '@electric-sql/pglite';
import { pg_trgm } from '@electric-sql/pglite/contrib/pg_trgm';
import { problem } from '../errors/catalogue.ts';
import type { Database, Queryable, Row, Statement, Transaction } from './database.ts';
import { lockFolder, type FolderLock } from './folder-lock.ts';
import { committing } from './commit-points.ts';
import { PgliteSession } from './pglite-session.ts';
import { metered, type StatementMeter } from './statement-meter.ts';
import { OpenTransaction, outsideTransaction, refuseInsideTransaction } from './transaction-scope.ts';

export interface PgliteOptions {
  /** Data folder (`MORTISE_DATA_DIR`): holds the database in `pgdata`, the lock and the marker. Absent: in memory. */
  readonly dataDir?: string;
  /** A dump made by `dumpPglite`, loaded into a fresh database. */
  readonly loadDataDir?: Blob;
  /** Told of every statement. */
  readonly meter?: StatementMeter;
}

/** The embedded database, with the dump that tests and backups need. */
export interface PgliteDatabase extends Database {
  readonly engine: 'pglite';
  /** The whole database as an uncompressed archive. */
  dump(): Promise<Blob>;
}

/** The embedded database within the data folder. */
export const DATABASE_FOLDER = 'pgdata';
/** Written when a new database is complete; without it, the folder is a half-written one. */
export const MARKER = 'mortise.json';
/** What may stand in a data folder before its database was ever created. */
const BESIDE = new Set(['mortise.lock', 'files', 'logs', 'backups']);

function broken(path: string, reason: string): never {
  throw problem('MRT_STORE_BROKEN', { path, reason });
}

/** Looks at the folder before the engine does: the engine would fill up a half-written one without a word. */
function checkFolder(path: string): void {
  const marker = join(path, MARKER);
  const folder = join(path, DATABASE_FOLDER);
  if (!existsSync(marker)) {
    const foreign = readdirSync(path).filter((name) => !name.startsWith('.') && !BESIDE.has(name));
    if (foreign.length > 0) broken(path, `it is not empty (${foreign[0]}) and has no ${MARKER}`);
    return;
  }
  try {
    const value = JSON.parse(readFileSync(marker, 'utf8')) as { readonly format?: unknown } | null;
    if (value?.format !== 1) broken(path, `${MARKER} names the unknown format ${String(value?.format)}`);
  } catch (error) {
    if (error instanceof SyntaxError) broken(path, `${MARKER} is not JSON`);
    throw error;
  }
  for (const needed of ['PG_VERSION', 'base', 'global', 'pg_wal', join('global', 'pg_control')]) {
    if (!existsSync(join(folder, needed))) broken(path, `${DATABASE_FOLDER}/${needed} is missing`);
  }
  const version = readFileSync(join(folder, 'PG_VERSION'), 'utf8').trim();
  if (!/^\d+$/.test(version)) broken(path, `${DATABASE_FOLDER}/PG_VERSION is unreadable`);
}

async function start(path: string | null, options: PgliteOptions): Promise<PGlite> {
  const pglite = await PGlite.create({
    ...(path === null ? {} : { dataDir: join(path, DATABASE_FOLDER) }),
    ...(options.loadDataDir ? { loadDataDir: options.loadDataDir } : {}),
    extensions: { pg_trgm },
  });
  await pglite.exec(`set timezone = 'UTC'; set datestyle = 'ISO, YMD'`);
  return pglite;
}

/**
 * Opens the embedded PostgreSQL. One process, one connection: transactions run one after the other.
 * @throws MRT_STORE_LOCKED when another process has the folder open, MRT_STORE_BROKEN when the folder is not whole
 */
export async function openPglite(options: PgliteOptions = {}): Promise<PgliteDatabase> {
  const path = options.dataDir === undefined ? null : resolve(options.dataDir);
  let lock: FolderLock | null = null;
  let pglite: PGlite;
  if (path === null) {
    pglite = await start(null, options);
  } else {
    lock = lockFolder(path);
    try {
      checkFolder(path);
      pglite = await start(path, options).catch((error: unknown) =>
        broken(path, error instanceof Error ? error.message : String(error)),
      );
      completeFolder(path);
    } catch (error) {
      lock.release();
      throw error;
    }
  }
  return new EmbeddedDatabase(pglite, path ?? 'memory', lock, options.meter);
}

function completeFolder(path: string): void {
  const marker = join(path, MARKER);
  if (existsSync(marker)) return;
  const draft = join(path, `.${MARKER}`);
  writeFileSync(draft, `${JSON.stringify({ format: 1, created: new Date().toISOString() })}\n`);
  renameSync(draft, marker);
}

class EmbeddedDatabase implements PgliteDatabase {
  readonly engine = 'pglite';
  readonly address: string;
  readonly #pglite: PGlite;
  readonly #session: PgliteSession;
  readonly #lock: FolderLock | null;
  /** The end of the queue: there is one connection, and whoever has it must finish first. */
  #tail: Promise<unknown> = Promise.resolve();
  readonly #meter: StatementMeter | undefined;
  #waiting = 0;

  constructor(pglite: PGlite, address: string, lock: FolderLock | null, meter: StatementMeter | undefined) {
    this.#meter = meter;
    this.#pglite = pglite;
    this.#session = new PgliteSession(pglite);
    this.address = address;
    this.#lock = lock;
  }

  query<R extends Row = Row>(statement: Statement): Promise<R[]> {
    return this.#alone(async () => (await this.#run([statement], false))[0] as R[]);
  }

  /** Nothing bounds a statement of the embedded engine: it runs on our own thread. */
  async transaction<T>(run: (tx: Transaction) => Promise<T>): Promise<T> {
    const tx = new OpenTransaction({
      run: (statements, commit) => this.#run(statements, commit),
    });
    const value = await this.#alone(async () => {
      await this.#session.command('begin');
      try {
        const result = await tx.run(run);
        tx.close();
        if (!tx.committed) {
          committing.before();
          await this.#session.command('commit');
          committing.after();
        }
        return result;
      } catch (error) {
        tx.close();
        await this.#session.command('rollback');
        throw error;
      }
    });
    await tx.announce();
    return value;
  }

  #run(statements: readonly Statement[], commit: boolean): Promise<Row[][]> {
    return metered(this.#meter, statements, () => this.#session.run(statements, commit));
  }

  session<T>(run: (session: Queryable) => Promise<T>): Promise<T> {
    refuseInsideTransaction();
    return run(this);
  }

  async listen(channel: string, heard: (payload: string) => void): Promise<void> {
    // A notification may arrive while another transaction's statement runs.
    await this.#alone(() =>
      this.#pglite.listen(channel, (payload) => outsideTransaction(() => heard(payload))),
    );
  }

  load(): ReturnType<Database['load']> {
    // One connection: whoever has it works, the others wait.
    return { open: 1, idle: this.#waiting === 0 ? 1 : 0, waiting: Math.max(0, this.#waiting - 1) };
  }

  dump(): Promise<Blob> {
    return this.#alone(() => this.#pglite.dumpDataDir('none'));
  }

  async close(): Promise<void> {
    try {
      await this.#alone(async () => {
        if (!this.#pglite.closed) await this.#pglite.close();
      });
    } finally {
      this.#lock?.release();
    }
  }

  /** Runs `work` when everything asked before it is done. @throws MRT_STORE_OUTSIDE_TRANSACTION from inside a transaction, where it would wait for itself */
  async #alone<T>(work: () => Promise<T>): Promise<T> {
    refuseInsideTransaction();
    this.#waiting += 1;
    const result = this.#tail.then(work).finally(() => {
      this.#waiting -= 1;
    });
    this.#tail = result.then(
      () => undefined,
      () => undefined,
    );
    return await result;
  }
}
