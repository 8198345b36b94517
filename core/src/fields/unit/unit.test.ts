import { describe, expect, it } from 'vitest';
import { condition, defOf, ME, OTHER } from '../field-fixture.ts';
import { FilterValueError } from '../field-type.ts';
import { plainField } from '../registry.ts';
import { unit } from './unit.ts';

describe('unit', () => {
  it('ENG-03 stands for a reference to the units', () => {
    expect(plainField(defOf('unit'))).toMatchObject({ field: 'reference', entity: 'unit' });
    expect(unit.normalise([OTHER.toUpperCase(), OTHER], defOf('unit', { multiple: true }))).toEqual([OTHER]);
  });

  it('has no $me: that is a user', () => {
    expect(condition(unit, 'eq', ME).values).toEqual([ME]);
    expect(() => condition(unit, 'eq', '$me')).toThrow(FilterValueError);
  });
});
