import { addDays, dateIn, momentOf } from '../workflow/business-time.ts';
import type { Context } from '../context/context.ts';
import { problem } from '../errors/catalogue.ts';
import { isUuid } from '../fields/uuid.ts';
import type { EntityModel, FieldModel, Model } from '../model/model.ts';
import type { Records } from '../records/records.ts';
import type { Database, Row } from '../store/database.ts';
import { quoteName } from '../access/quote-name.ts';
import { uuid7 } from '../store/uuid7.ts';
import type { LocaleText } from '../text/locale.ts';

/** What a person asks to be reminded of. */
export interface ReminderWish {
  readonly record: { readonly entity: string; readonly id: string } | null;
  /** Date field that it hangs on; null: at the moment `at`. */
  readonly field: string | null;
  readonly daysBefore: number;
  /** Time of day, `HH:MM`. */
  readonly time: string;
  readonly at: Date | null;
  readonly note: string | null;
}

/** A running reminder as its owner sees it. */
export interface ReminderView {
  readonly id: string;
  readonly record: {
    readonly entity: string;
    readonly label: LocaleText;
    readonly id: string;
    readonly name: string;
  } | null;
  readonly field: { readonly name: string; readonly label: LocaleText } | null;
  readonly daysBefore: number;
  /** When it is due; null while the date is empty. */
  readonly due: string | null;
  readonly snoozed: boolean;
  /** It has been told, and waits to be done or put off. */
  readonly told: boolean;
  readonly note: string | null;
}

/** GET /api/v1/me/reminders */
export interface RemindersAnswer {
  readonly items: readonly ReminderView[];
}

/** Personal reminders (NTF-01, NTF-03): asked for, listed, put off, done. */
export interface Reminders {
  /** @throws MRT_RECORD_NOT_FOUND, MRT_ACCESS_FIELD, MRT_REQUEST_MALFORMED, MRT_RECORD_STATE above the limit */
  create(context: Context, wish: ReminderWish): Promise<{ readonly id: string }>;
  /** Running ones, the next first; of a record that may not be read any more only that there is one. */
  list(context: Context): Promise<RemindersAnswer>;
  /** False when the person has no such running reminder. */
  snooze(context: Context, id: string, until: Date): Promise<boolean>;
  done(context: Context, id: string): Promise<boolean>;
}

/** Running reminders of one person. */
const MOST = 500;

interface ReminderRow extends Row {
  readonly id: string;
  readonly entity: string | null;
  readonly record_id: string | null;
  readonly field: string | null;
  readonly days_before: number;
  readonly at_time: string | null;
  readonly due: string | Date | null;
  readonly snoozed: boolean;
  readonly told: boolean;
  readonly note: string | null;
}

/** When a reminder is due for a value of its field. */
function reminderDue(value: unknown, daysBefore: number, time: string, timeZone: string): Date | null {
  if (typeof value !== 'string' || value === '') return null;
  const day = addDays(value.length === 10 ? value : dateIn(timeZone, value), -daysBefore);
  return day === null ? null : momentOf(day, time, timeZone);
}

export function createReminders(db: Database, records: Pick<Records, 'read' | 'list'>): Reminders {
  /** The value of the date field, through the person's gate. */
  async function dateOf(context: Context, wish: ReminderWish): Promise<unknown> {
    const { record, field } = wish;
    if (record === null) return null;
    const entity = context.model.entities.get(record.entity);
    if (!entity) throw problem('MRT_ENTITY_UNKNOWN', { entity: record.entity });
    if (field !== null) requireDate(context, entity, field);
    const row = await records.read(context, record.entity, record.id, { fields: ['id', field ?? 'id'] });
    return field === null ? null : row[field];
  }

  return {
    async create(context, wish) {
      if (wish.field === null && wish.at === null)
        throw problem('MRT_REQUEST_MALFORMED', { reason: '/field, /at' });
      if (wish.field !== null && wish.record === null)
        throw problem('MRT_REQUEST_MALFORMED', { reason: '/entity' });
      if (wish.record === null && wish.note === null)
        throw problem('MRT_REQUEST_MALFORMED', { reason: '/note' });
      const value = await dateOf(context, wish);
      const due =
        wish.field === null ? wish.at : reminderDue(value, wish.daysBefore, wish.time, context.timeZone);
      const id = uuid7();
      const made = await db.query<Row>({
        text: `insert into mortise.reminder
            (id, "user", entity, record_id, field, days_before, at_time, due_at, note, computed_for)
          select $1::uuid, $2::uuid, $3, $4::uuid, $5, $6::integer, $7, $8::timestamptz, $9, $10
          where (select count(*) from mortise.reminder where "user" = $2::uuid and done_at is null) < ${MOST}
          returning id`,
        values: [
          id,
          context.actor.id,
          wish.record?.entity ?? null,
          wish.record?.id ?? null,
          wish.field,
          wish.daysBefore,
          wish.field === null ? null : wish.time,
          due?.toISOString() ?? null,
          wish.note,
          typeof value === 'string' ? value : null,
        ],
      });
      if (made.length === 0)
        throw problem('MRT_RECORD_STATE', {
          reason: context.locale === 'en' ? `at most ${MOST} reminders run` : `最多 ${MOST} 个进行中的提醒`,
        });
      return { id };
    },

    async list(context) {
      const rows = await db.query<ReminderRow>({
        text: `select id::text as id, entity, record_id::text as record_id, field, days_before, at_time,
            coalesce(snoozed_until, due_at) as due, snoozed_until is not null as snoozed, told_at is not null as told, note
          from mortise.reminder where "user" = $1::uuid and done_at is null
          order by coalesce(snoozed_until, due_at) nulls last, id limit ${MOST}`,
        values: [context.actor.id],
      });
      const names = await namesOf(context, records, rows);
      return { items: rows.map((row) => viewOf(context, row, names)) };
    },

    async snooze(context, id, until) {
      return await change(
        db,
        context,
        id,
        'snoozed_until = $3::timestamptz, told_at = null',
        until.toISOString(),
      );
    },

    async done(context, id) {
      return await change(db, context, id, 'done_at = $3::timestamptz', context.now.toISOString());
    },
  };
}

