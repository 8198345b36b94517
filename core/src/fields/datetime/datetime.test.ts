import { describe, expect, it } from 'vitest';
import { FilterValueError } from '../field-type.ts';
import type { FilterScope } from '../field-type.ts';
import { condition, defOf, faultCode, filterScope, parseScope, zh } from '../field-fixture.ts';
import { datetime } from './datetime.ts';

const def = defOf('datetime');
const withoutZone: FilterScope = {
  descendants: filterScope.descendants,
  user: filterScope.user,
  today: filterScope.today,
};

describe('datetime', () => {
  it('ENG-03 keeps moments in UTC', () => {
    expect(datetime.normalise('2026-11-21T09:30:00+08:00', def)).toBe('2026-11-21T01:30:00.000Z');
    expect(datetime.normalise('2026-11-21T01:30:00.000Z', def)).toBe('2026-11-21T01:30:00.000Z');
    expect(datetime.columnType(def)).toBe('timestamptz');
  });

  it.each([
    '2026-11-21T09:30:00',
    '2026-02-30T09:30:00Z',
    '2026-11-21T25:00:00Z',
    '2026-11-21T09:60:00Z',
    '2026-11-21',
    '2026-11-21T09:30:00+99:00',
    '0001-01-01T00:00:00+08:00',
    '9999-12-31T23:00:00-08:00',
    'now',
  ])('ENG-03 refuses %j', (value) => {
    expect(faultCode(datetime, value)).toBe('MRT_VALUE_FORMAT');
  });

  it('filters by moments', () => {
    expect(condition(datetime, 'lt', '2026-11-21T09:30:00+08:00')).toEqual({
      sql: '"c" < $1::timestamptz',
      values: ['2026-11-21T01:30:00.000Z'],
    });
  });

  it('takes a day as all of it in the zone of the installation', () => {
    const [start, end] = ['2026-11-20T16:00:00.000Z', '2026-11-21T16:00:00.000Z'];
    expect(condition(datetime, 'eq', '$today')).toEqual({
      sql: '("c" >= $1::timestamptz AND "c" < $2::timestamptz)',
      values: [start, end],
    });
    expect(condition(datetime, 'lte', '2026-11-21')).toEqual({ sql: '"c" < $1::timestamptz', values: [end] });
    expect(condition(datetime, 'gt', '2026-11-21')).toEqual({ sql: '"c" >= $1::timestamptz', values: [end] });
    expect(condition(datetime, 'gte', '2026-11-21').values).toEqual([start]);
    expect(condition(datetime, 'lt', '2026-11-21').values).toEqual([start]);
  });

  it('refuses days where no zone is known, and what is no moment', () => {
    expect(() => condition(datetime, 'eq', '2026-11-21', def, withoutZone)).toThrow(FilterValueError);
    for (const bad of ['2026-02-30', 'yesterday', 5, null, ['2026-11-21']]) {
      expect(() => condition(datetime, 'eq', bad)).toThrow(FilterValueError);
    }
  });

  it('reads what it prints, in the zone', () => {
    expect(datetime.format('2026-11-21T01:30:00.000Z', def, zh)).toBe('2026-11-21 09:30');
    expect(datetime.format('2026-11-21T01:30:07.000Z', def, zh)).toBe('2026-11-21 09:30:07');
    expect(datetime.parse('2026-11-21 09:30', def, parseScope)).toBe('2026-11-21T01:30:00.000Z');
    expect(datetime.parse('2026年11月21日', def, parseScope)).toBe('2026-11-20T16:00:00.000Z');
    expect(datetime.parse('2026-11-21T09:30:00+08:00', def)).toBe('2026-11-21T01:30:00.000Z');
    expect(() => datetime.parse('2026-11-21 09:30', def)).toThrow('offset');
    expect(() => datetime.parse('2026-11-21 24:30', def, parseScope)).toThrow('is not a date and time');
  });

  it('knows daylight saving time', () => {
    const berlin = { timeZone: 'Europe/Berlin' };
    expect(datetime.parse('2026-07-01 12:00', def, berlin)).toBe('2026-07-01T10:00:00.000Z');
    expect(datetime.parse('2026-12-01 12:00', def, berlin)).toBe('2026-12-01T11:00:00.000Z');
  });
});
