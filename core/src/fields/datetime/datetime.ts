import { asIs } from '../as-is.ts';
import { instantOf, wallTime } from '../calendar.ts';
import { toHalfWidth } from '../clean-text.ts';
import { datetimeFilter } from '../datetime-filter.ts';
import { valueFault } from '../fault.ts';
import type { FieldType } from '../field-type.ts';
import { readInstant } from '../instant.ts';
import { readDateCell } from '../read-date.ts';
import { ORDERED_OPERATORS } from '../scalar-filter.ts';

const utc = (value: unknown): unknown =>
  typeof value === 'string' ? (readInstant(value) ?? value) : asIs(value);

/** What the drivers and `to_char` give for nearly every moment (store/parse-value.ts): nothing is left to do. */
const STORED = /^\d{4}-\d\d-\d\dT\d\d:\d\d:\d\d\.\d{3}Z$/;

function stored(value: unknown): unknown {
  if (typeof value === 'string' && STORED.test(value)) return value;
  return value instanceof Date ? value.toISOString() : utc(value);
}

/** A moment (ENG-03): ISO 8601 with offset in the API, kept in UTC, shown in the installation's zone. */
export const datetime: FieldType = {
  name: 'datetime',
  label: { 'zh-CN': '日期时间', en: 'Date and time' },
  definition: { type: 'object', properties: {} },
  check: () => [],
  columnType: () => 'timestamptz',
  valueSchema: () => ({ type: 'string', format: 'date-time' }),
  expressionType: () => 'datetime',
  normalise: utc,
  checkValue: (value) =>
    typeof value === 'string' && readInstant(value) !== null
      ? null
      : valueFault(
          'MRT_VALUE_FORMAT',
          '应为带时区的日期时间,如 2026-11-21T09:30:00+08:00。',
          'It must be a date-time with its offset, such as 2026-11-21T09:30:00+08:00.',
        ),
  toColumn: utc,
  fromColumn: stored,
  operators: ORDERED_OPERATORS,
  sortable: true,
  filter: (operator, column, value, bind, _def, scope) =>
    datetimeFilter(operator, column, value, bind, scope),
  format(value, _def, scope) {
    if (typeof value !== 'string') return '';
    const instant = readInstant(value);
    if (instant === null) return '';
    const text = wallTime(new Date(instant), scope.timeZone);
    return text.endsWith(':00') ? text.slice(0, -3) : text;
  },
  parse(cell, _def, scope) {
    const text = toHalfWidth(cell).trim();
    if (text === '') return null;
    const instant = readInstant(text);
    if (instant !== null) return instant;
    const match = /^(.*?)(?:[ T](\d{1,2}):(\d{2})(?::(\d{2}))?)?$/.exec(text);
    const [, day = '', hour = '0', minute = '0', second = '0'] = match ?? [];
    const date = readDateCell(day);
    if (date === null || Number(hour) > 23 || Number(minute) > 59 || Number(second) > 59) {
      throw new Error(`“${cell}” is not a date and time such as 2026-11-21 09:30`);
    }
    if (scope?.timeZone === undefined) throw new Error(`“${cell}” lacks its offset from UTC, such as +08:00`);
    const time = [hour, minute, second].map((part) => part.padStart(2, '0')).join(':');
    return instantOf(date, time, scope.timeZone).toISOString();
  },
};
