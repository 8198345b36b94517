import type { Context } from '../context/context.ts';
import type { EntityModel } from '../model/model.ts';
import type { Values } from '../records/draft.ts';
import type { Database, Row } from '../store/database.ts';
import { readableRecords } from './date-rule.ts';
import { rowsOf } from './stored-rows.ts';

/** A write of the past, as a rule would have seen it. */
export interface PastEvent {
  readonly at: string;
  readonly by: string | null;
  readonly record: string | null;
  readonly transitions: readonly string[];
  readonly values: Readonly<Values>;
  /** Null where the record was new. */
  readonly previous: Readonly<Values> | null;
}

interface HistoryEvent extends Row {
  readonly at: string;
  readonly action: string;
  readonly by: string | null;
  readonly record_id: string;
  readonly changes: Readonly<Record<string, { readonly old: unknown; readonly new: unknown }>>;
  readonly transitions: readonly string[] | null;
}

const WRITES: ReadonlySet<string> = new Set(['create', 'update', 'transition']);

/** The least id that can have been made at a moment: ids of history rows carry their time (UUIDv7). */
function leastId(moment: Date): string {
  const time = Math.max(0, moment.getTime()).toString(16).padStart(12, '0');
  return `${time.slice(0, 8)}-${time.slice(8)}-0000-0000-000000000000`;
}

/**
 * The writes of an entity's records since a moment, the newest first, each with the record before and after it: the
 * stored record, its history undone row by row. Records of sample data and those the reader may not see are left out.
 */
export async function eventsSince(
  db: Database,
  context: Context,
  entity: EntityModel,
  from: Date,
  most: number,
): Promise<{
  readonly events: readonly PastEvent[];
  readonly isPart: boolean;
}> {
  const rows = await db.query<HistoryEvent>({
    text: `select h.at, h.action, h."by", h.record_id, h.changes, (select json_agg(s.transition) from mortise.workflow_step s
        where s.entity = h.entity and s.record_id = h.record_id and s.version = h.version and h.action not in ('share', 'unshare')) as transitions
      from mortise.history h where h.entity = $1 and h.id >= $2::uuid and h.at >= $3::timestamptz and h.source <> 'demo'
      order by h.id desc limit $4::integer`,
    values: [entity.name, leastId(from), from.toISOString(), most + 1],
  });
  const ids = [...new Set(rows.map(({ record_id }) => record_id))];
  const visible = new Set(await visibleAmong(db, context, entity, ids));
  const now = new Map(
    (await rowsOf(db, context, entity, [...visible])).map((values) => [String(values['id']), values]),
  );
  const events = rows.slice(0, most).flatMap((row): PastEvent[] => {
    const after = now.get(row.record_id);
    if (!after) return [];
    const before: Values = { ...after };
    for (const [name, change] of Object.entries(row.changes)) before[name] = change.old;
    now.set(row.record_id, before);
    if (!WRITES.has(row.action)) return [];
    return [
      {
        at: row.at,
        by: row.by,
        record: row.record_id,
        transitions: row.transitions ?? [],
        values: after,
        previous: row.action === 'create' ? null : before,
      },
    ];
  });
  return { events, isPart: rows.length > most };
}

async function visibleAmong(
  db: Database,
  context: Context,
  entity: EntityModel,
  ids: readonly string[],
): Promise<readonly string[]> {
  const found: string[] = [];
  for (let at = 0; at < ids.length; at += 1000) {
    const some = ids.slice(at, at + 1000);
    found.push(
      ...(await readableRecords(db, context, entity, null, some.length, (source, parameters) => [
        `${source.alias}.id = ANY(${parameters.bind(some)}::uuid[])`,
      ])),
    );
  }
  return found;
}
