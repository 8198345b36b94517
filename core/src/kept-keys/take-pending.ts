import type { Row, Transaction } from '../store/database.ts';
import type { KindOfKeys } from './watch-tables.ts';

/** Small, so that requests are answered between two of them. */
const BATCH = 200;

/** Takes the records that have waited longest out of the queue: ids by entity. Empty when none waits. */
export async function takePending(
  tx: Transaction,
  kind: KindOfKeys,
): Promise<ReadonlyMap<string, readonly string[]>> {
  const marked = await tx.query<Row & { entity: string; record_id: string }>({
    text: `delete from mortise.${kind}_pending where position in
        (select position from mortise.${kind}_pending order by position limit ${BATCH} for update)
      returning entity, record_id`,
  });
  const byEntity = new Map<string, Set<string>>();
  for (const { entity, record_id } of marked) {
    const ids = byEntity.get(entity) ?? new Set();
    byEntity.set(entity, ids.add(record_id));
  }
  return new Map(Array.from(byEntity, ([entity, ids]) => [entity, [...ids]]));
}
