const DAY = 86_400_000;
const FIRST = Date.UTC(2000, 0, 1) / DAY - 730_119; // 0001-01-01
const LAST = FIRST + 3_652_058; // 9999-12-31

const formatters = new Map<string, Intl.DateTimeFormat>();

/** Is the text a day of the calendar, `YYYY-MM-DD`, from 0001 to 9999? */
export function isDate(text: string): boolean {
  return /^\d{4}-\d\d-\d\d$/.test(text) && text >= '0001' && toDate(dayNumber(text)) === text;
}

/** Days since 1970-01-01; NaN for a text that is no date. */
export function dayNumber(date: string): number {
  return Date.parse(`${date}T00:00:00Z`) / DAY;
}

/** The day of a number of days since 1970-01-01, or null outside the years 1 to 9999. */
export function toDate(day: number): string | null {
  return day >= FIRST && day <= LAST ? new Date(day * DAY).toISOString().slice(0, 10) : null;
}

/** A moment in its one form, `2026-01-31T00:00:00.000Z`, or null when it is none (or outside the years 1 to 9999). */
export function toMoment(value: string | Date): string | null {
  if (
    typeof value === 'string' &&
    !/^\d{4}-\d\d-\d\dT\d\d:\d\d(:\d\d(\.\d+)?)?(Z|[+-]\d\d:\d\d)$/.test(value)
  )
    return null;
  const time = typeof value === 'string' ? Date.parse(value) : value.getTime();
  return time >= FIRST * DAY && time < (LAST + 1) * DAY ? new Date(time).toISOString() : null;
}

/** Since 1973 every zone is a multiple of a quarter of an hour from UTC, so that a day changes between quarters only. */
const QUARTER = 15 * 60_000;
const QUARTERS_SINCE = Date.UTC(1973, 0, 1);
/** The day of the last quarter asked for, by zone: most questions are about now. */
const lastQuarter = new Map<string, { readonly quarter: number; readonly day: string }>();

/** The calendar day of a moment in a time zone (IANA name). */
export function dateIn(timeZone: string, moment: string | Date): string {
  const date = new Date(moment);
  const time = date.getTime();
  if (!(time >= QUARTERS_SINCE)) return dayOf(timeZone, date);
  const quarter = Math.floor(time / QUARTER);
  const last = lastQuarter.get(timeZone);
  if (last?.quarter === quarter) return last.day;
  const day = dayOf(timeZone, date);
  lastQuarter.set(timeZone, { quarter, day });
  return day;
}

function dayOf(timeZone: string, date: Date): string {
  let formatter = formatters.get(timeZone);
  if (!formatter) {
    formatter = new Intl.DateTimeFormat('en-US', {
      timeZone,
      calendar: 'iso8601',
      numberingSystem: 'latn',
      year: 'numeric',
      month: '2-digit',
      day: '2-digit',
    });
    formatters.set(timeZone, formatter);
  }
  const parts = new Map(formatter.formatToParts(date).map((part) => [part.type, part.value]));
  return `${(parts.get('year') ?? '').padStart(4, '0')}-${parts.get('month')}-${parts.get('day')}`;
}
