import { describe, expect, it } from 'vitest';
import { FilterValueError } from '../field-type.ts';
import { condition, defOf, definitionFaults, faultCode, zh } from '../field-fixture.ts';
import { decimal } from './decimal.ts';

const def = defOf('decimal', { precision: 5, scale: 4, minimum: 0, maximum: '1' });

describe('decimal', () => {
  it('ENG-03 keeps its digits exactly', () => {
    expect(decimal.columnType(def)).toBe('numeric(5,4)');
    expect(decimal.normalise('0.85', def)).toBe('0.8500');
    expect(decimal.normalise('-0', def)).toBe('0.0000');
    expect(decimal.normalise('12345678901234.5678', defOf('decimal'))).toBe('12345678901234.5678');
    expect(decimal.fromColumn('0.8500', def)).toBe('0.8500');
  });

  it('ENG-03 refuses numbers, further decimals, and values outside the limits', () => {
    expect(faultCode(decimal, 0.85, def)).toBe('MRT_VALUE_TYPE');
    expect(faultCode(decimal, '1e2', def)).toBe('MRT_VALUE_TYPE');
    expect(faultCode(decimal, '0.85001', def)).toBe('MRT_VALUE_DECIMALS');
    expect(faultCode(decimal, '0.850000', def)).toBeNull();
    expect(faultCode(decimal, '1.0001', def)).toBe('MRT_VALUE_RANGE');
    expect(faultCode(decimal, '-0.1', def)).toBe('MRT_VALUE_RANGE');
    expect(faultCode(decimal, '12', defOf('decimal', { precision: 5, scale: 4 }))).toBe('MRT_VALUE_RANGE');
  });

  it('finds impossible definitions', () => {
    expect(definitionFaults(decimal, defOf('decimal', { precision: 2, scale: 4 }))).toEqual([
      '/scale MRT_FIELD_RANGE',
    ]);
    expect(definitionFaults(decimal, defOf('decimal', { minimum: '2', maximum: 1 }))).toEqual([
      '/minimum MRT_FIELD_RANGE',
    ]);
  });

  it('filters by texts and numbers', () => {
    expect(condition(decimal, 'gte', '0.5')).toEqual({ sql: '"c" >= $1::numeric', values: ['0.5'] });
    expect(condition(decimal, 'lt', 0.5).values).toEqual(['0.5']);
    for (const bad of ['abc', '1e5', null, true, Number.NaN, '']) {
      expect(() => condition(decimal, 'eq', bad)).toThrow(FilterValueError);
    }
  });

  it('reads what it prints', () => {
    expect(decimal.format('1234.5', defOf('decimal', { scale: 2 }), zh)).toBe('1,234.50');
    expect(decimal.parse('1,234.50', defOf('decimal', { scale: 2 }))).toBe('1234.50');
  });
});
