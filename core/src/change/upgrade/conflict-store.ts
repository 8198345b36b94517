import type { LayerConflict } from '../../http/contract.ts';
import type { DocumentKind } from '../../model/documents.ts';
import type { Queryable, Transaction } from '../../store/database.ts';
import { uuid7 } from '../../store/uuid7.ts';
import type { ConflictReason, FoundConflict } from './layer-conflict.ts';

/** Lists conflicts for somebody to decide. */
export async function storeConflicts(tx: Transaction, found: readonly FoundConflict[]): Promise<void> {
  if (found.length === 0) return;
  await tx.query({
    text: `insert into mortise.layer_conflict (id, kind, name, path, reason, before, site, shipped, detail)
      select * from json_to_recordset($1) as d
        (id uuid, kind text, name text, path text, reason text, before json, site json, shipped json, detail text)`,
    values: [JSON.stringify(found.map((conflict) => ({ id: uuid7(), ...conflict })))],
  });
}

interface ConflictRow extends Record<string, unknown> {
  readonly id: string;
  readonly at: string;
  readonly kind: DocumentKind;
  readonly name: string;
  readonly path: string;
  readonly reason: ConflictReason;
  readonly before: unknown;
  readonly site: unknown;
  readonly shipped: unknown;
  readonly detail: string | null;
}

/** Conflicts that nobody has decided yet, the oldest first; `id` for one of them. */
export async function openConflicts(db: Queryable, id?: string): Promise<readonly LayerConflict[]> {
  return await db.query<ConflictRow>({
    text: `select id, at, kind, name, path, reason, before, site, shipped, detail from mortise.layer_conflict
      where decided is null ${id === undefined ? '' : 'and id = $1'} order by id`,
    values: id === undefined ? [] : [id],
  });
}

/** Notes who has decided a conflict and how. */
export async function decideConflict(
  db: Queryable,
  id: string,
  decided: 'site' | 'shipped',
  by: string | null,
): Promise<void> {
  await db.query({
    text: `update mortise.layer_conflict set decided = $2, decided_at = now(), decided_by = $3
      where id = $1 and decided is null`,
    values: [id, decided, by],
  });
}
