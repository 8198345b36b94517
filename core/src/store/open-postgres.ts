import { Pool, type ClientConfig, type CustomTypesConfig, type PoolClient } from 'pg';
import { problem } from '../errors/catalogue.ts';
import type { LocaleText } from '../text/locale.ts';
import type { Database, Row, Statement, Transaction } from './database.ts';
import { Listener } from './listen-postgres.ts';
import { VALUE_PARSERS } from './parse-value.ts';
import { isSqlError } from './sql-error.ts';
import { OpenTransaction, outsideTransaction, refuseInsideTransaction } from './transaction-scope.ts';
import { type PreparedShapes, WireCommand, WireQuery } from './wire-query.ts';

export interface PostgresOptions {
  /** Most connections of the pool, default 20. */
  readonly max?: number;
}

/** A PostgreSQL server. */
export interface PostgresDatabase extends Database {
  readonly engine: 'postgresql';
  /** What an operator should know about the server, e.g. a locale under which Chinese search finds nothing. */
  readonly warnings: readonly LocaleText[];
}

const MOST_PREPARED = 1000;
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
    options: '-c timezone=UTC -c datestyle=ISO,YMD',
    connectionTimeoutMillis: 10_000,
    types,
  };
  const address = maskUrl(url);
  let pool: Pool;
  try {
    pool = new Pool({ ...config, max: options.max ?? 20 });
  } catch (error) {
    throw unreachable(address, error);
  }
  // An idle connection that breaks is replaced by the pool; without a listener it would end the process.
  pool.on('error', () => {});
  try {
    const warnings = await examine(pool, address);
    return new ServerDatabase(pool, config, address, warnings);
  } catch (error) {
    await pool.end();
    throw isSqlError(error) || !(error instanceof Error && error.name === 'Problem')
      ? unreachable(address, error)
      : error;
  }
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
  #ended: Promise<void> | null = null;

  constructor(pool: Pool, config: ClientConfig, address: string, warnings: readonly LocaleText[]) {
    this.#pool = pool;
    this.#listener = new Listener(config);
    this.address = address;
    this.warnings = warnings;
  }

  async query<R extends Row = Row>(statement: Statement): Promise<R[]> {
    refuseInsideTransaction();
    const client = await this.#pool.connect();
    try {
      return await this.#run<R>(client, statement, false);
    } finally {
      this.#release(client);
    }
  }

  async transaction<T>(run: (tx: Transaction) => Promise<T>): Promise<T> {
    refuseInsideTransaction();
    const client = await this.#pool.connect();
    let begun = false;
    const tx = new OpenTransaction(<R extends Row>(statement: Statement) => {
      const begin = !begun;
      begun = true;
      return this.#run<R>(client, statement, begin);
    });
    let value: T;
    try {
      value = await tx.run(run);
      tx.close();
      if (begun) await command(client, 'commit');
      this.#release(client);
    } catch (error) {
      tx.close();
      // A connection that cannot even roll back is thrown away.
      await command(client, 'rollback').then(
        () => this.#release(client),
        (fatal: Error) => client.release(fatal),
      );
      throw error;
    }
    await tx.announce();
    return value;
  }

  /** @param begin opens a transaction with it */
  #run<R extends Row>(client: PoolClient, statement: Statement, begin: boolean): Promise<R[]> {
    let prepared = this.#prepared.get(client);
    if (!prepared) this.#prepared.set(client, (prepared = new Map()));
    return client.query(new WireQuery<R>(statement, prepared, begin)).rows;
  }

  /** Statements of past model versions stay prepared for ever: a connection that has too many is replaced. */
  #release(client: PoolClient): void {
    client.release((this.#prepared.get(client)?.size ?? 0) > MOST_PREPARED);
  }

  async listen(channel: string, heard: (payload: string) => void): Promise<void> {
    await this.#listener.listen(channel, (payload) => outsideTransaction(() => heard(payload)));
  }

  async close(): Promise<void> {
    this.#ended ??= this.#listener.close().then(() => this.#pool.end());
    await this.#ended;
  }
}
