import type { Queryable } from '../store/database.ts';
import { verifyPassword } from './password-hash.ts';

/** Former hashes that are kept of each user, the present one not counted: as many as the rules can ask for. */
const KEPT = 24;

/** Is it the present password or one of the former, `count` in all? Each comparison costs as much as a sign-in. */
export async function wasTaken(
  db: Queryable,
  userId: string,
  password: string,
  count: number,
): Promise<boolean> {
  if (count < 1) return false;
  const rows = await db.query<{ hash: string }>({
    text: `select hash from (
        select hash, 'infinity'::timestamptz as at from mortise.credential where user_id = $1::uuid
        union all select hash, at from mortise.password_history where user_id = $1::uuid) a
      order by at desc limit $2::integer`,
    values: [userId, count],
  });
  for (const { hash } of rows) if (await verifyPassword(password, hash)) return true;
  return false;
}

/** Puts the present hash among the former ones, before another takes its place. */
export async function keepFormer(tx: Queryable, userId: string): Promise<void> {
  await tx.query({
    text: `insert into mortise.password_history (user_id, hash, at)
      select user_id, hash, clock_timestamp() from mortise.credential where user_id = $1::uuid`,
    values: [userId],
  });
  await tx.query({
    text: `delete from mortise.password_history where user_id = $1::uuid and at < (
      select at from mortise.password_history where user_id = $1::uuid order by at desc offset ${KEPT - 1} limit 1)`,
    values: [userId],
  });
}
