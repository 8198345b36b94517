import type { Context } from '../context/context.ts';

/** The day of the request in the installation's time zone, `YYYY-MM-DD`. */
export function businessDate(context: Context): string {
  return new Intl.DateTimeFormat('sv-SE', { dateStyle: 'short', timeZone: context.timeZone }).format(
    context.now,
  );
}
