import { Client } from 'pg';

/** The PostgreSQL server that the bench uses, with a connection of its own to the maintenance database. */
export interface Server {
  readonly client: Client;
  /** Major version, e.g. 15. */
  readonly major: number;
  /** Text of `version()`. */
  readonly version: string;
  /** Address of another database of the server. */
  urlOf(database: string): string;
}

/** @throws Error that says what is needed when no server answers */
export async function connectServer(): Promise<Server> {
  const given = process.env['DATABASE_URL'];
  const address = given ?? 'postgres://postgres@127.0.0.1:5432/postgres';
  const client = new Client({ connectionString: address, application_name: 'bench' });
  try {
    await client.connect();
  } catch (error) {
    const causes = error instanceof AggregateError ? error.errors : [error];
    throw new Error(
      `The bench needs PostgreSQL: set DATABASE_URL${given ? '' : ', or start a server at 127.0.0.1:5432'} (${causes.map((cause) => (cause as Error).message).join('; ')}).`,
      { cause: error },
    );
  }
  const found = await client.query<{ number: string; version: string }>(
    `select current_setting('server_version_num') as number, version()`,
  );
  const row = found.rows[0]!;
  return {
    client,
    major: Math.floor(Number(row.number) / 10_000),
    version: row.version.split(' on ')[0] ?? row.version,
    urlOf(database) {
      const url = new URL(address);
      url.pathname = `/${database}`;
      return url.href;
    },
  };
}

/** Runs `work` over one connection to a database. */
export async function withClient<T>(url: string, work: (client: Client) => Promise<T>): Promise<T> {
  const client = new Client({ connectionString: url, application_name: 'bench' });
  await client.connect();
  try {
    return await work(client);
  } finally {
    await client.end();
  }
}
