import type { Database, Transaction } from '../store/database.ts';

const COMPLETE = 'demo.complete';

/** How many marked records there are. */
export async function countDemo(db: Database): Promise<number> {
  const rows = await db.query<{ n: number }>({ text: 'select count(*)::int as n from mortise.sample_mark' });
  return rows[0]?.n ?? 0;
}

/** Was a load of sample data brought to its end, and not removed since? Marked records alone may be half of one. */
export async function isDemoComplete(db: Database): Promise<boolean> {
  const rows = await db.query({
    text: 'select 1 from mortise.installation where key = $1',
    values: [COMPLETE],
  });
  return rows.length > 0;
}

/** Notes that all scripts ran to their end. */
export async function noteComplete(db: Database, records: number): Promise<void> {
  await db.query({
    text: `insert into mortise.installation (key, value) values ($1, $2::json)
      on conflict (key) do update set value = excluded.value`,
    values: [COMPLETE, JSON.stringify({ at: new Date().toISOString(), records })],
  });
}

/** Takes the note back, in the transaction that removes the records. */
export async function forgetComplete(tx: Transaction): Promise<void> {
  await tx.query({ text: 'delete from mortise.installation where key = $1', values: [COMPLETE] });
}
