import { Pool, type ClientConfig, type CustomTypesConfig, type PoolClient } from 'pg';
import { problem } from '../errors/catalogue.ts';
import type { LocaleText } from '../text/locale.ts';
import { committing } from './commit-points.ts';
import type { Database, Queryable, Row, Statement, Transaction, TransactionOptions } from './database.ts';
import { Listener } from './listen-postgres.ts';
import { VALUE_PARSERS } from './parse-value.ts';
import { isSqlError } from './sql-error.ts';
import { metered, type StatementMeter } from './statement-meter.ts';
import { StatementWatch } from './statement-watch.ts';
import { OpenTransaction, outsideTransaction, refuseInsideTransaction } from './transaction-scope.ts';
import type { WireEnds } from './wire-message.ts';
import { type PreparedShapes, WireCommand, WireQuery } from './wire-query.ts';

export interface PostgresOptions {
  /** Most connections of the pool, default 20. */
  readonly max?: number;
  /** Told of every statement. */
  readonly meter?: StatementMeter;
}

/** A PostgreSQL server. */
export interface PostgresDatabase extends Database {
  readonly engine: 'postgresql';
  /** What an operator should know about the server, e.g. a locale under which Chinese search finds nothing. */
  readonly warnings: readonly LocaleText[];
}

const MOST_PREPARED = 1000;
/** A statement outside of any transaction. */
const ALONE: WireEnds = { begin: false, commit: false };
/** Waiting for a connection is bounded in time by the pool, and in number by this. */
const MOST_WAITING = 1000;
/** How long a statement may take, in milliseconds; `?statement_timeout=` of the address says otherwise. */
const STATEMENT_LIMIT = 30_000;
const PATIENT_LIMIT = 15 * 60_000;
/** The server ends a statement first; past this, it is the network that does not answer. */
const NETWORK_MARGIN = 3_000;
/** A transaction whose node stands still keeps its locks this long at most. */
const IDLE_LIMIT = 60_000;
const asText = (text: string): string => text;
const types = {
  getTypeParser: (oid: number) => VALUE_PARSERS.get(oid) ?? asText,
} as unknown as CustomTypesConfig;

/** The address without its password, for messages and logs. */
export function maskUrl(url: string): string {
  // Not by parsing: what is shown is often shown because it cannot be parsed.
  return url.replace(/^(\w+:\/\/[^:@/]*):.*@/, '$1:***@').replace(/([?&]password=)[^&]*/, '$1***');
}

/**
 * Connects to PostgreSQL and looks at its encoding and locale.
 * @throws MRT_STORE_UNREACHABLE when no connection can be made, MRT_STORE_BROKEN when the database is not UTF-8
 */
export async function openPostgres(url: string, options: PostgresOptions = {}): Promise<PostgresDatabase> {
  const config: ClientConfig = {
    connectionString: url,
    application_name: 'mortise',
    // Statements are small and many: compiling one to machine code takes longer than running it.
    options: '-c timezone=UTC -c datestyle=ISO,YMD -c jit=off',
    connectionTimeoutMillis: 10_000,
    statement_timeout: STATEMENT_LIMIT,
    idle_in_transaction_session_timeout: IDLE_LIMIT,
    keepAlive: true,
    keepAliveInitialDelayMillis: 10_000,
    types,
  };
  const address = maskUrl(url);
  let pool: Pool;
  try {
    pool = new Pool({ ...config, max: options.max ?? 20 });
  } catch (error) {
    throw unreachable(address, error);
  }
  // A connection that breaks is replaced by the pool, and its statement fails; without these listeners it would end
  // the process. The pool itself listens only while a connection lies idle.
  pool.on('error', () => {});
  pool.on('connect', (client) => client.on('error', () => {}));
  try {
    const warnings = await examine(pool, address);
    return new ServerDatabase(pool, config, address, warnings, statementLimit(url), options.meter);
  } catch (error) {
    await pool.end();
    throw isSqlError(error) || !(error instanceof Error && error.name === 'Problem')
      ? unreachable(address, error)
      : error;
  }
}

function statementLimit(url: string): number {
  const given = URL.canParse(url) ? Number(new URL(url).searchParams.get('statement_timeout')) : 0;
  return given > 0 ? given : STATEMENT_LIMIT;
}

function unreachable(address: string, error: unknown): Error {
  const causes = error instanceof AggregateError ? error.errors : [error];
  const reason = causes.map((cause) => (cause instanceof Error ? cause.message : String(cause))).join('; ');
  return problem('MRT_STORE_UNREACHABLE', { url: address, reason });
}

async function examine(pool: Pool, address: string): Promise<LocaleText[]> {
  const { rows } = await pool.query<{ encoding: string; ctype: string; version: string }>(
    `select pg_encoding_to_char(encoding) as encoding, datctype as ctype,
       current_setting('server_version_num') as version
     from pg_database where datname = current_database()`,
  );
  const found = rows[0];
  if (found?.encoding !== 'UTF8') {
    throw problem('MRT_STORE_BROKEN', {
      path: address,
      reason: `its encoding is ${found?.encoding ?? '?'}, not UTF8`,
    });
  }
  const warnings: LocaleText[] = [];
  if (found.ctype === 'C' || found.ctype === 'POSIX') {
    warnings.push({
      'zh-CN': `数据库的 LC_CTYPE 为 ${found.ctype},中文相似度查找无效。请用 C.UTF-8 或 zh_CN.UTF-8 新建数据库。`,
      en: `LC_CTYPE of the database is ${found.ctype}: similarity search finds no Chinese. Create it with C.UTF-8 or zh_CN.UTF-8.`,
    });
  }
  if (Number(found.version) < 140_000) {
    warnings.push({
      'zh-CN': `PostgreSQL ${found.version} 太旧,请使用 14 或更新版本。`,
      en: `PostgreSQL ${found.version} is too old; use 14 or newer.`,
    });
  }
  return warnings;
}

