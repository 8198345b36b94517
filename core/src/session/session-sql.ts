import type { Predicate } from '../access/access.ts';
import type { Model } from '../model/model.ts';
import type { Statement } from '../store/database.ts';
import { IDLE_HOURS } from './session.ts';

/** Statements over the records of users and departments, whose physical columns only the model knows. */
export interface SessionSql {
  find(tokenHash: string): Statement;
  /** The person of an API token, with the token's own columns. */
  findToken(tokenHash: string): Statement;
  /** The person of an address of a calendar feed. */
  findFeed(tokenHash: string): Statement;
  /** Row of `{id, username, display_name, active}`. */
  userByName(username: string): Statement;
  userById(id: string): Statement;
  /** The row of `userById` with `units`, the own department and all below it, and `shared` as in `find`. */
  subject(id: string): Statement;
  /** Rows of `userById` for the active users, of those within `gate`, by name. */
  subjects(gate: Predicate): Statement;
  /** All departments: `{id, parent}`. */
  units(): Statement;
  /** Live sessions with their users, newest first, of those within `gate`; null is every user. */
  sessions(userId: string | null, gate: Predicate | null): Statement;
  /** Takes back the mark that the password must be changed, where the record has one. */
  clearMustChange: ((userId: string) => Statement) | null;
  /** Notes the sign-in on the user's record, where it has a place for it (DM-USR-01). */
  noteSignIn: ((userId: string) => Statement) | null;
}

const compiled = new WeakMap<Model, SessionSql>();

/** The statements for a model, compiled once. @throws Error when the user or unit documents lack what they need */
export function sessionSql(model: Model): SessionSql {
  let sql = compiled.get(model);
  if (!sql) compiled.set(model, (sql = compile(model)));
  return sql;
}

const quote = (name: string): string => `"${name.replaceAll('"', '""')}"`;

