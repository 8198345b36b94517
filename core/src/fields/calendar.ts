const DATE = /^(\d{4})-(\d{2})-(\d{2})$/;
const DAY = 86_400_000;

/** Time value of midnight UTC; `Date.UTC` alone would read the years 0–99 as 1900–1999. */
function utc(year: number, month: number, day: number): number {
  return new Date(0).setUTCFullYear(year, month - 1, day);
}

/** `YYYY-MM-DD` that exists in the calendar, years 1 to 9999. */
export function isCalendarDate(text: string): boolean {
  const match = DATE.exec(text);
  if (!match) return false;
  const [year, month, day] = [Number(match[1]), Number(match[2]), Number(match[3])];
  if (year < 1 || month < 1 || day < 1) return false;
  return dateText(utc(year, month, day)) === text;
}

/** `YYYY-MM-DD` from its parts, or null when there is no such day. */
export function calendarDate(year: string, month: string, day: string): string | null {
  const text = `${year.padStart(4, '0')}-${month.padStart(2, '0')}-${day.padStart(2, '0')}`;
  return isCalendarDate(text) ? text : null;
}

function dateText(time: number): string {
  return new Date(time).toISOString().slice(0, 10);
}

/** The date `days` later (earlier when negative). */
export function addDays(date: string, days: number): string {
  return dateText(new Date(`${date}T00:00:00Z`).getTime() + days * DAY);
}

const formatters = new Map<string, Intl.DateTimeFormat>();

function formatter(timeZone: string): Intl.DateTimeFormat {
  let known = formatters.get(timeZone);
  if (!known) {
    known = new Intl.DateTimeFormat('en-US', {
      timeZone,
      calendar: 'gregory',
      hourCycle: 'h23',
      era: 'short',
      year: 'numeric',
      month: '2-digit',
      day: '2-digit',
      hour: '2-digit',
      minute: '2-digit',
      second: '2-digit',
    });
    formatters.set(timeZone, known);
  }
  return known;
}

/** An instant as the clock on the wall of `timeZone` shows it: `YYYY-MM-DD HH:MM:SS`. */
export function wallTime(instant: Date, timeZone: string): string {
  const parts = new Map(
    formatter(timeZone)
      .formatToParts(instant)
      .map((part) => [part.type, part.value]),
  );
  const part = (type: Intl.DateTimeFormatPartTypes): string => parts.get(type) ?? '';
  return `${part('year').padStart(4, '0')}-${part('month')}-${part('day')} ${part('hour')}:${part('minute')}:${part('second')}`;
}

/**
 * The instant at which the clock of `timeZone` shows `date` and `time` (`HH:MM:SS`). A time that a change of clocks
 * leaves out is taken with the offset before it.
 */
export function instantOf(date: string, time: string, timeZone: string): Date {
  const wanted = new Date(`${date}T${time}Z`).getTime();
  const offsetAt = (instant: number): number =>
    new Date(`${wallTime(new Date(instant), timeZone).replace(' ', 'T')}Z`).getTime() - instant;
  const first = wanted - offsetAt(wanted);
  return new Date(wanted - offsetAt(first));
}