function command(client: PoolClient, text: string): Promise<void> {
  return client.query(new WireCommand(text)).done;
}

class ServerDatabase implements PostgresDatabase {
  readonly engine = 'postgresql';
  readonly address: string;
  readonly warnings: readonly LocaleText[];
  readonly #pool: Pool;
  readonly #listener: Listener;
  readonly #prepared = new WeakMap<PoolClient, PreparedShapes>();
  readonly #watch = new StatementWatch();
  readonly #limit: number;
  readonly #meter: StatementMeter | undefined;
  #ended: Promise<void> | null = null;

  constructor(
    pool: Pool,
    config: ClientConfig,
    address: string,
    warnings: readonly LocaleText[],
    limit: number,
    meter: StatementMeter | undefined,
  ) {
    this.#meter = meter;
    this.#pool = pool;
    this.#limit = limit;
    this.#listener = new Listener(config);
    this.address = address;
    this.warnings = warnings;
  }

  async query<R extends Row = Row>(statement: Statement): Promise<R[]> {
    refuseInsideTransaction();
    const client = await this.#connect();
    let dying = false;
    try {
      return (await this.#run(client, [statement], ALONE, this.#limit))[0] as R[];
    } catch (error) {
      dying = (error as { readonly severity?: unknown }).severity === 'FATAL';
      throw error;
    } finally {
      this.#release(client, dying);
    }
  }

  async transaction<T>(run: (tx: Transaction) => Promise<T>, options: TransactionOptions = {}): Promise<T> {
    refuseInsideTransaction();
    const client = await this.#connect();
    const limit = options.patient ? Math.max(PATIENT_LIMIT, this.#limit) : this.#limit;
    let begun = false;
    const tx = new OpenTransaction({
      run: (statements, commit) => {
        const begin = !begun;
        begun = true;
        return this.#run(client, statements, { begin, commit }, limit);
      },
    });
    let value: T;
    try {
      if (options.patient) await tx.query({ text: `set local statement_timeout = ${limit}` });
      value = await tx.run(run);
      tx.close();
      if (begun && !tx.committed) {
        committing.before();
        await this.#command(client, 'commit');
        committing.after();
      }
      this.#release(client);
    } catch (error) {
      tx.close();
      // A connection that cannot even roll back is thrown away.
      await this.#command(client, 'rollback').then(
        () => this.#release(client),
        (fatal: Error) => client.release(fatal),
      );
      throw error;
    }
    await tx.announce();
    return value;
  }

  async session<T>(run: (session: Queryable) => Promise<T>): Promise<T> {
    refuseInsideTransaction();
    const client = await this.#connect();
    const limit = Math.max(PATIENT_LIMIT, this.#limit);
    const say = (text: string): Promise<Row[][]> => this.#run(client, [{ text }], ALONE, limit);
    try {
      await say(`set statement_timeout = ${limit}`);
      const value = await run({
        query: async <R extends Row = Row>(statement: Statement) => {
          refuseInsideTransaction();
          return (await this.#run(client, [statement], ALONE, limit))[0] as R[];
        },
      });
      await say('reset statement_timeout');
      this.#release(client);
      return value;
    } catch (error) {
      // Whatever the session still holds goes with its connection.
      client.release(true);
      throw error;
    }
  }

  async #connect(): Promise<PoolClient> {
    if (this.#pool.waitingCount >= MOST_WAITING) throw new Error('timeout exceeded when trying to connect');
    return await this.#pool.connect();
  }

  /** @param limit milliseconds for each statement */
  #run(
    client: PoolClient,
    statements: readonly Statement[],
    ends: WireEnds,
    limit: number,
  ): Promise<Row[][]> {
    let prepared = this.#prepared.get(client);
    if (!prepared) this.#prepared.set(client, (prepared = new Map()));
    const shapes = prepared;
    return metered(this.#meter, statements, () =>
      this.#watch.over(
        client,
        limit * statements.length + NETWORK_MARGIN,
        client.query(new WireQuery(statements, shapes, ends)).rows,
      ),
    );
  }

  #command(client: PoolClient, text: string): Promise<void> {
    return this.#watch.over(client, this.#limit + NETWORK_MARGIN, command(client, text));
  }

  /**
   * Statements of past model versions stay prepared for ever: a connection that has too many is replaced. So is one
   * that the server is ending: its last words come before its end.
   */
  #release(client: PoolClient, dying = false): void {
    client.release(dying || (this.#prepared.get(client)?.size ?? 0) > MOST_PREPARED);
  }

  async listen(channel: string, heard: (payload: string) => void): Promise<void> {
    await this.#listener.listen(channel, (payload) => outsideTransaction(() => heard(payload)));
  }

  load(): ReturnType<Database['load']> {
    const { totalCount, idleCount, waitingCount } = this.#pool;
    return { open: totalCount, idle: idleCount, waiting: waitingCount };
  }

  async close(): Promise<void> {
    this.#ended ??= this.#listener.close().then(() => this.#pool.end());
    await this.#ended;
    this.#watch.close();
  }
}
