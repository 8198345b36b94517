import { describe, expect, it } from 'vitest';
import { FilterValueError } from '../field-type.ts';
import { condition, defOf, definitionFaults, faultCode, zh } from '../field-fixture.ts';
import { date } from './date.ts';

const def = defOf('date');

describe('date', () => {
  it.each([
    '2026-02-30',
    '2025-02-29',
    '2026-13-01',
    '0000-01-01',
    '2026-1-1',
    '2026-01-01T00:00:00Z',
    '10000-01-01',
    '',
  ])('ENG-03 refuses %j, which is no day of the calendar', (value) => {
    expect(faultCode(date, value)).toBe('MRT_VALUE_FORMAT');
  });

  it('ENG-03 takes the days from year 1 to 9999', () => {
    for (const value of ['0001-01-01', '2024-02-29', '9999-12-31']) expect(faultCode(date, value)).toBeNull();
    expect(date.columnType(def)).toBe('date');
  });

  it('keeps to the limits of the definition', () => {
    const limited = defOf('date', { minimum: '2000-01-01', maximum: '2030-12-31' });
    expect(faultCode(date, '1999-12-31', limited)).toBe('MRT_VALUE_RANGE');
    expect(faultCode(date, '2031-01-01', limited)).toBe('MRT_VALUE_RANGE');
    expect(definitionFaults(date, defOf('date', { minimum: '2026-02-30' }))).toEqual([
      '/minimum MRT_FIELD_DATE',
    ]);
    expect(definitionFaults(date, defOf('date', { minimum: '2027-01-01', maximum: '2026-01-01' }))).toEqual([
      '/minimum MRT_FIELD_RANGE',
    ]);
  });

  it('filters by days and by days from today', () => {
    expect(condition(date, 'gte', '2026-01-31')).toEqual({ sql: '"c" >= $1::date', values: ['2026-01-31'] });
    expect(condition(date, 'eq', '$today').values).toEqual(['2026-11-21']);
    expect(condition(date, 'lte', '$today+10').values).toEqual(['2026-12-01']);
    expect(condition(date, 'gt', '$today-21').values).toEqual(['2026-10-31']);
    for (const bad of ['2026-02-30', '$tomorrow', 20_260_101, null, "2026-01-01'; drop"]) {
      expect(() => condition(date, 'eq', bad)).toThrow(FilterValueError);
    }
  });

  it('reads what it prints and how people write days', () => {
    expect(date.format('2026-11-21', def, zh)).toBe('2026-11-21');
    for (const cell of [
      '2026-11-21',
      '2026/11/21',
      '2026.11.21',
      '2026年11月21日',
      '20261121',
      '46347',
      '2026-11-21',
    ]) {
      expect(date.parse(cell, def)).toBe('2026-11-21');
    }
    expect(date.parse('2026/1/5', def)).toBe('2026-01-05');
    for (const cell of ['21/11/2026', '2026-02-30', '2026', 'soon'])
      expect(() => date.parse(cell, def)).toThrow('is not a date');
  });
});
