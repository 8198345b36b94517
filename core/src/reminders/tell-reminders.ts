import type { Context } from '../context/context.ts';
import { notify } from '../notify/notify.ts';
import type { Database } from '../store/database.ts';

const MOST = 200;

interface DueRow {
  readonly [column: string]: unknown;
  readonly id: string;
  readonly user: string;
  readonly entity: string | null;
  readonly record_id: string | null;
  readonly days_before: number;
  readonly has_field: boolean;
  readonly note: string | null;
}

/**
 * Tells what is due by `now`, each reminder once: told and marked in one transaction. A server that stood still tells
 * what was due meanwhile. @param context of the platform; nobody is its actor
 */
export async function tellReminders(db: Database, context: Context, now: Date): Promise<void> {
  for (;;) {
    const told = await db.transaction(async (tx) => {
      const due = await tx.query<DueRow>({
        text: `update mortise.reminder set told_at = $1::timestamptz where id in (
            select id from mortise.reminder
            where done_at is null and told_at is null and coalesce(snoozed_until, due_at) <= $1::timestamptz
            order by coalesce(snoozed_until, due_at) limit ${MOST} for update skip locked)
          returning id::text as id, "user"::text as "user", entity, record_id::text as record_id, days_before,
            field is not null as has_field, note`,
        values: [now.toISOString()],
      });
      for (const { user, entity, record_id: id, days_before: days, has_field: hasField, note } of due)
        await notify(tx, context, {
          users: [user],
          kind: 'reminder',
          text:
            hasField && days > 0
              ? {
                  'zh-CN': `提醒:还有 ${days} 天`,
                  en: days === 1 ? 'Reminder: 1 day left' : `Reminder: ${days} days left`,
                }
              : { 'zh-CN': '提醒', en: 'Reminder' },
          ...(entity !== null && id !== null ? { record: { entity, id } } : {}),
          detail: note,
        });
      return due.length;
    });
    if (told < MOST) return;
  }
}
