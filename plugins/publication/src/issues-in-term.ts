/** How often a title appears (DM-ISS-01). */
export type Cycle = 'semimonthly' | 'yearly' | 'irregular';

/** Issues a year; null for an irregular title whose number nobody has stated. */
export function issuesPerYear(cycle: Cycle, stated: number | null): number | null {
  return stated ?? { semimonthly: 24, yearly: 1, irregular: null }[cycle];
}

/**
 * Issues that appear from `start` to `end`, both days included: the year is divided into as many equal parts as
 * there are issues, and every part that the term touches counts. A semi-monthly's parts are the halves of the
 * months (1st–15th, 16th–end), so that 2026-01-16 to 2026-02-15 holds two issues and a calendar year 24.
 * @returns null when a date is not one, or the term ends before it begins
 */
export function issuesInTerm(perYear: number, start: string, end: string): number | null {
  const [first, last] = [partOfTime(perYear, start), partOfTime(perYear, end)];
  if (first === null || last === null || end < start) return null;
  return last - first + 1;
}

/** Number of the part of time, counted from year 0, in which a day lies. */
function partOfTime(perYear: number, day: string): number | null {
  const match = /^(\d{4})-(\d{2})-(\d{2})$/.exec(day);
  if (!match) return null;
  const [year, month, date] = match.slice(1).map(Number) as [number, number, number];
  if (month < 1 || month > 12 || date < 1 || date > 31) return null;
  const halfMonth = (month - 1) * 2 + (date > 15 ? 1 : 0);
  const part = perYear <= 24 ? Math.floor((halfMonth * perYear) / 24) : partByDay(perYear, year, month, date);
  return year * perYear + part;
}

function partByDay(perYear: number, year: number, month: number, date: number): number {
  const days = (Date.UTC(year, month - 1, date) - Date.UTC(year, 0, 1)) / 86_400_000;
  const ofYear = (Date.UTC(year + 1, 0, 1) - Date.UTC(year, 0, 1)) / 86_400_000;
  return Math.floor((days * perYear) / ofYear);
}
