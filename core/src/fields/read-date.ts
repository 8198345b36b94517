import { addDays, calendarDate } from './calendar.ts';
import { toHalfWidth } from './clean-text.ts';

const DATE_CELL =
  /^(\d{4})(?:-(\d{1,2})-(\d{1,2})|\/(\d{1,2})\/(\d{1,2})|\.(\d{1,2})\.(\d{1,2})|年(\d{1,2})月(\d{1,2})日?)$/;
const COMPACT = /^(\d{4})(\d{2})(\d{2})$/;

/**
 * A spreadsheet cell as `YYYY-MM-DD`: `2026-11-21`, `2026/11/21`, `2026.11.21`, `2026年11月21日`, `20261121`, or a
 * spreadsheet's day number. Null for an empty cell. Orders without the year first are ambiguous and refused.
 * @throws Error
 */
export function readDateCell(cell: string): string | null {
  const text = toHalfWidth(cell).trim();
  if (text === '') return null;
  const match = DATE_CELL.exec(text) ?? COMPACT.exec(text);
  const [year = '', month = '', day = ''] = match ? match.slice(1).filter((part) => part !== undefined) : [];
  const date = match ? calendarDate(year, month, day) : serialDate(text);
  if (date === null) throw new Error(`“${cell}” is not a date such as 2026-11-21`);
  return date;
}

/** Spreadsheets count days from 1899-12-30; only numbers that mean a day of 1927 or later are taken for one. */
function serialDate(text: string): string | null {
  return /^\d{5}$/.test(text) && Number(text) >= 10_000 ? addDays('1899-12-30', Number(text)) : null;
}
