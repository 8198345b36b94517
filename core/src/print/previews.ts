import { isUuid } from '../fields/uuid.ts';
import type { Database } from '../store/database.ts';
import { uuid7 } from '../store/uuid7.ts';

const MINUTES = 15;

/** Keeps a rendered page for the preview frame and gives its id. Expired pages are removed on the way. */
export async function keepPreview(db: Database, userId: string, html: string): Promise<string> {
  const id = uuid7();
  await db.query({
    text: `with expired as (delete from mortise.print_preview where expires_at < now())
      insert into mortise.print_preview (id, user_id, html, expires_at)
      values ($1, $2, $3, now() + make_interval(mins => $4))`,
    values: [id, userId, html, MINUTES],
  });
  return id;
}

/** The page, for the one who rendered it; null when it is gone or somebody else's. */
export async function findPreview(db: Database, userId: string, id: string): Promise<string | null> {
  if (!isUuid(id)) return null;
  const rows = await db.query<{ html: string }>({
    text: 'select html from mortise.print_preview where id = $1 and user_id = $2 and expires_at > now()',
    values: [id, userId],
  });
  return rows[0]?.html ?? null;
}
