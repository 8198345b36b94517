import { randomBytes } from 'node:crypto';
import type { Standing } from '../access/standing.ts';
import type { ModelHolder } from '../change/holder.ts';
import type { SecurityEvent, SecurityLog } from '../audit/security-log.ts';
import { problem } from '../errors/catalogue.ts';
import { Problem } from '../errors/problem.ts';
import type { PersonalSettings } from '../http/contract.ts';
import type { Database, Queryable, Row } from '../store/database.ts';
import { LOCK_MINUTES, MAX_FAILURES, refuseWhileLocked, UnknownNames } from './failure-counter.ts';
import { type FoundPerson, sessionOf } from './found-person.ts';
import { hashPassword, isOutdated, NOBODY, verifyPassword } from './password-hash.ts';
import { mayComeFrom } from './allowed-address.ts';
import { keepFormer, wasTaken } from './former-passwords.ts';
import { checkPassword, refuseFormer } from './password-policy.ts';
import {
  ABSOLUTE_DAYS,
  IDLE_HOURS,
  type NewSession,
  type Origin,
  type Session,
  type SessionView,
  type Sessions,
} from './session.ts';
import { sessionSql } from './session-sql.ts';
import type { Standings } from './standings.ts';
import { hashToken } from './token-hash.ts';

interface FoundRow extends FoundPerson {
  readonly csrf: string;
}

interface SessionRow extends Row {
  readonly id: string;
  readonly user_id: string;
  readonly username: string;
  readonly display_name: string | null;
  readonly address: string | null;
  readonly agent: string | null;
  readonly created_at: string;
  readonly seen_at: string;
  readonly expires_at: string;
  readonly token_hash: string;
}

interface UserRow extends Row {
  readonly id: string;
  readonly username: string;
  readonly display_name: string | null;
  readonly unit: string | null;
  readonly roles: readonly string[] | null;
  readonly groups: readonly string[] | null;
  readonly active: boolean;
  readonly networks: string | null;
}

interface CredentialRow extends Row {
  readonly hash: string;
  readonly failures: number;
  readonly locked_until: string | null;
}

/** Who tries to prove himself, as the log names him. */
type Who = Omit<SecurityEvent, 'kind'> & { readonly address: string | null };

