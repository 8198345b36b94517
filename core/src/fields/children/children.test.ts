import { describe, expect, it } from 'vitest';
import { FilterValueError } from '../field-type.ts';
import { condition, defOf, definitionFaults, en, faultCode, zh } from '../field-fixture.ts';
import { children } from './children.ts';

const def = defOf('children', { entity: 'customer', by: 'parent' });

describe('children', () => {
  it('ENG-03 have no column: they are records of their own', () => {
    expect(children.columnType(def)).toBeNull();
    expect(children.operators).toEqual([]);
    expect(() => condition(children, 'null', true, def)).toThrow(FilterValueError);
    expect(faultCode(children, [{}], def)).toBeNull();
    expect(faultCode(children, {}, def)).toBe('MRT_VALUE_TYPE');
  });

  it('finds an unknown entity and a field that refers to nothing', () => {
    expect(definitionFaults(children, def)).toEqual([]);
    expect(definitionFaults(children, defOf('children', { entity: 'ghost', by: 'parent' }))).toEqual([
      '/entity MRT_FIELD_ENTITY',
    ]);
    expect(definitionFaults(children, defOf('children', { entity: 'customer', by: 'name' }))).toEqual([
      '/by MRT_FIELD_BY',
    ]);
  });

  it('prints how many there are, and is not read from a cell', () => {
    expect(children.format([{}, {}], def, zh)).toBe('2 条');
    expect(children.format([{}], def, en)).toBe('1 row');
    expect(children.format([], def, en)).toBe('');
    expect(() => children.parse('2', def)).toThrow('cannot be read');
  });
});
