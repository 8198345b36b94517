import { describe, expect, it } from 'vitest';
import { FilterValueError } from '../field-type.ts';
import {
  condition,
  defOf,
  definitionFaults,
  faultCode,
  ME,
  OTHER,
  parseScope,
  zh,
} from '../field-fixture.ts';
import { reference } from './reference.ts';

const def = defOf('reference', { entity: 'user' });
const parent = defOf('reference', { entity: 'customer' });

describe('reference', () => {
  it('ENG-03 is the id of a record, in small letters', () => {
    expect(reference.columnType(def)).toBe('uuid');
    expect(reference.normalise(ME.toUpperCase(), def)).toBe(ME);
    expect(faultCode(reference, ME)).toBeNull();
    for (const bad of ['1', `urn:uuid:${ME}`, ME.slice(1), `${ME} `, 5])
      expect(faultCode(reference, bad)).toBe('MRT_VALUE_FORMAT');
  });

  it('finds references to nothing in a definition', () => {
    expect(definitionFaults(reference, parent)).toEqual([]);
    expect(definitionFaults(reference, defOf('reference', { entity: 'ghost' }))).toEqual([
      '/entity MRT_FIELD_ENTITY',
    ]);
    expect(
      definitionFaults(
        reference,
        defOf('reference', { entity: 'customer', where: { ghost: 1, name: '$spectre' } }),
      ),
    ).toEqual(['/where/ghost MRT_FIELD_UNKNOWN', '/where/name MRT_FIELD_UNKNOWN']);
    expect(definitionFaults(reference, defOf('reference', { entity: 'user', tree: true }))).toEqual([
      '/tree MRT_FIELD_TREE',
    ]);
  });

  it('filters by ids and by oneself', () => {
    expect(condition(reference, 'in', [ME, OTHER], def)).toEqual({
      sql: '"c" = ANY($1::uuid[])',
      values: [[ME, OTHER]],
    });
    expect(condition(reference, 'eq', '$me', def)).toEqual({ sql: '"c" = $1::uuid', values: [ME] });
    for (const bad of ['1', 5, null, "' or true --"])
      expect(() => condition(reference, 'eq', bad, def)).toThrow(FilterValueError);
    expect(() => condition(reference, 'eq', '$me', parent)).toThrow('$me fits only');
  });

  it('reads what it prints', () => {
    expect(reference.parse(reference.format(ME, def, zh), def, parseScope)).toBe(ME);
    expect(reference.format(OTHER, def, zh)).toBe(OTHER);
    expect(() => reference.parse('李四', def, parseScope)).toThrow('not a known record');
    expect(() => reference.parse('张三', def)).toThrow('not a known record');
  });
});
