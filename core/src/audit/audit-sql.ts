import type { Statement } from '../store/database.ts';
import { quoteName } from '../access/quote-name.ts';
import type { Context } from '../context/context.ts';
import type { AuditAction, AuditQuestion } from './audit.ts';
import { type PastRename, spansOf } from './former-names.ts';
import { SECURITY_KINDS } from './security-log.ts';

const OUTPUTS = ['print', 'export', 'mail'] as const;
const RECORDS = [
  'create',
  'update',
  'delete',
  'restore',
  'void',
  'unvoid',
  'merge',
  'review',
  'transition',
] as const;
/** Entities whose records decide what people may do; of users, the fields that do. */
const RIGHTS = `(h.entity in ('user_group', 'user_grant', 'business_team') or h.entity = 'user'
  and (h.action <> 'update' or h.changes ?| array['roles', 'groups', 'unit', 'supervisor', 'status', 'networks', 'must_change_password']))`;
/** Ids are made a little before or after the moment that the database notes. */
const SKEW_MS = 86_400_000;

/** The least UUIDv7 of a moment. */
function leastId(time: number): string {
  const hex = Math.max(0, time).toString(16).padStart(12, '0');
  return `${hex.slice(0, 8)}-${hex.slice(8)}-7000-8000-000000000000`;
}

/**
 * One page of all logs, the newest first. Every row of every log has a UUIDv7, so the order of ids is that of time and
 * each log is read along its primary key; logs that cannot hold what is asked for are not read.
 * @param renames by which an entity is found in logs that keep the names of their time
 */
