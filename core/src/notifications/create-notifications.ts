import type { Context } from '../context/context.ts';
import type { Records } from '../records/records.ts';
import type { Database, Row } from '../store/database.ts';
import type { LocaleText } from '../text/locale.ts';
import type { NotificationKind } from '../notify/notify.ts';

/** A notification as its reader sees it. */
export interface NotificationView {
  readonly id: string;
  readonly at: string;
  readonly kind: NotificationKind;
  readonly text: LocaleText;
  readonly detail: string | null;
  /** Who caused it, as far as the reader may know of him. */
  readonly by: string | null;
  readonly record: {
    readonly entity: string;
    readonly label: LocaleText;
    readonly id: string;
    readonly name: string;
  } | null;
  readonly read: boolean;
}

/** GET /api/v1/me/notifications */
export interface NotificationsAnswer {
  readonly items: readonly NotificationView[];
  /** Unread ones, counted up to 200. */
  readonly unread: number;
}

/** What one person was told: read through his gate, so that none tells of a record he may not read. */
export interface Notifications {
  list(
    context: Context,
    request: { readonly limit: number; readonly unread: boolean },
  ): Promise<NotificationsAnswer>;
  /** Marks as read; all of them without `ids`. */
  markRead(context: Context, ids?: readonly string[]): Promise<void>;
}

interface NotificationRow extends Row {
  readonly id: string;
  readonly at: Date | string;
  readonly kind: NotificationKind;
  readonly entity: string | null;
  readonly record_id: string | null;
  readonly by: string | null;
  readonly text: LocaleText;
  readonly detail: string | null;
  readonly read: boolean;
}

/** Unread ones that are counted; a badge says no more. */
const COUNTED = 200;
/** How long read ones are kept. */
const KEPT = '180 days';

const LIST = `SELECT id::text AS id, at, kind, entity, record_id::text AS record_id, "by"::text AS "by", text, detail,
    read_at IS NOT NULL AS read
  FROM mortise.notification WHERE "user" = $1::uuid AND ($2::boolean IS FALSE OR read_at IS NULL)
  ORDER BY at DESC, id DESC LIMIT $3::integer`;

/** Entity → id → name of the records that the person may read. */
type Names = ReadonlyMap<string, ReadonlyMap<string, string>>;

export function createNotifications(db: Database, records: Records): Notifications {
  async function rowsOf(context: Context, unread: boolean, limit: number): Promise<NotificationRow[]> {
    return await db.query<NotificationRow>({ text: LIST, values: [context.actor.id, unread, limit] });
  }

  /** The names of records by the right to read them; a kind of record that may not be seen has none. */
  async function namesOf(context: Context, rows: readonly NotificationRow[]): Promise<Names> {
    const wanted = new Map<string, Set<string>>();
    for (const { entity, record_id: id, by } of rows) {
      if (entity !== null && id !== null) wanted.set(entity, (wanted.get(entity) ?? new Set()).add(id));
      if (by !== null) wanted.set('user', (wanted.get('user') ?? new Set()).add(by));
    }
    const names = new Map<string, ReadonlyMap<string, string>>();
    for (const [name, ids] of wanted) {
      const entity = context.model.entities.get(name);
      const rights = entity && context.access.compiled.entity(entity);
      if (!entity || !rights || rights.rows('read').length === 0 || rights.visible.length === 0) continue;
      const { items } = await records.list(context, name, {
        filter: { id: { $in: [...ids] } },
        fields: [entity.display],
        action: 'read',
        limit: ids.size,
        state: 'all',
      });
      names.set(name, new Map(items.map((item) => [String(item['id']), String(item[entity.display] ?? '')])));
    }
    return names;
  }

  const isReadable = (row: NotificationRow, names: Names): boolean =>
    row.entity === null || names.get(row.entity)?.has(row.record_id ?? '') === true;

  return {
    async list(context, { limit, unread }) {
      const rows = await rowsOf(context, unread, limit);
      const waiting = await rowsOf(context, true, COUNTED);
      const names = await namesOf(context, [...rows, ...waiting]);
      return {
        items: rows.filter((row) => isReadable(row, names)).map((row) => viewOf(context, row, names)),
        unread: waiting.filter((row) => isReadable(row, names)).length,
      };
    },
    async markRead(context, ids) {
      await db.query({
        text: `WITH old AS (DELETE FROM mortise.notification WHERE "user" = $1::uuid AND at < now() - interval '${KEPT}' AND read_at IS NOT NULL)
          UPDATE mortise.notification SET read_at = now() WHERE "user" = $1::uuid AND read_at IS NULL AND ($2::uuid[] IS NULL OR id = ANY($2::uuid[]))`,
        values: [context.actor.id, ids ?? null],
      });
    },
  };
}

function viewOf(context: Context, row: NotificationRow, names: Names): NotificationView {
  const entity = row.entity === null ? undefined : context.model.entities.get(row.entity);
  return {
    id: row.id,
    at: new Date(row.at).toISOString(),
    kind: row.kind,
    text: row.text,
    detail: row.detail,
    by: row.by === null ? null : (names.get('user')?.get(row.by) ?? null),
    record:
      entity && row.record_id !== null
        ? {
            entity: entity.name,
            label: entity.label,
            id: row.record_id,
            name: names.get(entity.name)?.get(row.record_id) ?? '',
          }
        : null,
    read: row.read,
  };
}
