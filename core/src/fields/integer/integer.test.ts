import { describe, expect, it } from 'vitest';
import { FilterValueError } from '../field-type.ts';
import { condition, defOf, definitionFaults, faultCode, zh } from '../field-fixture.ts';
import { integer } from './integer.ts';

const def = defOf('integer');

describe('integer', () => {
  it('ENG-03 is 32 bits wide unless its limits ask for more', () => {
    expect(integer.columnType(def)).toBe('integer');
    expect(integer.valueSchema(def)).toEqual({
      type: 'integer',
      minimum: -2_147_483_648,
      maximum: 2_147_483_647,
    });
    expect(integer.columnType(defOf('integer', { maximum: 9_000_000_000 }))).toBe('bigint');
    expect(integer.fromColumn('9000000000', def)).toBe(9_000_000_000);
  });

  it('ENG-03 takes whole numbers only', () => {
    expect(faultCode(integer, 5)).toBeNull();
    for (const bad of [1.5, '5', Number.NaN, Infinity, 2 ** 53])
      expect(faultCode(integer, bad)).toBe('MRT_VALUE_TYPE');
    expect(integer.normalise(-0, def)).toBe(0);
  });

  it('finds crossed limits in a definition', () => {
    expect(definitionFaults(integer, defOf('integer', { minimum: 5, maximum: 1 }))).toEqual([
      '/minimum MRT_FIELD_RANGE',
    ]);
  });

  it('compiles filters, also for numbers beyond the column', () => {
    expect(condition(integer, 'gt', 3_000_000_000)).toEqual({
      sql: '"c" > $1::bigint',
      values: [3_000_000_000],
    });
    for (const bad of ['5', 1.5, null, [1]])
      expect(() => condition(integer, 'eq', bad)).toThrow(FilterValueError);
  });

  it('reads what it prints, grouped or plain', () => {
    expect(integer.format(-1_234_567, def, zh)).toBe('-1,234,567');
    expect(integer.format(2026, defOf('integer', { plain: true }), zh)).toBe('2026');
    expect(integer.parse('-1,234,567', def)).toBe(-1_234_567);
    expect(integer.parse(' 12 ', def)).toBe(12);
    expect(integer.parse('', def)).toBeNull();
    expect(() => integer.parse('1.5', def)).toThrow('whole number');
    expect(() => integer.parse('1,23', def)).toThrow('whole number');
  });
});
