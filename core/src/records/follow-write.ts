import type { Context } from '../context/context.ts';
import type { EntityModel } from '../model/model.ts';
import type { Transaction } from '../store/database.ts';
import { answerDraft } from './answer-record.ts';
import type { Draft, Values } from './draft.ts';
import { draftOf, loadRecord } from './load-record.ts';
import type { RecordData } from './records.ts';
import type { WriteScope } from './write-scope.ts';

/** A record that has just been written, before its transaction commits. */
export interface FollowedWrite {
  readonly entity: EntityModel;
  readonly id: string;
  readonly values: Readonly<Values>;
  readonly previous: Readonly<Values> | null;
  /** Transitions taken with this write. */
  readonly transitions: readonly string[];
}

/** What happens by itself after a write, in its transaction: the automation rules. */
export interface WriteFollower {
  /** Does anything follow writes of this entity? Asked before the write, which is cheaper without. */
  concerns(entity: string, context: Context): boolean;
  /** Whether the record itself was written again. What it throws refuses the write. */
  follow(write: FollowedWrite, context: Context, tx: Transaction): Promise<boolean>;
}

/** Whether rules look at writes of the entity. */
export function isFollowed(scope: WriteScope, context: Context, { name }: EntityModel): boolean {
  return scope.follower?.concerns(name, context) === true;
}

/** Lets follow what follows a written draft, and answers the record as it stands then. */
export async function followWrite(
  scope: WriteScope,
  context: Context,
  tx: Transaction,
  draft: Draft,
  transitions: readonly string[],
): Promise<RecordData> {
  const { entity, id, values, previous } = draft;
  if (!isFollowed(scope, context, entity)) return answerDraft(context, draft);
  const isChanged = await scope.follower?.follow({ entity, id, values, previous, transitions }, context, tx);
  const loaded = isChanged ? await loadRecord(tx, context, entity, id) : null;
  if (!loaded) return answerDraft(context, draft);
  const now = draftOf(context, entity, loaded);
  for (const [name, lines] of draft.lines) now.lines.set(name, lines);
  return answerDraft(context, now);
}
