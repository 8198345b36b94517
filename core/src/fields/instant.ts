import { isCalendarDate } from './calendar.ts';

const INSTANT = /^(\d{4}-\d{2}-\d{2})[Tt](\d{2}):(\d{2})(?::(\d{2})(?:\.\d{1,9})?)?([Zz]|[+-]\d{2}:\d{2})$/;

/**
 * An ISO 8601 date-time with offset as UTC with milliseconds (`2026-11-21T01:30:00.000Z`), or null when it is none:
 * no such day, no such time, no offset, outside the years 1 to 9999.
 */
export function readInstant(text: string): string | null {
  const match = INSTANT.exec(text);
  if (!match) return null;
  const [, day = '', hour, minute, second = '0', offset = ''] = match;
  if (!isCalendarDate(day) || Number(hour) > 23 || Number(minute) > 59 || Number(second) > 59) return null;
  if (Number(offset.slice(1, 3)) > 14 || Number(offset.slice(4)) > 59) return null;
  const instant = new Date(text.toUpperCase());
  if (Number.isNaN(instant.getTime())) return null;
  const utc = instant.toISOString();
  return /^(?!0000)\d{4}-/.test(utc) ? utc : null;
}
