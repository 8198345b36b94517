import { fromWallTime, toWallTime } from '../fields/zone-time';

/** How much of time a calendar shows. */
export const MODES = ['month', 'week', 'day'] as const;
export type Mode = (typeof MODES)[number];

/** Something on a calendar, by the days of the installation's zone. */
export interface CalendarItem {
  readonly key: string;
  readonly entity: string;
  readonly id: string;
  readonly version: number;
  readonly title: string;
  /** First and last day, `YYYY-MM-DD`. */
  readonly day: string;
  readonly lastDay: string;
  /** `HH:MM`; '' for the whole day. */
  readonly time: string;
  readonly color: string | undefined;
  /** What kind of record, and more about it. */
  readonly hint: string;
  readonly isMovable: boolean;
  /** Fields that a move writes, with what they hold. */
  readonly dates: Readonly<Record<string, string>>;
}

const DAY = 86_400_000;

/** The day so many days later. */
export function shiftDay(day: string, days: number): string {
  return new Date(Date.parse(`${day}T00:00:00Z`) + days * DAY).toISOString().slice(0, 10);
}

/** Days from one to the other. */
export function daysBetween(from: string, to: string): number {
  return Math.round((Date.parse(`${to}T00:00:00Z`) - Date.parse(`${from}T00:00:00Z`)) / DAY);
}

/** Monday of the day's week: weeks begin on Monday. */
function mondayOf(day: string): string {
  return shiftDay(day, -((new Date(`${day}T00:00:00Z`).getUTCDay() + 6) % 7));
}

/** The days that are shown: of a month the whole weeks it lies in. */
export function daysShown(mode: Mode, day: string): readonly string[] {
  if (mode === 'day') return [day];
  if (mode === 'week') return Array.from({ length: 7 }, (_, index) => shiftDay(mondayOf(day), index));
  const first = mondayOf(`${day.slice(0, 8)}01`);
  const last = shiftDay(nextMonth(day, 1), -1);
  const weeks = Math.floor(daysBetween(first, last) / 7) + 1;
  return Array.from({ length: weeks * 7 }, (_, index) => shiftDay(first, index));
}

/** The first of the month so many months later. */
function nextMonth(day: string, months: number): string {
  const [year = 0, month = 1] = day.split('-').map(Number);
  return new Date(Date.UTC(year, month - 1 + months, 1)).toISOString().slice(0, 10);
}

/** Where the next, or with -1 the one before, month, week or day begins. */
export function turned(mode: Mode, day: string, step: 1 | -1): string {
  if (mode === 'month') return nextMonth(day, step);
  return shiftDay(day, mode === 'week' ? 7 * step : step);
}

/** The day on which a date or moment lies. */
export function dayOf(value: string, zone: string): string {
  return value.length === 10 ? value : toWallTime(value, zone).slice(0, 10);
}

/** A date or moment so many days later: moments keep the time that the clocks show. */
export function moved(value: string, days: number, zone: string): string {
  if (value.length === 10) return shiftDay(value, days);
  const wall = toWallTime(value, zone);
  return fromWallTime(`${shiftDay(wall.slice(0, 10), days)} ${wall.slice(11)}`, zone);
}

/** Items of each day, those without a time first. */
export function itemsByDay(
  items: readonly CalendarItem[],
  days: readonly string[],
): ReadonlyMap<string, readonly CalendarItem[]> {
  const found = new Map<string, CalendarItem[]>(days.map((day) => [day, []]));
  for (const item of items) {
    for (let day = item.day; day <= item.lastDay; day = shiftDay(day, 1)) {
      if (day > days.at(-1)!) break;
      found.get(day)?.push(item);
    }
  }
  for (const each of found.values())
    each.sort((a, b) => a.time.localeCompare(b.time) || a.title.localeCompare(b.title));
  return found;
}
