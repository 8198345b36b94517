import type { Queryable } from '../store/database.ts';

/** At once, so that nobody waits for a sweep. */
const BATCH = 1000;

/** For so many days runs of rules are kept, and with them which deadlines had come. */
export const RULE_RUN_DAYS = 180;

/** What is kept for how many days, and from when they count. A failed delivery is kept until somebody has dealt with it. */
const KEPT = [
  { table: 'rule_run', from: 'at', days: RULE_RUN_DAYS, when: 'true' },
  { table: 'outbox', from: 'done_at', days: 90, when: `state in ('done', 'cancelled')` },
  { table: 'notification', from: 'read_at', days: 180, when: 'true' },
  { table: 'draft', from: 'at', days: 30, when: 'true' },
] as const;

/**
 * Forgets runs of rules, what was sent, notifications that were read and unsaved drafts, once they are old: logs of work,
 * not history.
 * @param now the time from which they are old
 */
export async function forgetOld(db: Queryable, now: Date): Promise<void> {
  for (const { table, from, days, when } of KEPT) {
    const before = new Date(now.getTime() - days * 86_400_000).toISOString();
    await db.query({
      text: `delete from mortise.${table} where id in
        (select id from mortise.${table} where ${from} < $1::timestamptz and ${when} order by ${from} limit ${BATCH})`,
      values: [before],
    });
  }
}
