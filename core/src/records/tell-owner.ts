import type { Context } from '../context/context.ts';
import { notify } from '../notify/notify.ts';
import type { Transaction } from '../store/database.ts';
import type { Draft } from './draft.ts';

/** Tells whoever a record is given to by somebody else, where its entity says so (`ownerNotice`). */
export async function tellOwner(context: Context, tx: Transaction, draft: Draft): Promise<void> {
  const { entity, id, values, previous } = draft;
  const text = entity.document.ownerNotice;
  if (text === undefined || values['owner'] === previous?.['owner']) return;
  await notify(tx, context, {
    users: [values['owner']],
    kind: 'given',
    text,
    record: { entity: entity.name, id },
  });
}
