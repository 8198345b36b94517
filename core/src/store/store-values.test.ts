import { array, assert, option, property, string } from 'fast-check';
import { describe, expect, it } from 'vitest';
import { parseArray, toParameter } from './parse-value.ts';
import { compareTypes } from '../model/column-types.ts';
import { uuid7 } from './uuid7.ts';

describe('an array sent to the database', () => {
  it('comes back as it was, whatever text is in it', () => {
    const texts = array(option(string({ unit: 'grapheme' }), { nil: null }));
    assert(
      property(texts, (values) => {
        expect(parseArray(toParameter(values) ?? '', (text) => text)).toEqual(values);
      }),
    );
  });

  it('may be nested', () => {
    expect(parseArray('{{1,2},{3,NULL}}', Number)).toEqual([
      [1, 2],
      [3, null],
    ]);
    expect(toParameter([['a'], ['b"']])).toBe('{{"a"},{"b\\""}}');
  });

  it('that is cut off is an error, not an endless loop', () => {
    expect(() => parseArray('{"a', (text) => text)).toThrow('unfinished');
    expect(() => parseArray('{a', (text) => text)).toThrow('unfinished');
  });
});

describe('uuid7', () => {
  it('is a version 7 id, unique, and grows within a process', () => {
    const ids = Array.from({ length: 10_000 }, uuid7);
    expect(
      ids.every((id) => /^[0-9a-f]{8}-[0-9a-f]{4}-7[0-9a-f]{3}-[89ab][0-9a-f]{3}-[0-9a-f]{12}$/.test(id)),
    ).toBe(true);
    expect(new Set(ids).size).toBe(ids.length);
    expect([...ids].sort()).toEqual(ids);
  });
});

describe('ENG-07 a column that should hold another type', () => {
  it.each([
    ['varchar(10)', 'varchar(20)', 'widen'],
    ['varchar(20)', 'varchar(10)', 'fits'],
    ['varchar(20)', 'text', 'widen'],
    ['text', 'varchar(20)', 'fits'],
    ['numeric(10,2)', 'numeric(15,2)', 'widen'],
    ['numeric(15,2)', 'numeric(10,2)', 'fits'],
    ['numeric(15,2)', 'numeric(15,4)', 'other'],
    ['integer', 'text', 'other'],
    ['text', 'text[]', 'other'],
  ] as const)('%s → %s: %s', (real, wanted, step) => {
    expect(compareTypes(real, wanted)).toBe(step);
  });
});
