import { describe, expect, it } from 'vitest';
import { FilterValueError } from '../field-type.ts';
import { condition, defOf, definitionFaults, en, faultCode, zh } from '../field-fixture.ts';
import { lines } from './lines.ts';

const def = defOf('lines', { entity: 'customer', by: 'parent' });

describe('lines', () => {
  it('ENG-03 have no column: they are records of their own', () => {
    expect(lines.columnType(def)).toBeNull();
    expect(lines.operators).toEqual([]);
    expect(() => condition(lines, 'null', true, def)).toThrow(FilterValueError);
    expect(faultCode(lines, [{}], def)).toBeNull();
    expect(faultCode(lines, {}, def)).toBe('MRT_VALUE_TYPE');
  });

  it('finds an unknown entity and a field that refers to nothing', () => {
    expect(definitionFaults(lines, def)).toEqual([]);
    expect(definitionFaults(lines, defOf('lines', { entity: 'ghost', by: 'parent' }))).toEqual([
      '/entity MRT_FIELD_ENTITY',
    ]);
    expect(definitionFaults(lines, defOf('lines', { entity: 'customer', by: 'name' }))).toEqual([
      '/by MRT_FIELD_BY',
    ]);
  });

  it('prints how many there are, and is not read from a cell', () => {
    expect(lines.format([{}, {}], def, zh)).toBe('2 条');
    expect(lines.format([{}], def, en)).toBe('1 row');
    expect(lines.format([], def, en)).toBe('');
    expect(() => lines.parse('2', def)).toThrow('cannot be read');
  });
});
