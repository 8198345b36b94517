import { createHash } from 'node:crypto';
import type { Person, Sql } from './floor-call.ts';

const FIND = `with recursive me as (
    select u.id, u.unit from mortise.session s join "user" u on u.id = s.user_id
    where s.token_hash = $1 and s.expires_at > now() and s.seen_at > now() - interval '12 hours'
      and u.deleted_at is null and not u.is_void and u.status = 'active'
  ), below as (
    select unit as id from me union select n.id from unit n join below b on n.parent = b.id
  )
  select me.id, me.unit, (select array_agg(id) from below) as units from me`;

/** The person of the session whose hashed token the cookie leads to, with his departments; null is nobody. */
export async function findPerson(sql: Sql, cookie: string | undefined): Promise<Person | null> {
  const token = /(?:^|;\s*)mortise_session=([^;]*)/.exec(cookie ?? '')?.[1];
  if (token === undefined) return null;
  const hash = createHash('sha256').update(token).digest('base64url');
  const rows = await sql.rows<{ id: string; unit: string; units: string[] }>('session', FIND, [hash]);
  return rows[0] ?? null;
}
