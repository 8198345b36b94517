import { describe, expect, it } from 'vitest';
import { FilterValueError } from '../field-type.ts';
import { condition, defOf, en, faultCode, zh } from '../field-fixture.ts';
import { boolean } from './boolean.ts';

const def = defOf('boolean');

describe('boolean', () => {
  it('ENG-03 takes true and false, no words', () => {
    expect(boolean.columnType(def)).toBe('boolean');
    expect(faultCode(boolean, false)).toBeNull();
    for (const bad of ['true', 1, 'yes']) expect(faultCode(boolean, bad)).toBe('MRT_VALUE_TYPE');
  });

  it('filters by equality', () => {
    expect(condition(boolean, 'ne', true)).toEqual({
      sql: '"c" IS DISTINCT FROM $1::boolean',
      values: [true],
    });
    for (const bad of ['true', 0, null])
      expect(() => condition(boolean, 'eq', bad)).toThrow(FilterValueError);
  });

  it('reads what it prints in both languages', () => {
    for (const scope of [zh, en]) {
      for (const value of [true, false])
        expect(boolean.parse(boolean.format(value, def, scope), def)).toBe(value);
    }
    expect(boolean.format(null, def, zh)).toBe('');
    expect(() => boolean.parse('maybe', def)).toThrow('neither yes nor no');
  });
});
