import type { Queryable, Row, Transaction } from '../../store/database.ts';

/** A record that was merged into another one. */
export interface MergedRecord {
  readonly entity: string;
  readonly id: string;
  readonly survivor: string;
  /** The name it had, for the history of the survivor. */
  readonly display: string;
}

/** Most merges one behind the other that a reader is led along. */
const MOST_HOPS = 50;

/** Notes that records were merged into another one. */
export async function noteMerged(
  tx: Transaction,
  operation: string,
  merged: readonly MergedRecord[],
): Promise<void> {
  await tx.query({
    text: `insert into mortise.merged_record (entity, id, survivor, operation, display)
      select entity, id, survivor, $2::uuid, display
      from jsonb_to_recordset($1::jsonb) m(entity text, id uuid, survivor uuid, display text)`,
    values: [JSON.stringify(merged), operation],
  });
}

/** Where a merged record went, over all merges since; null when it was not merged. */
export async function survivorOf(db: Queryable, entity: string, id: string): Promise<string | null> {
  const rows = await db.query<{ survivor: string }>({
    text: `with recursive way(id, hop) as (
        select m.survivor, 1 from mortise.merged_record m where m.entity = $1 and m.id = $2::uuid
        union all
        select m.survivor, way.hop + 1 from way
        join mortise.merged_record m on m.entity = $1 and m.id = way.id where way.hop < ${MOST_HOPS})
      select id as survivor from way order by hop desc limit 1`,
    values: [entity, id],
  });
  return rows[0]?.survivor ?? null;
}

/** Was the record merged into another one, and not taken back since? */
export async function isMerged(db: Queryable, entity: string, id: string): Promise<boolean> {
  return (await survivorOf(db, entity, id)) !== null;
}

/** The records that one operation merged. */
export async function mergedBy(db: Queryable, operation: string): Promise<readonly MergedRecord[]> {
  return await db.query<MergedRecord & Row>({
    text: 'select entity, id, survivor, display from mortise.merged_record where operation = $1::uuid order by id',
    values: [operation],
  });
}

/** Forgets what an operation merged, when it is undone. */
export async function forgetMerged(tx: Transaction, operation: string): Promise<void> {
  await tx.query({
    text: 'delete from mortise.merged_record where operation = $1::uuid',
    values: [operation],
  });
}

/** A condition that leaves out merged records. @param id expression of the record's key */
export function notMerged(entity: string, id: string): string {
  return `NOT EXISTS (SELECT 1 FROM mortise.merged_record m WHERE m.entity = '${entity.replaceAll("'", "''")}' AND m.id = ${id})`;
}