/** Sessions and passwords over the database. */
export function createSessions(
  db: Database,
  holder: ModelHolder,
  standings: Standings,
  log: SecurityLog,
): Sessions {
  const unknown = new UnknownNames();

  async function find(token: string): Promise<Session | null> {
    const [row] = await db.query<FoundRow>(sessionSql(holder.current()).find(hashToken(token)));
    if (!row) return null;
    if (row.stale)
      await db.query({
        text: 'update mortise.session set seen_at = now() where token_hash = $1',
        values: [row.token_hash],
      });
    return sessionOf(row, await standingOf(row), row.csrf);
  }

  async function standingOf({ id, roles, groups, unit, standing }: FoundRow): Promise<Standing> {
    return await standings.of({ id, roles: roles ?? [], groups: groups ?? [], unit }, standing);
  }

  /** Counts the attempt before the password is looked at, so that a burst of parallel guesses is counted in full. */
  async function countAttempt(userId: string): Promise<{ readonly hash: string; readonly last: boolean }> {
    return await db.transaction(async (tx) => {
      const [row] = await tx.query<CredentialRow>({
        text: 'select hash, failures, locked_until from mortise.credential where user_id = $1 for update',
        values: [userId],
      });
      if (!row) return { hash: NOBODY, last: false };
      const until = row.locked_until === null ? null : new Date(row.locked_until);
      refuseWhileLocked(until, new Date());
      const failures = until === null ? row.failures + 1 : 1;
      await tx.query({
        text: `update mortise.credential set failures = $2, locked_until = case when $2::int >= $3::int then now() + $4::int * interval '1 minute' end where user_id = $1`,
        values: [userId, failures, MAX_FAILURES, LOCK_MINUTES],
      });
      return { hash: row.hash, last: failures >= MAX_FAILURES };
    });
  }

  /** Is this his password? Told to the log when not, and when that locks him out. */
  async function checkCredential(userId: string, password: string, who: Who): Promise<boolean> {
    const { hash, last } = await countAttempt(userId);
    if (!(await verifyPassword(password, hash))) {
      if (last) await log.note({ ...who, kind: 'locked', detail: { minutes: LOCK_MINUTES } });
      return false;
    }
    const renewed = isOutdated(hash) ? await hashPassword(password) : hash;
    await db.query({
      text: 'update mortise.credential set failures = 0, locked_until = null, hash = $2 where user_id = $1 and hash = $3',
      values: [userId, renewed, hash],
    });
    return true;
  }

  /** The user whose name and password these are. @throws MRT_SESSION_CREDENTIALS, MRT_SESSION_LOCKED */
  async function authenticate(name: string, password: string, who: Who): Promise<UserRow> {
    const [user] = await db.query<UserRow>(sessionSql(holder.current()).userByName(name));
    const known = { ...who, userId: user?.id ?? null };
    try {
      if (!user || !user.active) {
        unknown.attempt(name);
        await verifyPassword(password, NOBODY);
        throw problem('MRT_SESSION_CREDENTIALS');
      }
      if (!(await checkCredential(user.id, password, known))) throw problem('MRT_SESSION_CREDENTIALS');
      return user;
    } catch (error) {
      if (error instanceof Problem) {
        const reason =
          error.code === 'MRT_SESSION_LOCKED'
            ? 'locked'
            : !user
              ? 'unknown'
              : user.active
                ? 'password'
                : 'disabled';
        await log.noteOften(
          { ...known, kind: 'sign-in-failed', detail: { reason } },
          `sign-in ${name} ${who.address} ${reason}`,
        );
      }
      throw error;
    }
  }

  /** Only who knows the password learns that it is the place. @throws MRT_SESSION_ADDRESS */
  async function refuseAddress(user: UserRow, who: Who): Promise<void> {
    const find = await standings.now();
    const { roles } = find({
      id: user.id,
      roles: user.roles ?? [],
      groups: user.groups ?? [],
      unit: user.unit,
    });
    if (mayComeFrom(holder.current().settings, roles, user.networks, who.address ?? '')) return;
    await log.noteOften(
      { ...who, userId: user.id, kind: 'sign-in-failed', detail: { reason: 'address' } },
      `sign-in ${user.id} ${who.address} address`,
    );
    throw problem('MRT_SESSION_ADDRESS', { address: who.address ?? '?' });
  }

  async function signIn(username: string, password: string, origin: Origin): Promise<NewSession> {
    const name = username.normalize('NFKC').trim();
    const who: Who = { userId: null, userName: name, source: 'screen', ...origin };
    const user = await authenticate(name, password, who);
    await refuseAddress(user, who);
    const sql = sessionSql(holder.current());
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
      await log.note(
        { ...who, kind: 'sign-in', userId: user.id, userName: user.display_name ?? user.username },
        tx,
      );
    });
    return {
      token,
      csrf,
      expires,
      user: { id: user.id, username: user.username, displayName: user.display_name ?? user.username },
    };
  }

  /** @throws MRT_PASSWORD_WEAK for the path of the request's member */
  async function judgePassword(
    userId: string,
    username: string,
    password: string,
    path: string,
  ): Promise<void> {
    const rules = holder.current().settings.passwords ?? {};
    checkPassword(password, username, rules, path);
    if (await wasTaken(db, userId, password, rules.history ?? 0)) refuseFormer(rules, path);
  }

  async function storePassword(
    userId: string,
    password: string,
    mustChange: boolean,
    others: { readonly keep: string | null; readonly revokeTokens: boolean },
    event: SecurityEvent | undefined,
  ): Promise<void> {
    const hash = await hashPassword(password);
    await db.transaction(async (tx) => {
      if ((holder.current().settings.passwords?.history ?? 0) > 0) await keepFormer(tx, userId);
      await tx.query({
        text: `insert into mortise.credential (user_id, hash, must_change) values ($1, $2, $3)
          on conflict (user_id) do update set hash = $2, must_change = $3, changed_at = now(), failures = 0, locked_until = null`,
        values: [userId, hash, mustChange],
      });
      const { clearMustChange } = sessionSql(holder.current());
      if (clearMustChange) await tx.query(clearMustChange(userId));
      await endOthers(tx, userId, others.keep);
      if (others.revokeTokens) await revokeTokens(tx, userId);
      if (event) await log.note(event, tx);
    });
  }

  return {
    find,
    async look(tokenHash) {
      const [row] = await db.query<FoundRow>(sessionSql(holder.current()).find(tokenHash));
      return row ? sessionOf(row, await standingOf(row), row.csrf) : null;
    },
    signIn,
    async end(tokenHash) {
      await db.query({ text: 'delete from mortise.session where token_hash = $1', values: [tokenHash] });
    },
    async listOf(userId, gate, current) {
      const rows = await db.query<SessionRow>(sessionSql(holder.current()).sessions(userId, gate));
      return rows.map((row) => viewOf(row, current));
    },
    async endById(id, userId) {
      const rows = await db.query({
        text: 'delete from mortise.session where id = $1::uuid and ($2::uuid is null or user_id = $2::uuid) returning id',
        values: [id, userId],
      });
      return rows.length > 0;
    },
    async changePassword(session, old, next, options = {}) {
      const { id, username, displayName } = session.actor;
      const who: Who = {
        userId: id,
        userName: displayName,
        source: 'screen',
        address: options.address ?? null,
        agent: null,
      };
      if (!(await checkCredential(id, old, who))) {
        await log.noteOften(
          { ...who, kind: 'sign-in-failed', detail: { reason: 'old-password' } },
          `password ${id} ${who.address}`,
        );
        throw problem('MRT_PASSWORD_WRONG');
      }
      await judgePassword(id, username, next, '/new');
      const others = { keep: session.tokenHash, revokeTokens: options.revokeTokens ?? false };
      await storePassword(id, next, false, others, {
        ...who,
        kind: 'password',
        entity: 'user',
        records: [id],
      });
    },
    async setPassword(userId, password, options) {
      const [user] = await db.query<UserRow>(sessionSql(holder.current()).userById(userId));
      if (!user) throw problem('MRT_RECORD_NOT_FOUND');
      await judgePassword(userId, user.username, password, '/password');
      await storePassword(
        userId,
        password,
        options.mustChange,
        {
          keep: options.keep ?? null,
          revokeTokens: options.keep === undefined,
        },
        options.event,
      );
    },
    async standingOf(userId) {
      const [user] = await db.query<UserRow>(sessionSql(holder.current()).userById(userId));
      const find = await standings.now();
      return find({
        id: userId,
        roles: user?.roles ?? [],
        groups: user?.groups ?? [],
        unit: user?.unit ?? null,
      });
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

function viewOf(row: SessionRow, current: string): SessionView {
  return {
    id: row.id,
    user: { id: row.user_id, username: row.username, display_name: row.display_name ?? row.username },
    address: row.address,
    agent: row.agent,
    since: row.created_at,
    last_seen: row.seen_at,
    expires: row.expires_at,
    current: row.token_hash === current,
  };
}

/** Ends all sessions of a user and revokes his tokens, within a transaction. @returns how many sessions */
export async function signOutEverywhere(tx: Queryable, userId: string): Promise<number> {
  const ended = await countSessions(tx, userId);
  await endOthers(tx, userId, null);
  await revokeTokens(tx, userId);
  return ended;
}

/** How many sessions a user has. */
export async function countSessions(db: Queryable, userId: string): Promise<number> {
  const [row] = await db.query<{ n: number }>({
    text: 'select count(*)::integer as n from mortise.session where user_id = $1::uuid and expires_at > now()',
    values: [userId],
  });
  return row?.n ?? 0;
}

async function endOthers(tx: Queryable, userId: string, keep: string | null): Promise<void> {
  await tx.query({
    text: 'delete from mortise.session where user_id = $1 and token_hash is distinct from $2',
    values: [userId, keep],
  });
}

async function revokeTokens(tx: Queryable, userId: string): Promise<void> {
  await tx.query({
    text: 'update mortise.api_token set revoked_at = now() where user_id = $1 and revoked_at is null',
    values: [userId],
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
