import type { Queryable } from '../store/database.ts';

/** A rename of an entity, at the change set that made it. Ids are UUIDv7: their order is that of time. */
export interface PastRename {
  readonly id: string;
  readonly from: string;
  readonly to: string;
}

/** The rows of a log in which an entity stands under one of its names. */
export interface NamedSpan {
  readonly name: string;
  /** Only rows with greater ids; null: from the beginning. */
  readonly after: string | null;
  /** Only rows with smaller ids; null: until now. */
  readonly before: string | null;
}

/** All renames there were, the oldest first. */
export async function pastRenames(db: Queryable): Promise<readonly PastRename[]> {
  return await db.query<{ id: string; from: string; to: string }>({
    text: `select c.id::text as id, e->>'from' as "from", e->>'to' as "to"
      from mortise.change_set c cross join lateral json_array_elements(c.changes) e
      where c.changes::text like '%"type":"rename"%' and e->>'type' = 'rename' order by c.id`,
  });
}

/** What an entity is called today that a row of a log has by the name of its time. @param id of the row */
export function nameToday(renames: readonly PastRename[], name: string, id: string): string {
  return renames.reduce((now, { id: at, from, to }) => (at > id && from === now ? to : now), name);
}

/** Under which names an entity of today stands in a log that keeps them as they were, the newest first. */
export function spansOf(renames: readonly PastRename[], today: string): readonly NamedSpan[] {
  const spans: NamedSpan[] = [];
  let name = today;
  let before: string | null = null;
  for (const { id, from, to } of renames.toReversed()) {
    if (to !== name) continue;
    spans.push({ name, after: id, before });
    [name, before] = [from, id];
  }
  return [...spans, { name, after: null, before }];
}
