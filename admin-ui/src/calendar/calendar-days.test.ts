import { describe, expect, it } from 'vitest';
import { type CalendarItem, daysShown, itemsByDay, moved, turned } from './calendar-days.ts';

const ZONE = 'Asia/Shanghai';

describe('the days of a calendar', () => {
  it('CAL-01 weeks begin on Monday; a month is shown in whole weeks', () => {
    expect(daysShown('week', '2026-11-22')).toEqual([
      '2026-11-16',
      '2026-11-17',
      '2026-11-18',
      '2026-11-19',
      '2026-11-20',
      '2026-11-21',
      '2026-11-22',
    ]);
    const month = daysShown('month', '2026-11-22');
    expect([month[0], month.at(-1), month.length]).toEqual(['2026-10-26', '2026-12-06', 42]);
    // A February that begins on Monday and ends on Sunday.
    expect(daysShown('month', '2027-02-10')).toHaveLength(28);
  });

  it('CAL-01 turns by month, week and day', () => {
    expect(turned('month', '2026-01-31', 1)).toBe('2026-02-01');
    expect(turned('month', '2026-01-31', -1)).toBe('2025-12-01');
    expect(turned('week', '2026-12-30', 1)).toBe('2027-01-06');
    expect(turned('day', '2026-03-01', -1)).toBe('2026-02-28');
  });

  it('CAL-01 a moved date stays a date, a moved moment keeps the time of the clocks', () => {
    expect(moved('2026-11-30', 1, ZONE)).toBe('2026-12-01');
    expect(moved('2026-11-22T17:30:00.000Z', 1, ZONE)).toBe('2026-11-23T17:30:00.000Z');
    // Over the end of daylight saving time: half past one stays half past one.
    expect(moved('2026-10-24T23:30:00.000Z', 1, 'Europe/Berlin')).toBe('2026-10-26T00:30:00.000Z');
  });

  it('CAL-01 what lasts stands on each of its days, the whole-day ones first', () => {
    const item = (title: string, day: string, lastDay: string, time = ''): CalendarItem => ({
      key: title,
      entity: 'task',
      id: title,
      version: 1,
      title,
      day,
      lastDay,
      time,
      color: undefined,
      hint: '',
      isMovable: true,
      dates: {},
    });
    const days = daysShown('week', '2026-11-22');
    const found = itemsByDay(
      [
        item('call', '2026-11-17', '2026-11-17', '09:00'),
        item('fair', '2026-11-10', '2026-11-17'),
        item('later', '2026-12-01', '2026-12-02'),
      ],
      days,
    );
    expect(found.get('2026-11-17')?.map(({ title }) => title)).toEqual(['fair', 'call']);
    expect(found.get('2026-11-16')?.map(({ title }) => title)).toEqual(['fair']);
    expect(found.get('2026-11-18')).toEqual([]);
  });
});
