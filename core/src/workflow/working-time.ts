import type { BusinessHoursDocument } from '../model/documents.ts';
import { addDays, dateIn, momentOf } from './business-time.ts';

const WEEKDAYS = ['sunday', 'monday', 'tuesday', 'wednesday', 'thursday', 'friday', 'saturday'] as const;
/** Where the settings name none. */
const USUAL: BusinessHoursDocument = {
  weekdays: { monday: true, tuesday: true, wednesday: true, thursday: true, friday: true },
  hours: { day: { from: '09:00', to: '18:00' } },
};
/** No deadline looks further: a calendar without working days ends the search. */
const MOST_DAYS = 3660 * 3;

interface Span {
  readonly from: number;
  readonly to: number;
}

/** A day on which work is done: a make-up day (调休) always, a holiday never, any other by its weekday. */
function isWorkingDay(hours: BusinessHoursDocument, day: string): boolean {
  if (hours.makeUpDays?.[day] !== undefined) return true;
  if (hours.holidays?.[day] !== undefined) return false;
  return hours.weekdays[WEEKDAYS[new Date(`${day}T00:00:00Z`).getUTCDay()]!] === true;
}

/** The working hours of a day in their order, as moments. */
function spansOf(hours: BusinessHoursDocument, day: string, timeZone: string): readonly Span[] {
  if (!isWorkingDay(hours, day)) return [];
  return Object.values(hours.hours)
    .toSorted((a, b) => (a.from < b.from ? -1 : 1))
    .map(({ from, to }) => ({
      from: momentOf(day, from, timeZone).getTime(),
      to: momentOf(day, to, timeZone).getTime(),
    }));
}

/**
 * The moment so many working days and then so many minutes of working time after another one. Outside working hours
 * the time begins when work does; a whole number of days ends at the same time of day.
 */
export function afterWorkingTime(
  document: BusinessHoursDocument | undefined,
  start: Date,
  { days, minutes }: { readonly days: number; readonly minutes: number },
  timeZone: string,
): Date {
  const hours = document ?? USUAL;
  let day = dateIn(timeZone, start);
  let moment = start.getTime();
  /** Goes to the next day with work, and to its beginning. */
  const nextDay = (): readonly Span[] => {
    for (let n = 0; n < MOST_DAYS; n += 1) {
      const next = addDays(day, 1);
      if (next === null) break;
      day = next;
      const [first] = spansOf(hours, day, timeZone);
      if (!first) continue;
      moment = first.from;
      return spansOf(hours, day, timeZone);
    }
    throw new RangeError('the calendar has no working time');
  };
  /** Goes to the next moment at which work is done. */
  const toWork = (): void => {
    const span = spansOf(hours, day, timeZone).find(({ to }) => to > moment);
    if (span) moment = Math.max(moment, span.from);
    else nextDay();
  };
  toWork();
  if (days > 0) {
    const time = new Date(moment).getTime() - momentOf(day, '00:00', timeZone).getTime();
    for (let n = 0; n < days; n += 1) nextDay();
    moment = momentOf(day, '00:00', timeZone).getTime() + time;
    if (minutes > 0) toWork();
  }
  for (let left = minutes * 60_000; left > 0;) {
    const span = spansOf(hours, day, timeZone).find(({ to }) => to > moment);
    if (!span) {
      nextDay();
      continue;
    }
    moment = Math.max(moment, span.from);
    const step = Math.min(left, span.to - moment);
    moment += step;
    left -= step;
  }
  return new Date(moment);
}
