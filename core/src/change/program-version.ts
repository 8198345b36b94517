import semver from 'semver';
import { problem } from '../errors/catalogue.ts';
import type { Database, Queryable } from '../store/database.ts';

const NOTE = 'program';
const NOTE_LOCK = 'select pg_advisory_xact_lock(73016, 4)';

/**
 * Refuses a program that is older than the newest one that has run on the database: it would take back what the newer
 * one has made of the model.
 * @param program version of this program
 * @throws MRT_STORE_NEWER
 */
export async function refuseOlderProgram(db: Database, program: string): Promise<void> {
  await storedProgram(db, db.address, program);
}

/**
 * Notes the program that has brought the database up to date. Done after that, so that a new version which fails at
 * it does not lock the old one out.
 * @throws MRT_STORE_NEWER when a newer one has been noted meanwhile
 */
export async function noteProgram(db: Database, program: string): Promise<void> {
  await db.transaction(async (tx) => {
    await tx.query({ text: NOTE_LOCK });
    if ((await storedProgram(tx, db.address, program)) === program) return;
    await tx.query({
      text: `insert into mortise.installation (key, value) values ($1, $2::json)
        on conflict (key) do update set value = excluded.value`,
      values: [NOTE, JSON.stringify({ version: program })],
    });
  });
}

async function storedProgram(db: Queryable, address: string, program: string): Promise<string | null> {
  const [note] = await db.query<{ value: { version: string } }>({
    text: 'select value from mortise.installation where key = $1',
    values: [NOTE],
  });
  const newest = note?.value.version ?? null;
  if (newest !== null && semver.gt(newest, program))
    throw problem('MRT_STORE_NEWER', { path: address, newest, program });
  return newest;
}
