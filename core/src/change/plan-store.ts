import { randomBytes } from 'node:crypto';
import type { Actor } from '../context/context.ts';
import type { DocumentChange } from '../http/contract.ts';
import type { Database } from '../store/database.ts';

/** A previewed change; every change in it carries the `base` it was previewed on. */
export interface StoredPlan {
  readonly version: number;
  readonly note: string;
  readonly changes: readonly DocumentChange[];
}

/** Keeps a previewed change for a day, in the database, so that any node can apply it. Answers its token. */
export async function storePlan(db: Database, actor: Actor, plan: StoredPlan): Promise<string> {
  const token = randomBytes(24).toString('base64url');
  await db.query({ text: `delete from mortise.plan where created_at < now() - interval '1 day'` });
  await db.query({
    text: 'insert into mortise.plan (token, version, author, note, changes) values ($1, $2, $3, $4, $5)',
    values: [token, plan.version, actor.id, plan.note, JSON.stringify(plan.changes)],
  });
  return token;
}

/** The previewed change of a token; undefined when there is none (any more). */
export async function readPlan(db: Database, token: string): Promise<StoredPlan | undefined> {
  const rows = await db.query<StoredPlan & Record<string, unknown>>({
    text: 'select version, note, changes from mortise.plan where token = $1',
    values: [token],
  });
  return rows[0];
}

/** Forgets an applied plan. */
export async function dropPlan(db: Database, token: string): Promise<void> {
  await db.query({ text: 'delete from mortise.plan where token = $1', values: [token] });
}
