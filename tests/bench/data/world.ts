import { withClient } from './server.ts';
import { ADMIN_PASSWORD, BENCH_USER, PASSWORD, signIn, type Session } from './sign-in.ts';

/** What the cases need to know of the loaded data. */
export interface World {
  readonly employee: Session;
  readonly admin: Session;
  /** Customers that the employee may read, each with contacts. */
  readonly readable: readonly string[];
  /** Customers that the employee owns; each target of the bench updates its own part of them. */
  readonly own: readonly string[];
  /** Version of each owned customer as last heard. */
  readonly versions: Map<string, number>;
}

/** Signs both people in and looks up which rows they work on. */
export async function enterWorld(url: string, database: string): Promise<World> {
  const employee = await signIn(url, BENCH_USER, PASSWORD);
  const admin = await signIn(url, 'admin', ADMIN_PASSWORD);
  return await withClient(database, async (client) => {
    const user = `(select id from "user" where username = '${BENCH_USER}')`;
    const ids = async (text: string): Promise<{ id: string; version: number }[]> =>
      (await client.query<{ id: string; version: number }>(text)).rows;
    const readable = await ids(
      `select id, version from customer where unit = (select unit from "user" where id = ${user}) order by md5(id::text) limit 1000`,
    );
    const own = await ids(
      `select id, version from customer where owner = ${user} order by md5(id::text) limit 3000`,
    );
    if (readable.length < 100 || own.length < 60)
      throw new Error(
        `the data set is not what the bench expects: ${readable.length} readable, ${own.length} owned`,
      );
    return {
      employee,
      admin,
      readable: readable.map(({ id }) => id),
      own: own.map(({ id }) => id),
      versions: new Map(own.map(({ id, version }) => [id, version])),
    };
  });
}