export function auditSql(
  context: Context,
  question: AuditQuestion,
  renames: readonly PastRename[],
): Statement {
  const values: unknown[] = [];
  const bind = (value: unknown): string => `$${values.push(value)}`;
  const { user, actions, entity, record, address, from, to, cursor, limit } = question;
  const wanted = new Set<string>(actions);
  const asks = (names: readonly string[]): boolean =>
    wanted.size === 0 || names.some((name) => wanted.has(name));
  const only = (names: readonly AuditAction[] | readonly string[], column: string): string[] =>
    wanted.size === 0 ? [] : [`${column} = any(${bind(names.filter((name) => wanted.has(name)))}::text[])`];

  // Bound once, and only where it is used: the type of a parameter that nothing uses is not known.
  const zone = from === undefined && to === undefined ? '' : bind(context.timeZone);
  const common = (alias: string): string[] => [
    ...(cursor === undefined ? [] : [`${alias}.id < ${bind(cursor)}::uuid`]),
    ...(from === undefined
      ? []
      : [
          `${alias}.at >= (${bind(from)}::date)::timestamp at time zone ${zone}`,
          `${alias}.id >= ${bind(leastId(Date.parse(from) - SKEW_MS))}::uuid`,
        ]),
    ...(to === undefined
      ? []
      : [
          `${alias}.at < (${bind(to)}::date + 1)::timestamp at time zone ${zone}`,
          `${alias}.id < ${bind(leastId(Date.parse(to) + 2 * SKEW_MS))}::uuid`,
        ]),
  ];
  const named = (alias: string): string[] => {
    if (entity === undefined) return [];
    const spans = spansOf(renames, entity).map(({ name, after, before }) => {
      const bounds = [
        ...(after === null ? [] : [` and ${alias}.id > ${bind(after)}::uuid`]),
        ...(before === null ? [] : [` and ${alias}.id < ${bind(before)}::uuid`]),
      ];
      return `${alias}.entity = ${bind(name)}${bounds.join('')}`;
    });
    return [`(${spans.join(' or ')})`];
  };
  const branch = (columns: string, source: string, alias: string, conditions: readonly string[]): string => {
    const where = [...conditions, ...common(alias)];
    return `(select ${columns} from ${source} ${alias} where ${['true', ...where].join(' and ')} order by ${alias}.id desc limit ${Number(limit) + 1})`;
  };

  const branches: string[] = [];
  if (asks(SECURITY_KINDS))
    branches.push(
      branch(
        `s.id, s.at, 'security', s.kind, s.user_id, s.user_name, s.entity,
          case when cardinality(s.records) = 1 then s.records[1] end, cardinality(s.records), s.times,
          s.source, s.address, null::text, s.detail`,
        'mortise.security_log',
        's',
        [
          ...only(SECURITY_KINDS, 's.kind'),
          ...(user === undefined ? [] : [`s.user_id = ${bind(user)}::uuid`]),
          ...named('s'),
          ...(record === undefined ? [] : [`${bind(record)}::uuid = any(s.records)`]),
          ...(address === undefined ? [] : [`s.address = ${bind(address)}`]),
        ],
      ),
    );
  if (address === undefined && asks([...RECORDS, 'permission'])) {
    const kinds =
      wanted.size === 0 ? [] : [only(RECORDS, 'h.action')[0], ...(wanted.has('permission') ? [RIGHTS] : [])];
    branches.push(
      branch(
        `h.id, h.at, 'record', h.action, h."by", ${userName(context)}, h.entity, h.record_id, 1, 1, h.source, null::text,
          coalesce(h.reason, h.rule), jsonb_build_object('fields', coalesce((select jsonb_agg(k) from jsonb_object_keys(h.changes) k), '[]'))`,
        'mortise.history',
        'h',
        [
          ...(kinds.length === 0 ? [] : [`(${kinds.join(' or ')})`]),
          ...(user === undefined ? [] : [`h."by" = ${bind(user)}::uuid`]),
          ...(entity === undefined ? [] : [`h.entity = ${bind(entity)}`]),
          ...(record === undefined ? [] : [`h.record_id = ${bind(record)}::uuid`]),
        ],
      ),
    );
  }
  if (asks(OUTPUTS) && record === undefined)
    branches.push(
      branch(
        `o.id, o.at, 'output', o.kind, o.user_id, o.user_name, o.entity, null::uuid, o.records, 1, o.source, o.address, null::text,
          jsonb_build_object('template', o.template, 'format', o.format, 'refused', o.refused, 'query', o.query)`,
        'mortise.output_log',
        'o',
        [
          ...only(OUTPUTS, 'o.kind'),
          ...(user === undefined ? [] : [`o.user_id = ${bind(user)}::uuid`]),
          ...named('o'),
          ...(address === undefined ? [] : [`o.address = ${bind(address)}`]),
        ],
      ),
    );
  if (
    address === undefined &&
    entity === undefined &&
    record === undefined &&
    asks(['metadata', 'permission'])
  )
    branches.push(
      branch(
        `c.id, c.at, 'metadata', 'metadata', c.author, c.author_name, null::text, null::uuid, 0, 1, 'screen', null::text, nullif(c.note, ''),
          jsonb_build_object('version', c.version, 'documents', coalesce((select jsonb_agg(distinct concat_ws('/', e->>'kind', coalesce(e->>'name', e->>'dictionary', e->>'plugin')))
            from jsonb_array_elements(c.changes::jsonb) e), '[]'))`,
        'mortise.change_set',
        'c',
        [
          ...(wanted.size === 0 || wanted.has('metadata')
            ? []
            : [`c.changes::jsonb @> '[{"kind": "role"}]'`]),
          ...(user === undefined ? [] : [`c.author = ${bind(user)}::uuid`]),
        ],
      ),
    );
  if (branches.length === 0) return { text: 'select null::uuid as id where false', values: [] };
  const all = branches.join(' union all ');
  return {
    text: `select * from (${all}) a${COLUMNS} order by id desc limit ${Number(limit) + 1}`,
    values,
  };
}

const COLUMNS =
  '(id, at, log, action, "user", "userName", entity, record, records, times, source, address, reason, detail)';

/** Who wrote a row of the history, as he is called now. */
function userName(context: Context): string {
  const user = context.model.entities.get('user');
  const name = user?.fields.get(user.display)?.column?.name;
  return user && name
    ? `coalesce((select u.${quoteName(name)}::text from public.${quoteName(user.table)} u where u.id = h."by"), '')`
    : `''::text`;
}
