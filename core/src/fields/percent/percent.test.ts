import { describe, expect, it } from 'vitest';
import { defOf, definitionFaults, faultCode, zh } from '../field-fixture.ts';
import { percent } from './percent.ts';

const def = defOf('percent');

describe('percent', () => {
  it('ENG-03 keeps the fraction exactly and shows per cent', () => {
    expect(percent.columnType(def)).toBe('numeric(14,4)');
    expect(percent.normalise('0.125', def)).toBe('0.1250');
    expect(percent.format('0.1250', def, zh)).toBe('12.5%');
    expect(percent.format('12.5000', def, zh)).toBe('1,250%');
    expect(percent.format('0.0000', def, zh)).toBe('0%');
  });

  it.each([
    ['12%', '0.1200'],
    ['12.5 %', '0.1250'],
    ['12', '0.1200'],
    ['１２．５％', '0.1250'],
    ['-3%', '-0.0300'],
    ['', null],
  ])('IO-01 reads the cell %j', (cell, value) => {
    expect(percent.parse(cell, def)).toBe(value);
  });

  it('refuses what is no percentage, and more decimals than it keeps', () => {
    expect(() => percent.parse('viel', def)).toThrow('not a percentage');
    expect(faultCode(percent, '0.12345', def)).toBe('MRT_VALUE_DECIMALS');
    expect(faultCode(percent, '1.5', defOf('percent', { maximum: 1 }))).toBe('MRT_VALUE_RANGE');
    expect(definitionFaults(percent, defOf('percent', { minimum: 1, maximum: 0 }))).toEqual([
      '/minimum MRT_FIELD_RANGE',
    ]);
  });
});
