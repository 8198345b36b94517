import { takePending } from '../kept-keys/take-pending.ts';
import type { Database, Transaction } from '../store/database.ts';
import type { CheckedFields } from './checked-fields.ts';
import { loadFacts } from './load-facts.ts';
import type { Places } from './places.ts';
import { allKeys } from './record-keys.ts';

/** What keys are made by at the moment. */
export interface KeyRules {
  readonly entities: ReadonlyMap<string, CheckedFields>;
  readonly places: Places;
}

/** Makes the keys of the records that have waited longest; whether more may wait. */
export async function makeKeys(db: Database, rules: KeyRules): Promise<boolean> {
  return await db.transaction(async (tx) => {
    const { byEntity, more } = await takePending(tx, 'duplicate');
    for (const [entity, ids] of byEntity) await storeKeys(tx, entity, ids, rules);
    return more;
  });
}

async function storeKeys(
  tx: Transaction,
  entity: string,
  ids: readonly string[],
  { entities, places }: KeyRules,
): Promise<void> {
  const fields = entities.get(entity);
  const facts = fields ? await loadFacts(tx, fields, ids, places) : new Map<string, never>();
  const rows = Array.from(facts, ([id, each]) => ({ id, keys: allKeys(each, places) }));
  if (rows.length > 0)
    await tx.query({
      text: `insert into mortise.duplicate_key (entity, record_id, keys)
          select $1, id, keys from jsonb_to_recordset($2::jsonb) as made (id uuid, keys int[])
        on conflict (entity, record_id) do update set keys = excluded.keys`,
      values: [entity, JSON.stringify(rows)],
    });
  const gone = ids.filter((id) => !facts.has(id));
  if (gone.length > 0)
    await tx.query({
      text: 'delete from mortise.duplicate_key where entity = $1 and record_id = any($2::uuid[])',
      values: [entity, gone],
    });
}
