import * as fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import type { BusinessHoursDocument } from '../model/documents.ts';
import { label } from '../testing/sample-documents.ts';
import { afterWorkingTime } from './working-time.ts';

const ZONE = 'Asia/Shanghai';
const OFFICE: BusinessHoursDocument = {
  weekdays: { monday: true, tuesday: true, wednesday: true, thursday: true, friday: true },
  hours: { morning: { from: '09:00', to: '12:00' }, afternoon: { from: '13:30', to: '18:00' } },
  holidays: {
    '2026-10-01': label('National Day'),
    '2026-10-02': label('National Day'),
    '2026-10-05': label('National Day'),
    '2026-10-06': label('National Day'),
    '2026-10-07': label('National Day'),
  },
  makeUpDays: { '2026-10-10': label('Instead of 7 October') },
};
const at = (text: string): Date => new Date(`${text}:00+08:00`);
const after = (from: string, days: number, minutes: number, hours = OFFICE): string =>
  new Date(afterWorkingTime(hours, at(from), { days, minutes }, ZONE).getTime() + 8 * 3_600_000)
    .toISOString()
    .slice(0, 16);

describe('working time', () => {
  it('ENG-10 counts working hours only, over lunch, night and weekend', () => {
    expect(after('2026-03-02T11:00', 0, 90)).toBe('2026-03-02T14:00');
    expect(after('2026-03-02T17:00', 0, 120)).toBe('2026-03-03T10:00');
    expect(after('2026-03-06T17:00', 0, 120)).toBe('2026-03-09T10:00');
    expect(after('2026-03-07T12:00', 0, 30)).toBe('2026-03-09T09:30');
  });

  it('ENG-10 counts working days at the same time of day', () => {
    expect(after('2026-03-05T15:00', 2, 0)).toBe('2026-03-09T15:00');
    expect(after('2026-03-07T20:00', 1, 0)).toBe('2026-03-10T09:00');
    expect(after('2026-03-05T17:30', 1, 60)).toBe('2026-03-09T09:30');
  });

  it('ENG-10 leaves holidays out, and works on make-up days', () => {
    expect(after('2026-09-30T16:00', 1, 0)).toBe('2026-10-08T16:00');
    // Saturday the 10th is worked instead of the 7th.
    expect(after('2026-10-09T16:00', 1, 0)).toBe('2026-10-10T16:00');
    expect(after('2026-10-10T17:00', 0, 120)).toBe('2026-10-12T10:00');
  });

  it('ENG-10 falls back on the usual week, and refuses a calendar without work', () => {
    const moment = afterWorkingTime(undefined, at('2026-03-06T17:00'), { days: 0, minutes: 120 }, ZONE);
    expect(moment).toEqual(at('2026-03-09T10:00'));
    expect(() => after('2026-03-02T11:00', 1, 0, { ...OFFICE, weekdays: {}, makeUpDays: {} })).toThrow(
      RangeError,
    );
  });

  it('ENG-10 counts minutes as one who looks at the clock minute by minute', () => {
    const isWork = (moment: number): boolean => {
      const wall = new Date(moment + 8 * 3_600_000).toISOString();
      const [day = '', time = ''] = [wall.slice(0, 10), wall.slice(11, 16)];
      const weekday = new Date(`${day}T00:00:00Z`).getUTCDay();
      const works =
        day === '2026-10-10' || (weekday > 0 && weekday < 6 && OFFICE.holidays?.[day] === undefined);
      return works && ((time >= '09:00' && time < '12:00') || (time >= '13:30' && time < '18:00'));
    };
    fc.assert(
      fc.property(
        fc.integer({ min: 0, max: 16 * 1440 }),
        fc.integer({ min: 1, max: 1500 }),
        (start, minutes) => {
          const from = at('2026-09-28T00:00').getTime() + start * 60_000;
          let left = minutes;
          let moment = from;
          for (; left > 0; moment += 60_000) if (isWork(moment)) left -= 1;
          expect(afterWorkingTime(OFFICE, new Date(from), { days: 0, minutes }, ZONE).getTime()).toBe(moment);
        },
      ),
      { numRuns: 60 },
    );
  });
});
