import { randomBytes } from 'node:crypto';
import type { Queryable, Row } from '../store/database.ts';

/** A signing secret as it is listed: never its value. */
export interface SecretEntry {
  readonly name: string;
  readonly created_at: string;
}

/** Makes a secret, or another one in its place, and tells it this once: whoever receives must be given it. */
export async function renewSecret(db: Queryable, name: string, by: string): Promise<string> {
  const secret = `whsec_${randomBytes(32).toString('base64')}`;
  await db.query({
    text: `insert into mortise.webhook_secret (name, secret, created_by) values ($1, $2, nullif($3, '')::uuid)
      on conflict (name) do update set secret = excluded.secret, created_at = now(), created_by = excluded.created_by`,
    values: [name, secret, by],
  });
  return secret;
}

export async function listSecrets(db: Queryable): Promise<readonly SecretEntry[]> {
  return await db.query<SecretEntry & Row>({
    text: `select name, created_at from mortise.webhook_secret where left(name, 1) <> '$' order by name`,
  });
}

/** The value that signs, or null when nobody has made it yet. */
export async function secretNamed(db: Queryable, name: string): Promise<string | null> {
  const [row] = await db.query<{ secret: string }>({
    text: 'select secret from mortise.webhook_secret where name = $1',
    values: [name],
  });
  return row?.secret ?? null;
}
