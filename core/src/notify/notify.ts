import { quoteName } from '../access/quote-name.ts';
import type { Context } from '../context/context.ts';
import { dateIn } from '../expression/calendar.ts';
import type { EntityModel } from '../model/model.ts';
import { isUuid } from '../fields/uuid.ts';
import type { Queryable } from '../store/database.ts';
import { uuid7 } from '../store/uuid7.ts';
import type { LocaleText } from '../text/locale.ts';

/**
 * Of which sort a notification is; each person may leave sorts out.
 * - `asked`: a step waits for you; `step`: what became of your record; `given`: a record became yours;
 * - `reminder`: a date has come; `rule`: a rule of automation tells you.
 */
export const NOTIFICATION_KINDS = ['asked', 'step', 'given', 'reminder', 'rule'] as const;
export type NotificationKind = (typeof NOTIFICATION_KINDS)[number];

/** What is to be told, and to whom. */
export interface Notice {
  /** Values of user fields; what is no user, the actor himself and repetitions are left out. */
  readonly users: readonly unknown[];
  readonly kind: NotificationKind;
  /** A few words without the record's name, which is put before them when they are read. */
  readonly text: LocaleText;
  /** The record it is about: nobody is told who may not read it. */
  readonly record?: { readonly entity: string; readonly id: string };
  /** What somebody said, e.g. the opinion given with a step. */
  readonly detail?: string | null;
}

/** Channel on which every node hears whom something was told. */
export const TOLD_CHANNEL = 'mortise_told';

/** @param deputies rows of (id, person, entity, record, text) for those who stand in for the people; empty: none */
const write = (deputies: string): string => `WITH n(id, person, entity, record_id, text) AS (
    SELECT each.id, each.person, $4::text, $5::uuid, $7::json FROM unnest($1::uuid[], $2::uuid[]) AS each(id, person)${deputies}), told AS (
    INSERT INTO mortise.notification (id, "user", kind, entity, record_id, "by", text, detail)
    SELECT n.id, n.person, $3, n.entity, n.record_id, $6::uuid, n.text, $8 FROM n
    WHERE NOT EXISTS (SELECT 1 FROM mortise.user_setting s
      WHERE s.user_id = n.person AND s.settings #>> ARRAY['notifications', $3] = 'false')
    RETURNING "user")
  SELECT pg_notify('${TOLD_CHANNEL}', told."user"::text) FROM told`;
const WRITE = write('');

/**
 * Who is asked for a step and is away has it told to his deputy too (SEC-16), without the record: whether the deputy
 * may see it is seen in his inbox.
 */
function writeSql({ model, now, timeZone }: Context, { kind }: Notice): string {
  const deputy = model.entities.get('deputy');
  const user = model.entities.get('user');
  const column = (of: EntityModel, name: string): string =>
    quoteName(of.fields.get(name)?.column?.name ?? name);
  if (kind !== 'asked' || !deputy || !user) return WRITE;
  const today = `'${dateIn(timeZone, now)}'::date`;
  const told = (before: string): string => `${before} || u.${column(user, user.display)} || ': ' || `;
  return write(`
    UNION ALL SELECT gen_random_uuid(), d.${column(deputy, 'deputy')}, NULL::text, NULL::uuid,
      json_build_object('zh-CN', ${told(`'代'`)}($7::json ->> 'zh-CN'), 'en', ${told(`'For '`)}($7::json ->> 'en'))
    FROM ${quoteName(deputy.table)} d JOIN ${quoteName(user.table)} u ON u.id = d.${column(deputy, 'owner')}
    WHERE d.${column(deputy, 'owner')} = ANY($2::uuid[]) AND d.${column(deputy, 'deputy')} IS DISTINCT FROM $6::uuid
      AND d.${column(deputy, 'todo')} IS NOT FALSE AND d.${column(deputy, 'deleted_at')} IS NULL AND d.${column(deputy, 'is_void')} IS NOT TRUE
      AND ${today} BETWEEN d.${column(deputy, 'start_on')} AND d.${column(deputy, 'end_on')}`);
}

/**
 * Tells people something, in the transaction of what it is about: rolled back with it, heard after its commit. One
 * statement, none where there is nobody to tell. Imports and sample data tell nobody.
 */
export async function notify(tx: Queryable, context: Context, notice: Notice): Promise<void> {
  if (context.source === 'demo' || context.source === 'import') return;
  const actor = context.actor.id;
  const people = [...new Set(notice.users)].filter((user): user is string => isUuid(user) && user !== actor);
  if (people.length === 0) return;
  await tx.query({
    text: writeSql(context, notice),
    values: [
      people.map(() => uuid7()),
      people,
      notice.kind,
      notice.record?.entity ?? null,
      notice.record?.id ?? null,
      isUuid(actor) ? actor : null,
      JSON.stringify(notice.text),
      notice.detail ?? null,
    ],
  });
}
