import { createHash, randomBytes } from 'node:crypto';
import type { ModelHolder } from '../change/holder.ts';
import { problem } from '../errors/catalogue.ts';
import type { PersonalSettings } from '../http/contract.ts';
import type { Database, Queryable, Row } from '../store/database.ts';
import { LOCK_MINUTES, MAX_FAILURES, refuseWhileLocked, UnknownNames } from './failure-counter.ts';
import { hashPassword, isOutdated, NOBODY, verifyPassword } from './password-hash.ts';
import { checkPassword } from './password-policy.ts';
import {
  ABSOLUTE_DAYS,
  IDLE_HOURS,
  type NewSession,
  type Origin,
  type Session,
  type Sessions,
} from './session.ts';
import { sessionSql } from './session-sql.ts';

interface FoundRow extends Row {
  readonly token_hash: string;
  readonly csrf: string;
  readonly stale: boolean;
  readonly id: string;
  readonly username: string;
  readonly display_name: string | null;
  readonly unit: string | null;
  readonly unit_name: string | null;
  readonly units: readonly string[] | null;
  readonly roles: readonly string[] | null;
  readonly must_change: boolean | null;
  readonly settings: PersonalSettings | null;
}

interface UserRow extends Row {
  readonly id: string;
  readonly username: string;
  readonly display_name: string | null;
  readonly roles: readonly string[] | null;
  readonly active: boolean;
}

interface CredentialRow extends Row {
  readonly hash: string;
  readonly failures: number;
  readonly locked_until: string | null;
}

/** What is stored of a token: who reads the table cannot sign in with it. */
function hashToken(token: string): string {
  return createHash('sha256').update(token).digest('base64url');
}

