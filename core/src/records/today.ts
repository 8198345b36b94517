import { dateIn } from '../expression/calendar.ts';

/** The date of a moment in a time zone, `YYYY-MM-DD`: what `today()` and date fields mean (DESIGN §4). */
export function dateInZone(moment: Date, timeZone: string): string {
  return dateIn(timeZone, moment);
}
