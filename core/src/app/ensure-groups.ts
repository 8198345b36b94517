import type { Actor } from '../context/context.ts';
import type { Model } from '../model/model.ts';
import type { Records } from '../records/records.ts';
import type { Database, Queryable } from '../store/database.ts';
import { systemContext } from './create-context.ts';

const NOTE = 'user-groups';
/** Two nodes may start at once: the second one finds what the first one made. */
const GROUPS_LOCK = 'select pg_advisory_xact_lock(73016, 16)';

/** The groups every installation begins with (SEC-02), with their basic permissions. */
const GROUPS = [
  {
    name: { 'zh-CN': '管理用户组', en: 'Administrators' },
    kind: 'administrator',
    role: 'administrator',
    is_default: false,
  },
  { name: { 'zh-CN': '操作用户组', en: 'Operators' }, kind: 'operator', role: 'operator', is_default: true },
] as const;

/** Makes the administrator and the operator group, once: who deletes them later has them no more. */
export async function ensureGroups(services: {
  readonly db: Database;
  readonly records: Records;
  readonly model: Model;
  readonly actor: Actor;
}): Promise<void> {
  const { db, records, model, actor } = services;
  if (!model.entities.has('user_group') || (await isDone(db))) return;
  await db.transaction(async (tx) => {
    await tx.query({ text: GROUPS_LOCK });
    if (await isDone(tx)) return;
    const context = systemContext(model, actor, 'api');
    for (const [index, { name, kind, role, is_default }] of GROUPS.entries()) {
      const roles = model.roles.has(role) ? [role] : [];
      const input = { name: name[model.settings.locale], kind, roles, is_default, sort: index };
      await records.create(context, 'user_group', input, {}, tx);
    }
    await tx.query({
      text: 'insert into mortise.installation (key, value) values ($1, $2::json)',
      values: [NOTE, JSON.stringify({ at: new Date().toISOString() })],
    });
  });
}

async function isDone(db: Queryable): Promise<boolean> {
  const rows = await db.query({
    text: 'select 1 from mortise.installation where key = $1',
    values: [NOTE],
  });
  return rows.length > 0;
}
