import type { AgendaEntry } from './read-agenda.ts';

/** One event of a feed. */
export interface IcsEvent extends Pick<AgendaEntry, 'title' | 'start' | 'isAllDay'> {
  /** The same at every reading, so that a calendar program changes it instead of adding another. */
  readonly uid: string;
  readonly end: string | null;
  readonly url: string;
  /** Of which kind it is, e.g. "Task". */
  readonly category: string;
  /** When it was last changed. */
  readonly stamp: string;
}

/** Octets of a line before it is folded (RFC 5545 §3.1). */
const LINE = 75;

/** `\`, `;`, `,` and line breaks within a text (RFC 5545 §3.3.11). */
function text(value: string): string {
  return value
    .replaceAll('\\', '\\\\')
    .replaceAll(';', '\\;')
    .replaceAll(',', '\\,')
    .replaceAll(/\r\n|\r|\n/g, '\\n');
}

/** Folds a line at 75 octets, never inside a character. */
function fold(line: string): string {
  const parts: string[] = [];
  let part = '';
  let octets = 0;
  for (const character of line) {
    const size = Buffer.byteLength(character);
    if (octets + size > (parts.length === 0 ? LINE : LINE - 1)) {
      parts.push(part);
      part = '';
      octets = 0;
    }
    part += character;
    octets += size;
  }
  return [...parts, part].join('\r\n ');
}

const moment = (value: string): string =>
  `${new Date(value).toISOString().replaceAll(/[-:]/g, '').slice(0, 15)}Z`;
const day = (value: string): string => value.slice(0, 10).replaceAll('-', '');

/** The day after: the end of an all-day event is the first day that is no part of it. */
function dayAfter(value: string): string {
  return day(new Date(Date.parse(`${value.slice(0, 10)}T00:00:00Z`) + 86_400_000).toISOString());
}

function eventLines(event: IcsEvent): readonly string[] {
  const { start, end, isAllDay } = event;
  const lasts = end !== null && end > start;
  return [
    'BEGIN:VEVENT',
    `UID:${event.uid}`,
    `DTSTAMP:${moment(event.stamp)}`,
    `LAST-MODIFIED:${moment(event.stamp)}`,
    ...(isAllDay
      ? [`DTSTART;VALUE=DATE:${day(start)}`, `DTEND;VALUE=DATE:${dayAfter(lasts ? end : start)}`]
      : [`DTSTART:${moment(start)}`, ...(lasts ? [`DTEND:${moment(end)}`] : [])]),
    `SUMMARY:${text(event.title)}`,
    `CATEGORIES:${text(event.category)}`,
    `URL:${event.url}`,
    'END:VEVENT',
  ];
}

/** An iCalendar feed (RFC 5545): lines end with CRLF and are folded. @param name as calendar programs show it */
export function icsFeed(name: string, events: readonly IcsEvent[]): string {
  const lines = [
    'BEGIN:VCALENDAR',
    'VERSION:2.0',
    'PRODID:-//Mortise//Calendar//EN',
    'CALSCALE:GREGORIAN',
    'METHOD:PUBLISH',
    `X-WR-CALNAME:${text(name)}`,
    'REFRESH-INTERVAL;VALUE=DURATION:PT30M',
    ...events.flatMap(eventLines),
    'END:VCALENDAR',
  ];
  return `${lines.map(fold).join('\r\n')}\r\n`;
}
