import { dateIn, dayNumber, toDate } from '../expression/calendar.ts';

const DAY = 86_400_000;
const formatters = new Map<string, Intl.DateTimeFormat>();

/** How far a zone's clocks are ahead of UTC at a moment, in milliseconds. */
function offsetAt(timeZone: string, moment: number): number {
  let formatter = formatters.get(timeZone);
  if (!formatter) {
    formatter = new Intl.DateTimeFormat('en-US', {
      timeZone,
      hourCycle: 'h23',
      calendar: 'iso8601',
      numberingSystem: 'latn',
      year: 'numeric',
      month: '2-digit',
      day: '2-digit',
      hour: '2-digit',
      minute: '2-digit',
      second: '2-digit',
    });
    formatters.set(timeZone, formatter);
  }
  const part = new Map(formatter.formatToParts(moment).map(({ type, value }) => [type, Number(value)]));
  const at = (name: Intl.DateTimeFormatPartTypes): number => part.get(name) ?? 0;
  const shown = new Date(0);
  // `Date.UTC` takes the years up to 99 for those of the 20th century.
  shown.setUTCFullYear(at('year'), at('month') - 1, at('day'));
  shown.setUTCHours(at('hour'), at('minute'), at('second'));
  return shown.getTime() - Math.floor(moment / 1000) * 1000;
}

/**
 * The moment at which the clocks of a zone show a time on a day. Where they show it twice it is the first; where they
 * leave it out, so much later as they were put forward.
 * @param day `YYYY-MM-DD` @param time `HH:MM`
 */
export function momentOf(day: string, time: string, timeZone: string): Date {
  const wall = Date.parse(`${day}T${time}:00Z`);
  const before = offsetAt(timeZone, wall - DAY / 2);
  const candidate = wall - before;
  const after = offsetAt(timeZone, candidate);
  if (after === before) return new Date(candidate);
  const other = wall - after;
  return new Date(offsetAt(timeZone, other) === after ? other : candidate);
}

/** The day so many days after another one. */
export function addDays(day: string, days: number): string | null {
  return toDate(dayNumber(day) + days);
}

export { dateIn };
