import { describe, expect, it } from 'vitest';
import { defOf, definitionFaults, faultCode } from '../field-fixture.ts';
import { time } from './time.ts';

const def = defOf('time');
const exact = defOf('time', { seconds: true });

describe('time', () => {
  it('ENG-03 keeps one width, with seconds where asked for', () => {
    expect(time.normalise('09:30:00', def)).toBe('09:30');
    expect(time.normalise('09:30', exact)).toBe('09:30:00');
    expect(faultCode(time, '09:30:15', def)).toBe('MRT_VALUE_FORMAT');
    expect(faultCode(time, '09:30:15', exact)).toBeNull();
  });

  it.each([
    ['9:30', '09:30'],
    ['09：30', '09:30'],
    ['9点30分', '09:30'],
    ['9点', '09:00'],
    ['下午3点05分', '15:05'],
    ['上午12:10', '00:10'],
    ['12:10 pm', '12:10'],
    ['3:05 PM', '15:05'],
    ['0.5', '12:00'],
    ['0.395833333', '09:30'],
  ])('IO-01 reads the cell %j', (cell, value) => {
    expect(time.parse(cell, def)).toBe(value);
  });

  it.each(['25:00', '9:75', '下午', '13:00 am', 'abends'])('refuses the cell %j', (cell) => {
    expect(() => time.parse(cell, def)).toThrow('not a time');
  });

  it('keeps its limits', () => {
    const office = defOf('time', { minimum: '08:30', maximum: '18:00' });
    expect(faultCode(time, '08:29', office)).toBe('MRT_VALUE_RANGE');
    expect(faultCode(time, '18:01', office)).toBe('MRT_VALUE_RANGE');
    expect(definitionFaults(time, defOf('time', { minimum: '10:00', maximum: '09:00' }))).toEqual([
      '/minimum MRT_FIELD_RANGE',
    ]);
  });
});