async function change(
  db: Database,
  context: Context,
  id: string,
  what: string,
  at: string,
): Promise<boolean> {
  if (!isUuid(id)) return false;
  const rows = await db.query<Row>({
    text: `update mortise.reminder set ${what} where id = $1::uuid and "user" = $2::uuid and done_at is null returning id`,
    values: [id, context.actor.id, at],
  });
  return rows.length > 0;
}

function requireDate(context: Context, entity: EntityModel, name: string): FieldModel {
  const field = entity.fields.get(name);
  const isSeen = field && context.access.compiled.entity(entity).field(field).read.length > 0;
  if (!field || !isSeen) throw problem('MRT_ACCESS_FIELD', { field: name });
  if (!['date', 'datetime'].includes(field.type) || !field.column)
    throw problem('MRT_REQUEST_MALFORMED', { reason: `/field: ${name}` });
  return field;
}

type Names = ReadonlyMap<string, ReadonlyMap<string, string>>;

async function namesOf(
  context: Context,
  records: Pick<Records, 'list'>,
  rows: readonly ReminderRow[],
): Promise<Names> {
  const names = new Map<string, ReadonlyMap<string, string>>();
  for (const name of new Set(rows.flatMap(({ entity }) => entity ?? []))) {
    const entity = context.model.entities.get(name);
    const rights = entity && context.access.compiled.entity(entity);
    if (!entity || !rights || rights.rows('read').length === 0 || rights.visible.length === 0) continue;
    const ids = rows.flatMap((row) => (row.entity === name && row.record_id ? [row.record_id] : []));
    const { items } = await records.list(context, name, {
      filter: { id: { $in: [...new Set(ids)] } },
      fields: ['id', entity.display],
      action: 'read',
      limit: MOST,
      state: 'all',
    });
    names.set(name, new Map(items.map((item) => [String(item['id']), String(item[entity.display] ?? '')])));
  }
  return names;
}

function viewOf({ model }: Context, row: ReminderRow, names: Names): ReminderView {
  const entity = row.entity === null ? undefined : model.entities.get(row.entity);
  const name = row.record_id === null ? undefined : names.get(row.entity ?? '')?.get(row.record_id);
  const isSeen = entity !== undefined && name !== undefined;
  const field = isSeen && row.field !== null ? entity.fields.get(row.field) : undefined;
  return {
    id: row.id,
    record: isSeen ? { entity: entity.name, label: entity.label, id: row.record_id ?? '', name } : null,
    field: field ? { name: field.name, label: field.label } : null,
    daysBefore: row.days_before,
    // The date of a record that may not be read any more is not told by its reminder.
    due: row.due === null || (row.entity !== null && !isSeen) ? null : new Date(row.due).toISOString(),
    snoozed: row.snoozed,
    told: row.told,
    note: row.note,
  };
}

/** Follows dates that were moved: what hangs on them is due anew. One statement for each entity with reminders. */
export async function followDates(db: Database, model: Model): Promise<void> {
  const used = await db.query<{ entity: string; field: string }>({
    text: `select distinct entity, field from mortise.reminder where done_at is null and field is not null and entity is not null`,
  });
  for (const { entity: name, field: fieldName } of used) {
    const entity = model.entities.get(name);
    const field = entity?.fields.get(fieldName);
    if (!entity || !field?.column) continue;
    await followField(db, model, entity, field);
  }
}

async function followField(
  db: Database,
  model: Model,
  entity: EntityModel,
  field: FieldModel,
): Promise<void> {
  const column = `e.${quoteName(field.column!.name)}`;
  const text =
    field.type === 'date'
      ? `to_char(${column}, 'YYYY-MM-DD')`
      : `to_char(${column} at time zone 'UTC', 'YYYY-MM-DD"T"HH24:MI:SS.MS"Z"')`;
  const moved = await db.query<{
    id: string;
    value: string | null;
    days_before: number;
    at_time: string | null;
  }>({
    text: `select r.id::text as id, ${text} as value, r.days_before, r.at_time
      from mortise.reminder r join public.${quoteName(entity.table)} e on e.id = r.record_id
      where r.done_at is null and r.entity = $1 and r.field = $2 and ${text} is distinct from r.computed_for`,
    values: [entity.name, field.name],
  });
  for (const { id, value, days_before: days, at_time: time } of moved) {
    const due = reminderDue(value, days, time ?? '08:30', model.settings.timeZone);
    await db.query({
      text: `update mortise.reminder set due_at = $2::timestamptz, computed_for = $3, told_at = null, snoozed_until = null
        where id = $1::uuid and done_at is null`,
      values: [id, due?.toISOString() ?? null, value],
    });
  }
}