/** Sessions and passwords over the database. */
export function createSessions(db: Database, holder: ModelHolder): Sessions {
  const unknown = new UnknownNames();

  async function find(token: string): Promise<Session | null> {
    const [row] = await db.query<FoundRow>(sessionSql(holder.current()).find(hashToken(token)));
    if (!row) return null;
    if (row.stale)
      await db.query({
        text: 'update mortise.session set seen_at = now() where token_hash = $1',
        values: [row.token_hash],
      });
    return {
      tokenHash: row.token_hash,
      csrf: row.csrf,
      actor: {
        id: row.id,
        username: row.username,
        displayName: row.display_name ?? row.username,
        unit: row.unit,
        roles: row.roles ?? [],
      },
      unitName: row.unit_name,
      units: row.units ?? [],
      mustChangePassword: row.must_change ?? false,
      settings: row.settings ?? {},
    };
  }

  /** Counts the attempt before the password is looked at, so that a burst of parallel guesses is counted in full. */
  async function countAttempt(userId: string): Promise<string> {
    return await db.transaction(async (tx) => {
      const [row] = await tx.query<CredentialRow>({
        text: 'select hash, failures, locked_until from mortise.credential where user_id = $1 for update',
        values: [userId],
      });
      if (!row) return NOBODY;
      const until = row.locked_until === null ? null : new Date(row.locked_until);
      refuseWhileLocked(until, new Date());
      const failures = until === null ? row.failures + 1 : 1;
      await tx.query({
        text: `update mortise.credential set failures = $2, locked_until = case when $2::int >= $3::int then now() + $4::int * interval '1 minute' end where user_id = $1`,
        values: [userId, failures, MAX_FAILURES, LOCK_MINUTES],
      });
      return row.hash;
    });
  }

  async function checkCredential(userId: string, password: string): Promise<boolean> {
    const hash = await countAttempt(userId);
    if (!(await verifyPassword(password, hash))) return false;
    const renewed = isOutdated(hash) ? await hashPassword(password) : hash;
    await db.query({
      text: 'update mortise.credential set failures = 0, locked_until = null, hash = $2 where user_id = $1 and hash = $3',
      values: [userId, renewed, hash],
    });
    return true;
  }

  async function signIn(username: string, password: string, origin: Origin): Promise<NewSession> {
    const name = username.normalize('NFKC').trim();
    const sql = sessionSql(holder.current());
    const [user] = await db.query<UserRow>(sql.userByName(name));
    if (!user || !user.active) {
      unknown.attempt(name);
      await verifyPassword(password, NOBODY);
      throw problem('MRT_SESSION_CREDENTIALS');
    }
    if (!(await checkCredential(user.id, password))) throw problem('MRT_SESSION_CREDENTIALS');
    const token = randomBytes(32).toString('base64url');
    const csrf = randomBytes(24).toString('base64url');
    const expires = new Date(Date.now() + ABSOLUTE_DAYS * 86_400_000);
    await db.transaction(async (tx) => {
      await tx.query({
        text: `delete from mortise.session where expires_at <= now() or seen_at <= now() - interval '${IDLE_HOURS} hours'`,
      });
      await tx.query({
        text: 'insert into mortise.session (token_hash, user_id, csrf, expires_at, address, agent) values ($1, $2, $3, $4, $5, $6)',
        values: [
          hashToken(token),
          user.id,
          csrf,
          expires,
          origin.address,
          origin.agent?.slice(0, 300) ?? null,
        ],
      });
      if (sql.noteSignIn) await tx.query(sql.noteSignIn(user.id));
    });
    return {
      token,
      csrf,
      expires,
      user: { id: user.id, username: user.username, displayName: user.display_name ?? user.username },
    };
  }

  async function storePassword(
    userId: string,
    password: string,
    mustChange: boolean,
    keep: string | null,
  ): Promise<void> {
    const hash = await hashPassword(password);
    await db.transaction(async (tx) => {
      await tx.query({
        text: `insert into mortise.credential (user_id, hash, must_change) values ($1, $2, $3)
          on conflict (user_id) do update set hash = $2, must_change = $3, changed_at = now(), failures = 0, locked_until = null`,
        values: [userId, hash, mustChange],
      });
      const { clearMustChange } = sessionSql(holder.current());
      if (clearMustChange) await tx.query(clearMustChange(userId));
      await endOthers(tx, userId, keep);
    });
  }

  return {
    find,
    signIn,
    async end(tokenHash) {
      await db.query({ text: 'delete from mortise.session where token_hash = $1', values: [tokenHash] });
    },
    async changePassword(session, old, next) {
      if (!(await checkCredential(session.actor.id, old))) throw problem('MRT_PASSWORD_WRONG');
      checkPassword(next, session.actor.username);
      await storePassword(session.actor.id, next, false, session.tokenHash);
    },
    async setPassword(userId, password, options) {
      const [user] = await db.query<UserRow>(sessionSql(holder.current()).userById(userId));
      if (!user) throw problem('MRT_RECORD_NOT_FOUND');
      checkPassword(password, user.username);
      await storePassword(userId, password, options.mustChange, options.keep ?? null);
    },
    async rolesOf(userId) {
      const [user] = await db.query<UserRow>(sessionSql(holder.current()).userById(userId));
      return user?.roles ?? [];
    },
    async saveSettings(userId, patch) {
      return await db.transaction(async (tx) => {
        await tx.query({
          text: 'insert into mortise.user_setting (user_id) values ($1) on conflict do nothing',
          values: [userId],
        });
        const [row] = await tx.query<{ settings: PersonalSettings }>({
          text: 'select settings from mortise.user_setting where user_id = $1 for update',
          values: [userId],
        });
        const settings = merge(row?.settings ?? {}, patch);
        await tx.query({
          text: 'update mortise.user_setting set settings = $2::json where user_id = $1',
          values: [userId, JSON.stringify(settings)],
        });
        return settings;
      });
    },
  };
}

async function endOthers(tx: Queryable, userId: string, keep: string | null): Promise<void> {
  await tx.query({
    text: 'delete from mortise.session where user_id = $1 and token_hash is distinct from $2',
    values: [userId, keep],
  });
}

/** Members of the patch replace those stored; column choices are kept view by view. */
function merge(settings: PersonalSettings, patch: Readonly<Record<string, unknown>>): PersonalSettings {
  const merged: Record<string, unknown> = { ...settings, ...patch };
  if (patch['views']) merged['views'] = withoutNulls({ ...settings.views, ...(patch['views'] as object) });
  return withoutNulls(merged);
}

function withoutNulls(members: Readonly<Record<string, unknown>>): Record<string, unknown> {
  return Object.fromEntries(Object.entries(members).filter(([, value]) => value !== null));
}