function compile(model: Model): SessionSql {
  const column = (alias: string, entity: string, field: string): string => {
    const found = model.entities.get(entity)?.fields.get(field)?.column;
    if (!found) throw new Error(`the document entity/${entity} needs the field ${field}`);
    return `${alias}.${quote(found.name)}`;
  };
  const table = (entity: string): string => {
    const found = model.entities.get(entity);
    if (!found) throw new Error(`the document entity/${entity} is missing`);
    return `public.${quote(found.table)}`;
  };
  const user = (field: string): string => column('u', 'user', field);
  const unit = (field: string): string => column('n', 'unit', field);
  const active = `(${user('deleted_at')} is null and ${user('is_void')} is not true and coalesce(${user('status')}, 'active') = 'active')`;
  // An administrator may tick it on the user's own form.
  const mustChange = model.entities.get('user')?.fields.get('must_change_password')?.column;
  const lastLogin = model.entities.get('user')?.fields.get('last_login_at')?.column;

  const grouped = model.entities.get('user')?.fields.get('groups')?.column;
  const groups = grouped ? `u.${quote(grouped.name)}` : 'null::uuid[]';

  const ownNetworks = model.entities.get('user')?.fields.get('networks')?.column;
  const networks = ownNetworks ? `u.${quote(ownNetworks.name)}` : 'null::text';
  const days = model.settings.passwords?.maxAgeDays ?? 0;
  // A program cannot change the password of its user: an old one stops people, not tokens.
  const expired =
    days > 0 ? `coalesce(c.changed_at < now() - interval '${Number(days)} days', false)` : 'false';

  const below = `
), below as (
  select me.unit as id from me where me.unit is not null
  union
  select n.id from ${table('unit')} n join below b on ${unit('parent')} = b.id
)`;
  const above = `, above as (
  select me.unit as id from me where me.unit is not null
  union
  select ${unit('parent')} from ${table('unit')} n join above a on n.id = a.id where ${unit('parent')} is not null
)`;
  /** Entity → fields that a share withholds, over all shares that reach the person, expired ones too. */
  const shared = `(select json_object_agg(x.entity, x.fields) from (
    select s.entity, array_agg(distinct f.name) filter (where f.name is not null) as fields
    from mortise.record_share s left join lateral unnest(s.unread || s.unwritten) f(name) on true
    where s.grantee = any(array(select me.id union all select above.id from above)) group by s.entity) x) as shared`;
  /** The person behind `source s`, his settings and his departments, in one statement. */
  const finder = (own: string, source: string, where: string, old: string): string => `
with recursive me as (
  select s.token_hash, ${own}, u.id, ${user('username')} as username,
    ${user('display_name')} as display_name, ${user('unit')} as unit, ${user('roles')} as roles, ${groups} as groups,
    (select mark::text from mortise.standing) as standing,
    ${networks} as networks,
    (${old} or coalesce(c.must_change, false)${mustChange ? ` or coalesce(u.${quote(mustChange.name)}, false)` : ''}) as must_change, p.settings
  from ${source} s
  join ${table('user')} u on u.id = s.user_id
  left join mortise.credential c on c.user_id = s.user_id
  left join mortise.user_setting p on p.user_id = s.user_id
  where s.token_hash = $1 and ${where} and ${active}
${below}${above}
select me.*, ${shared}, (select ${unit('name')} from ${table('unit')} n where n.id = me.unit) as unit_name,
  (select array_agg(below.id) from below) as units
from me`;
  const alive = `s.expires_at > now() and s.seen_at > now() - interval '${IDLE_HOURS} hours'`;
  const find = finder(
    `s.csrf, s.seen_at < now() - interval '5 minutes' as stale`,
    'mortise.session',
    alive,
    expired,
  );
  const tokenOf = (kind: 'api' | 'feed'): string =>
    finder(
      `s.id as token_id, s.read_only, s.functions, s.entities, coalesce(s.used_at < now() - interval '1 minute', true) as stale`,
      'mortise.api_token',
      `s.kind = '${kind}' and s.revoked_at is null and (s.expires_at is null or s.expires_at > now())`,
      'false',
    );
  const findToken = tokenOf('api');
  const findFeed = tokenOf('feed');
  const one = `select u.id, ${user('username')} as username, ${user('display_name')} as display_name, ${user('unit')} as unit, ${user('roles')} as roles, ${groups} as groups, ${networks} as networks, ${active} as active from ${table('user')} u where `;

  return {
    // A prepared statement must not outlive a change of the tables it reads.
    find: (tokenHash) => ({ text: find, values: [tokenHash], name: `session_${model.version}` }),
    findToken: (tokenHash) => ({ text: findToken, values: [tokenHash], name: `token_${model.version}` }),
    findFeed: (tokenHash) => ({ text: findFeed, values: [tokenHash], name: `feed_${model.version}` }),
    userByName: (username) => ({
      text: `${one}${user('username')} = $1 and ${user('deleted_at')} is null`,
      values: [username],
    }),
    userById: (id) => ({ text: `${one}u.id = $1`, values: [id] }),
    subject: (id) => ({
      text: `with recursive me as (${one}u.id = $1${below}${above} select me.*, ${shared}, (select array_agg(below.id) from below) as units from me`,
      values: [id],
    }),
    subjects(gate) {
      const values: unknown[] = [];
      const seen = gate('u', (value) => `$${values.push(value)}`);
      return {
        text: `${one}${active} and ${seen} order by ${user('username')}`,
        values,
      };
    },
    units: () => ({ text: `select n.id, ${unit('parent')} as parent from ${table('unit')} n` }),
    sessions(userId, gate) {
      const values: unknown[] = [userId];
      const seen = gate === null ? 'true' : gate('u', (value) => `$${values.push(value)}`);
      return {
        text: `select s.id, s.user_id, ${user('username')} as username, ${user('display_name')} as display_name, s.address, s.agent, s.created_at, s.seen_at, s.expires_at, s.token_hash
          from mortise.session s join ${table('user')} u on u.id = s.user_id
          where ($1::uuid is null or s.user_id = $1::uuid) and ${alive} and ${active} and ${seen}
          order by s.created_at desc, s.id`,
        values,
      };
    },
    clearMustChange: mustChange
      ? (userId) => ({
          text: `update ${table('user')} u set ${quote(mustChange.name)} = false where u.id = $1 and ${quote(mustChange.name)}`,
          values: [userId],
        })
      : null,
    noteSignIn: lastLogin
      ? (userId) => ({
          text: `update ${table('user')} u set ${quote(lastLogin.name)} = now() where u.id = $1`,
          values: [userId],
        })
      : null,
  };
}
