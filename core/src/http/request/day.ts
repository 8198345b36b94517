import { problem } from '../../errors/catalogue.ts';
import type { Query } from './query.ts';

const DAY = /^\d{4}-(?:0[1-9]|1[0-2])-(?:0[1-9]|[12]\d|3[01])$/;

/** A day `YYYY-MM-DD` of the query string. @throws MRT_REQUEST_MALFORMED */
export function readDay(sent: Query, name: string): string | undefined {
  const day = sent.text(name);
  if (day !== undefined && (!DAY.test(day) || Number.isNaN(Date.parse(`${day}T00:00:00Z`))))
    throw problem('MRT_REQUEST_MALFORMED', { reason: `${name}: YYYY-MM-DD` });
  return day;
}
