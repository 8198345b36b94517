import type { Row, Transaction } from '../store/database.ts';
import type { KindOfKeys } from './watch-tables.ts';

/** Small, so that requests are answered between two of them. */
const BATCH = 200;

/** Some of the records whose keys are due. */
export interface Pending {
  /** Ids by entity; empty when none waits. */
  readonly byEntity: ReadonlyMap<string, readonly string[]>;
  /** Whether more may wait: those that came in the meantime are collected first. */
  readonly more: boolean;
}

/** Takes the records that have waited longest out of the queue. */
export async function takePending(tx: Transaction, kind: KindOfKeys): Promise<Pending> {
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
  return {
    byEntity: new Map(Array.from(byEntity, ([entity, ids]) => [entity, [...ids]])),
    more: marked.length === BATCH,
  };
}
