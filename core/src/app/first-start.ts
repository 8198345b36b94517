import type { Actor } from '../context/context.ts';
import type { Model } from '../model/model.ts';
import type { Records } from '../records/records.ts';
import { hashPassword } from '../session/password-hash.ts';
import { generatePassword } from '../session/password-policy.ts';
import { sessionSql } from '../session/session-sql.ts';
import type { Database, Queryable, Row, Transaction } from '../store/database.ts';
import { failpoint } from '../store/failpoint.ts';
import { uuid7 } from '../store/uuid7.ts';
import type { FirstStart } from './application.ts';
import { systemContext } from './create-context.ts';

/** Name and role of the first administrator. */
const ADMINISTRATOR = 'admin';
const ROLE = 'administrator';
const NOTE = 'administrator';
/** Two nodes may start first at once: the second one waits, and finds what the first one made. */
const FIRST_START_LOCK = 'select pg_advisory_xact_lock(73016, 3)';

const administratorMade = failpoint('start.administrator-made');

export interface FirstStartServices {
  readonly db: Database;
  readonly records: Records;
  readonly model: Model;
  readonly password: string | null;
}

/** The administrator in whose name the platform itself acts, made on the first start. */
export interface Administrator {
  readonly actor: Actor;
  readonly firstStart: FirstStart | null;
}

/**
 * Finds the first administrator, or makes him with the top department: user, department, password and the note that
 * they are made, all in one transaction.
 */
export async function ensureAdministrator(services: FirstStartServices): Promise<Administrator> {
  const found = await findAdministrator(services.db, services.model);
  if (found) return { actor: found, firstStart: null };
  const generated = services.password === null ? generatePassword() : null;
  const hash = await hashPassword(services.password ?? generated ?? '');
  return await services.db.transaction(async (tx) => {
    await tx.query({ text: FIRST_START_LOCK });
    const other = await findAdministrator(tx, services.model);
    if (other) return { actor: other, firstStart: null };
    const actor = await makeAdministrator(services, tx, hash);
    administratorMade();
    return { actor, firstStart: { username: ADMINISTRATOR, generatedPassword: generated } };
  });
}

interface UserRow extends Row {
  readonly id: string;
  readonly username: string;
  readonly display_name: string | null;
  readonly unit: string | null;
  readonly roles: readonly string[] | null;
}

async function findAdministrator(db: Queryable, model: Model): Promise<Actor | null> {
  const [note] = await db.query<{ value: { id: string } }>({
    text: 'select value from mortise.installation where key = $1',
    values: [NOTE],
  });
  if (!note) return null;
  const [user] = await db.query<UserRow>(sessionSql(model).userById(note.value.id));
  if (!user) throw new Error(`the first administrator ${note.value.id} is gone from the table of users`);
  return {
    id: user.id,
    username: user.username,
    displayName: user.display_name ?? user.username,
    unit: user.unit,
    roles: user.roles ?? [],
  };
}

async function makeAdministrator(
  { records, model }: FirstStartServices,
  tx: Transaction,
  hash: string,
): Promise<Actor> {
  const name = model.settings.locale === 'en' ? 'Administrator' : '系统管理员';
  const unitName = model.settings.locale === 'en' ? 'Head office' : '总公司';
  // He is his own creator and owner: there is nobody before him.
  const actor: Actor = { id: uuid7(), username: ADMINISTRATOR, displayName: name, unit: null, roles: [ROLE] };
  const context = systemContext(model, actor, 'api');
  const input = {
    id: actor.id,
    username: ADMINISTRATOR,
    display_name: name,
    roles: [ROLE],
    owner: null,
    unit: null,
  };
  const user = await records.create(context, 'user', input, {}, tx);
  const unit = await records.create(context, 'unit', { name: unitName, code: 'HQ' }, {}, tx);
  const place = { owner: actor.id, unit: unit['id'] };
  await records.update(context, 'user', actor.id, Number(user['version']), place, {}, tx);
  await records.update(context, 'unit', String(unit['id']), Number(unit['version']), place, {}, tx);
  await tx.query({
    text: 'insert into mortise.credential (user_id, hash) values ($1, $2)',
    values: [actor.id, hash],
  });
  await tx.query({
    text: 'insert into mortise.installation (key, value) values ($1, $2::json)',
    values: [NOTE, JSON.stringify({ id: actor.id })],
  });
  return { ...actor, unit: String(unit['id']) };
}
