import { describe, expect, it } from 'vitest';
import { condition, defOf, definitionFaults, faultCode } from '../field-fixture.ts';
import { autonumber } from './autonumber.ts';
import { numberParts } from './number-pattern.ts';

describe('autonumber', () => {
  it('DM-CODE-05 reads the parts of a numbering rule', () => {
    expect(numberParts('{importance}{city.area_code}-{yyyy}{seq:3}')).toEqual([
      { kind: 'field', field: 'importance' },
      { kind: 'field', field: 'city', attribute: 'area_code' },
      { kind: 'text', text: '-' },
      { kind: 'date', part: 'yyyy' },
      { kind: 'sequence', digits: 3 },
    ]);
  });

  it.each([
    '',
    'AD',
    '{seq}',
    '{seq:0}',
    '{seq:3}{seq:3}',
    '{seq:3',
    'a}{seq:3}',
    '{Name}{seq:3}',
    '{seq:123}',
  ])('DM-CODE-05 refuses the malformed rule %j', (pattern) => {
    expect(numberParts(pattern)).toBeNull();
    expect(definitionFaults(autonumber, defOf('autonumber', { pattern }))).toEqual([
      '/pattern MRT_FIELD_PATTERN',
    ]);
  });

  it('finds fields that do not exist', () => {
    expect(definitionFaults(autonumber, defOf('autonumber', { pattern: '{name}{seq:3}' }))).toEqual([]);
    expect(
      definitionFaults(
        autonumber,
        defOf('autonumber', { pattern: '{ghost}{seq:3}', per: { spectre: true } }),
      ),
    ).toEqual(['/pattern MRT_FIELD_UNKNOWN', '/per/spectre MRT_FIELD_UNKNOWN']);
  });

  it('DM-CODE-02 is text of at most its length', () => {
    const def = defOf('autonumber', { pattern: '{seq:3}', maxLength: 8 });
    expect(autonumber.columnType(def)).toBe('varchar(8)');
    expect(faultCode(autonumber, 'i010110', def)).toBeNull();
    expect(faultCode(autonumber, 'i01011000', def)).toBe('MRT_VALUE_TOO_LONG');
    expect(condition(autonumber, 'startsWith', 'i010', def).values).toEqual(['i010%']);
  });
});
