import { randomBytes } from 'node:crypto';
import type { Actor } from '../context/context.ts';
import type { DataChange, DocumentChange, RevertSelection } from '../http/contract.ts';
import type { Database, Queryable } from '../store/database.ts';
import type { PackageWish } from './transport/package-target.ts';

/** A previewed change: documents, each with the `base` it was previewed on, or a package. */
export interface StoredPlan {
  readonly version: number;
  readonly note: string;
  readonly changes: readonly DocumentChange[] | PackageWish;
  readonly data: readonly DataChange[];
  /** Set when it goes back instead: to a version, or behind a change set. */
  readonly revert: StoredRevert | null;
}

export interface StoredRevert {
  readonly version: number;
  readonly changeSet?: string;
  readonly select: readonly RevertSelection[];
  readonly note?: string;
}

/** Keeps a previewed change for a day, in the database, so that any node can apply it. Answers its token. */
export async function storePlan(db: Database, actor: Actor, plan: StoredPlan): Promise<string> {
  const token = randomBytes(24).toString('base64url');
  await db.query({ text: `delete from mortise.plan where created_at < now() - interval '1 day'` });
  await db.query({
    text: `insert into mortise.plan (token, version, author, note, changes, data, revert)
      values ($1, $2, $3, $4, $5, $6, $7)`,
    values: [
      token,
      plan.version,
      actor.id,
      plan.note,
      JSON.stringify(plan.changes),
      JSON.stringify(plan.data),
      plan.revert && JSON.stringify(plan.revert),
    ],
  });
  return token;
}

/** The previewed change of a token; undefined when there is none (any more). */
export async function readPlan(db: Queryable, token: string): Promise<StoredPlan | undefined> {
  const rows = await db.query<StoredPlan & Record<string, unknown>>({
    text: 'select version, note, changes, data, revert from mortise.plan where token = $1',
    values: [token],
  });
  return rows[0];
}

/** Forgets an applied plan. */
export async function dropPlan(db: Database, token: string): Promise<void> {
  await db.query({ text: 'delete from mortise.plan where token = $1', values: [token] });
}

/** Is the previewed change a package? */
export function isPackagePlan(changes: StoredPlan['changes']): changes is PackageWish {
  return !Array.isArray(changes);
}
