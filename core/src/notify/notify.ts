import type { Context } from '../context/context.ts';
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

const WRITE = `WITH told AS (
    INSERT INTO mortise.notification (id, "user", kind, entity, record_id, "by", text, detail)
    SELECT n.id, n.person, $3, $4, $5::uuid, $6::uuid, $7::json, $8 FROM unnest($1::uuid[], $2::uuid[]) AS n(id, person)
    WHERE NOT EXISTS (SELECT 1 FROM mortise.user_setting s
      WHERE s.user_id = n.person AND s.settings #>> ARRAY['notifications', $3] = 'false')
    RETURNING "user")
  SELECT pg_notify('${TOLD_CHANNEL}', told."user"::text) FROM told`;

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
    text: WRITE,
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
