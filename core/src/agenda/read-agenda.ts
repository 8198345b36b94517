import { addDays, momentOf } from '../workflow/business-time.ts';
import type { Context } from '../context/context.ts';
import { problem } from '../errors/catalogue.ts';
import type { ViewDocument } from '../model/documents.ts';
import type { EntityModel } from '../model/model.ts';
import type { RecordData, Records } from '../records/records.ts';
import type { LocaleText } from '../text/locale.ts';

/** A dated record of one's own calendar. */
export interface AgendaEntry {
  readonly entity: string;
  readonly view: string;
  readonly id: string;
  readonly version: number;
  readonly title: string;
  /** Field by which it lies there, and its value: `YYYY-MM-DD` or a moment. */
  readonly field: string;
  readonly start: string;
  /** Where it ends; null where it has none. */
  readonly until: { readonly field: string; readonly value: string } | null;
  readonly isAllDay: boolean;
  /** Value of the choice that colours it, and that choice's field. */
  readonly colour: { readonly field: string; readonly code: string } | null;
  readonly updated: string;
}

/** One of the calendars that make up a person's own. */
interface AgendaCalendar {
  readonly view: string;
  readonly entity: string;
  readonly label: LocaleText;
}

/** GET /api/v1/me/agenda */
export interface AgendaAnswer {
  readonly calendars: readonly AgendaCalendar[];
  readonly entries: readonly AgendaEntry[];
  /** A calendar had more records in this time than are shown. */
  readonly more: boolean;
}

/** Days of one question; `to` included. */
export interface AgendaQuestion {
  readonly from: string;
  readonly to: string;
}

const MOST = 500;
const LONGEST_DAYS = 800;

/** Calendars of everybody's own that this person may see, in the order of their documents. */
function personalCalendars(
  context: Context,
): readonly { readonly view: ViewDocument; readonly entity: EntityModel }[] {
  return [...context.model.views.values()].flatMap((view) => {
    const entity = context.model.entities.get(view.entity);
    if (view.kind !== 'calendar' || view.personal !== true || !entity || view.date === undefined) return [];
    const rights = context.access.compiled.entity(entity);
    const date = entity.fields.get(view.date);
    const isSeen = rights.visible.length > 0 && date && rights.field(date).read.length > 0;
    return isSeen ? [{ view, entity }] : [];
  });
}

/**
 * What lies on a person's own calendar between two days: the records of all personal calendar views, read through
 * his gate (CAL-01). @throws MRT_REQUEST_MALFORMED for days that are none, in the wrong order or too far apart
 */
export async function readAgenda(
  context: Context,
  records: Pick<Records, 'list'>,
  { from, to }: AgendaQuestion,
): Promise<AgendaAnswer> {
  if (
    !isDay(from) ||
    !isDay(to) ||
    to < from ||
    Date.parse(to) - Date.parse(from) > LONGEST_DAYS * 86_400_000
  )
    throw problem('MRT_REQUEST_MALFORMED', { reason: `from, to: YYYY-MM-DD, ≤ ${LONGEST_DAYS} d` });
  const calendars = personalCalendars(context);
  const entries: AgendaEntry[] = [];
  let more = false;
  for (const { view, entity } of calendars) {
    const { items, next } = await records.list(context, entity.name, {
      filter: { $and: [view.filter ?? {}, within(context, entity, view, from, to)] },
      fields: fieldsOf(context, entity, view),
      sort: view.date!,
      limit: MOST,
      action: 'read',
    });
    more ||= next !== undefined;
    for (const item of items) entries.push(...entryOf(entity, view, item));
  }
  return {
    calendars: calendars.map(({ view, entity }) => ({
      view: view.name,
      entity: entity.name,
      label: view.label,
    })),
    entries,
    more,
  };
}

const isDay = (text: string): boolean =>
  /^\d{4}-\d\d-\d\d$/.test(text) && new Date(`${text}T00:00:00Z`).toISOString().slice(0, 10) === text;

function fieldsOf(context: Context, entity: EntityModel, view: ViewDocument): readonly string[] {
  const rights = context.access.compiled.entity(entity);
  const wanted = ['id', 'version', 'updated_at', entity.display, view.date, view.until, view.colour];
  return [...new Set(wanted)].filter((name): name is string => {
    const field = name === undefined ? undefined : entity.fields.get(name);
    return field !== undefined && rights.field(field).read.length > 0;
  });
}

/** Begins within the days, or began before and has not ended before. */
function within(
  { timeZone }: Context,
  entity: EntityModel,
  { date = '', until }: ViewDocument,
  from: string,
  to: string,
): Readonly<Record<string, unknown>> {
  const isDate = entity.fields.get(date)?.type === 'date';
  const behind = addDays(to, 1) ?? to;
  const [least, below] = isDate
    ? [from, behind]
    : [momentOf(from, '00:00', timeZone).toISOString(), momentOf(behind, '00:00', timeZone).toISOString()];
  const begins = { [date]: { $gte: least, $lt: below } };
  if (until === undefined) return begins;
  return { $or: [begins, { [date]: { $lt: least }, [until]: { $gte: least } }] };
}

function entryOf(entity: EntityModel, view: ViewDocument, item: RecordData): readonly AgendaEntry[] {
  const { date = '', until, colour } = view;
  const start = item[date];
  // Of a record that is known, but whose date is hidden, nothing is on the calendar.
  if (typeof start !== 'string') return [];
  const end = until === undefined ? undefined : item[until];
  const code = colour === undefined ? undefined : item[colour];
  return [
    {
      entity: entity.name,
      view: view.name,
      id: String(item['id']),
      version: Number(item['version']),
      title: String(item[entity.display] ?? ''),
      field: date,
      start,
      until: until !== undefined && typeof end === 'string' ? { field: until, value: end } : null,
      isAllDay: entity.fields.get(date)?.type === 'date',
      colour: colour !== undefined && typeof code === 'string' ? { field: colour, code } : null,
      updated: String(item['updated_at'] ?? ''),
    },
  ];
}
