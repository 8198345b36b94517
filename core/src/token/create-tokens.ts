import { randomBytes } from 'node:crypto';
import type { ModelHolder } from '../change/holder.ts';
import { problem } from '../errors/catalogue.ts';
import { type FoundPerson, sessionOf } from '../session/found-person.ts';
import type { Session } from '../session/session.ts';
import { sessionSql } from '../session/session-sql.ts';
import type { Standings } from '../session/standings.ts';
import { hashToken } from '../session/token-hash.ts';
import type { Database, Row } from '../store/database.ts';
import { uuid7 } from '../store/uuid7.ts';
import type { Tokens, TokenScope, TokenView } from './token.ts';

/** Every secret begins so; scanners of source code know leaked ones by it. */
const TOKEN_PREFIX = 'mrt_';
/** So does every secret address of a calendar. */
const FEED_PREFIX = 'mrtcal_';

/** Tokens of one user that are not revoked. */
const MAX_TOKENS = 50;

interface TokenRow extends Row {
  readonly id: string;
  readonly kind: 'api' | 'feed';
  readonly name: string;
  readonly hint: string;
  readonly read_only: boolean;
  readonly functions: boolean;
  readonly entities: readonly string[] | null;
  readonly created_at: string;
  readonly expires_at: string | null;
  readonly used_at: string | null;
  readonly expired: boolean;
}

interface FoundToken extends FoundPerson {
  readonly token_id: string;
  readonly read_only: boolean;
  readonly functions: boolean;
  readonly entities: readonly string[] | null;
}

const COLUMNS =
  'id, kind, name, hint, read_only, functions, entities, created_at, expires_at, used_at, coalesce(expires_at <= now(), false) as expired';

function viewOf(row: TokenRow): TokenView {
  return {
    id: row.id,
    kind: row.kind,
    name: row.name,
    hint: row.hint,
    readOnly: row.read_only,
    functions: row.functions,
    entities: row.entities,
    created: row.created_at,
    expires: row.expires_at,
    expired: row.expired,
    last_used: row.used_at,
  };
}

function scopeOf(row: FoundToken): TokenScope {
  return {
    id: row.token_id,
    readOnly: row.read_only,
    functions: row.functions,
    entities: row.entities,
  };
}

/** API tokens over the database. */
export function createTokens(db: Database, holder: ModelHolder, standings: Standings): Tokens {
  async function personOf(row: FoundToken): Promise<Session> {
    const { id, roles, groups, unit, standing } = row;
    const stands = await standings.of({ id, roles: roles ?? [], groups: groups ?? [], unit }, standing);
    return { ...sessionOf(row, stands, ''), token: scopeOf(row) };
  }

  async function used(row: FoundToken | undefined): Promise<Session | null> {
    if (!row) return null;
    if (row.stale)
      await db.query({
        text: 'update mortise.api_token set used_at = now() where id = $1',
        values: [row.token_id],
      });
    return await personOf(row);
  }

  return {
    async find(secret) {
      if (!secret.startsWith(TOKEN_PREFIX)) return null;
      const [row] = await db.query<FoundToken>(sessionSql(holder.current()).findToken(hashToken(secret)));
      return await used(row);
    },

    async findFeed(secret) {
      if (!secret.startsWith(FEED_PREFIX)) return null;
      const [row] = await db.query<FoundToken>(sessionSql(holder.current()).findFeed(hashToken(secret)));
      return await used(row);
    },

    async look(tokenHash) {
      const [row] = await db.query<FoundToken>(sessionSql(holder.current()).findToken(tokenHash));
      return row ? await personOf(row) : null;
    },

    async list(userId) {
      const rows = await db.query<TokenRow>({
        text: `select ${COLUMNS} from mortise.api_token where user_id = $1 and revoked_at is null order by created_at desc, id desc`,
        values: [userId],
      });
      return rows.map(viewOf);
    },

    async create(userId, wish) {
      const kind = wish.kind ?? 'api';
      const prefix = kind === 'feed' ? FEED_PREFIX : TOKEN_PREFIX;
      const secret = prefix + randomBytes(32).toString('base64url');
      return await db.transaction(async (tx) => {
        // Two at once must not both take the last place.
        await tx.query({
          text: 'select pg_advisory_xact_lock(hashtextextended($1, 73016))',
          values: [userId],
        });
        const [count] = await tx.query<{ n: number }>({
          text: 'select count(*)::integer as n from mortise.api_token where user_id = $1 and revoked_at is null',
          values: [userId],
        });
        if ((count?.n ?? 0) >= MAX_TOKENS) throw problem('MRT_TOKEN_LIMIT', { max: MAX_TOKENS });
        const [row] = await tx.query<TokenRow>({
          text: `insert into mortise.api_token (id, user_id, token_hash, name, hint, read_only, functions, entities, expires_at, kind)
            values ($1, $2, $3, $4, $5, $6, $7, $8, (($9::date + 1)::timestamp at time zone $10), $11) returning ${COLUMNS}`,
          values: [
            uuid7(),
            userId,
            hashToken(secret),
            wish.name,
            secret.slice(0, prefix.length + 4),
            wish.readOnly,
            wish.functions,
            wish.entities,
            wish.expiresOn,
            holder.current().settings.timeZone,
            kind,
          ],
        });
        if (!row) throw new Error('the token was not stored');
        if (row.expired)
          throw problem('MRT_REQUEST_MALFORMED', { reason: '/expires_on: < today / 早于今天' });
        return { token: viewOf(row), secret };
      });
    },

    async revoke(userId, id) {
      const rows = await db.query({
        text: 'update mortise.api_token set revoked_at = now() where id = $1::uuid and user_id = $2 and revoked_at is null returning id',
        values: [id, userId],
      });
      return rows.length > 0;
    },
  };
}
