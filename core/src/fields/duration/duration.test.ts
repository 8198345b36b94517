import { describe, expect, it } from 'vitest';
import { defOf, definitionFaults, en, zh } from '../field-fixture.ts';
import { duration } from './duration.ts';

const def = defOf('duration');

describe('duration', () => {
  it('ENG-03 shows hours, minutes and seconds in both languages', () => {
    expect(duration.format(5400, def, zh)).toBe('1小时30分');
    expect(duration.format(5400, def, en)).toBe('1 h 30 min');
    expect(duration.format(144_015, def, zh)).toBe('40小时15秒');
    expect(duration.format(0, def, en)).toBe('0 min');
  });

  it.each([
    ['1小时30分', 5400],
    ['1.5小时', 5400],
    ['1.5h', 5400],
    ['1 h 30 min', 5400],
    ['1:30', 5400],
    ['0:01:30', 90],
    ['90', 5400],
    ['2天', 172_800],
    ['１小时', 3600],
    ['45秒', 45],
    ['', null],
  ])('IO-01 reads the cell %j', (cell, value) => {
    expect(duration.parse(cell, def)).toBe(value);
  });

  it.each(['lang', '30分1小时', '1:75', '-5', '1小时x', '小时'])('refuses the cell %j', (cell) => {
    expect(() => duration.parse(cell, def)).toThrow('not a duration');
  });

  it('refuses limits that leave nothing', () => {
    expect(definitionFaults(duration, defOf('duration', { minimum: 60, maximum: 30 }))).toEqual([
      '/minimum MRT_FIELD_RANGE',
    ]);
  });
});
