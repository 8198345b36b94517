import type {
  AgendaEntry,
  DictionaryView,
  EntityView,
  RecordData,
  ViewDocument,
} from '@mortise/core/contract';
import { toWallTime } from '../fields/zone-time';
import { type CalendarItem, dayOf } from './calendar-days';

/** What items are made with. */
export interface ItemScope {
  readonly zone: string;
  readonly entity: EntityView | undefined;
  readonly dictionaries: ReadonlyMap<string, DictionaryView>;
  /** Of which kind the record is, as people say. */
  readonly hint: string;
}

function colorOf(
  entity: EntityView | undefined,
  field: string,
  code: string,
  scope: ItemScope,
): string | undefined {
  const def = entity?.fields.find(({ name }) => name === field)?.def;
  const options = def?.['options'] as Readonly<Record<string, { readonly color?: string }>> | undefined;
  const values = scope.dictionaries.get(String(def?.['dictionary'] ?? ''))?.values;
  return options?.[code]?.color ?? values?.find((value) => value.code === code)?.color;
}

/** Whoever may write all the dates may try to move it; the server has the last word. */
function mayMove(entity: EntityView | undefined, dates: readonly string[]): boolean {
  return (
    entity?.actions.includes('update') === true &&
    dates.every((name) => {
      const field = entity.fields.find((each) => each.name === name);
      return field?.level === 'write' && !field.readOnly;
    })
  );
}

/** An entry of one's own calendar as the calendar shows it. */
export function itemOfEntry(entry: AgendaEntry, scope: ItemScope): CalendarItem {
  const { entity, id, version, view, title, field, start, until, isAllDay, colour } = entry;
  const dates: Record<string, string> = { [field]: start, ...(until ? { [until.field]: until.value } : {}) };
  const day = dayOf(start, scope.zone);
  const lastDay = until ? dayOf(until.value, scope.zone) : day;
  return {
    key: `${view}/${id}`,
    entity,
    id,
    version,
    title,
    day,
    lastDay: lastDay < day ? day : lastDay,
    time: isAllDay ? '' : toWallTime(start, scope.zone).slice(11, 16),
    color: colour ? colorOf(scope.entity, colour.field, colour.code, scope) : undefined,
    hint: scope.hint,
    isMovable: mayMove(scope.entity, Object.keys(dates)),
    dates,
  };
}

/** A record of a calendar view as an entry; null without a date. */
export function entryOfRecord(
  entity: EntityView,
  view: ViewDocument,
  record: RecordData,
): AgendaEntry | null {
  const { date = '', until, colour } = view;
  const start = record[date];
  if (typeof start !== 'string') return null;
  const end = until === undefined ? undefined : record[until];
  const code = colour === undefined ? undefined : record[colour];
  return {
    entity: entity.name,
    view: view.name,
    id: String(record['id']),
    version: Number(record['version']),
    title: String(record[`${entity.display}$display`] ?? record[entity.display] ?? ''),
    field: date,
    start,
    until: until !== undefined && typeof end === 'string' ? { field: until, value: end } : null,
    isAllDay: entity.fields.find(({ name }) => name === date)?.type === 'date',
    colour: colour !== undefined && typeof code === 'string' ? { field: colour, code } : null,
    updated: '',
  };
}
