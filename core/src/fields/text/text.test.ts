import { describe, expect, it } from 'vitest';
import { FilterValueError } from '../field-type.ts';
import { condition, defOf, definitionFaults, faultCode, zh } from '../field-fixture.ts';
import { text } from './text.ts';

const def = defOf('text', { maxLength: 4 });

describe('text', () => {
  it('ENG-03 stores one trimmed line in NFC and makes nothing of blanks', () => {
    expect(text.normalise('  é\t店 ', def)).toBe('é 店');
    expect(text.normalise(' \u3000\n', def)).toBeNull();
    expect(text.columnType(def)).toBe('varchar(4)');
    expect(text.columnType(defOf('text'))).toBe('varchar(200)');
  });

  it('ENG-03 counts code points, not UTF-16 units', () => {
    expect(faultCode(text, '𠮷𠮷𠮷𠮷', def)).toBeNull();
    expect(faultCode(text, '𠮷𠮷𠮷𠮷𠮷', def)).toBe('MRT_VALUE_TOO_LONG');
    // U+0958 becomes two code points in NFC: what would not fit the column is found before.
    expect(faultCode(text, '\u0958\u0958\u0958', def)).toBe('MRT_VALUE_TOO_LONG');
  });

  it.each(['a\u0000b', 'a\u0007', '\ud83d', 'a\u0085b'])(
    'ENG-03 refuses characters nobody may store: %j',
    (value) => {
      expect(faultCode(text, value)).toBe('MRT_VALUE_CHARACTERS');
    },
  );

  it('ENG-03 puts length and pattern into the schema', () => {
    expect(text.valueSchema(defOf('text', { minLength: 2, maxLength: 8, pattern: '^[inp]' }))).toEqual({
      type: 'string',
      minLength: 2,
      maxLength: 8,
      pattern: '^[inp]',
    });
  });

  it('ENG-03 finds a broken pattern and crossed lengths in a definition', () => {
    expect(definitionFaults(text, defOf('text', { pattern: '(' }))).toEqual(['/pattern MRT_FIELD_PATTERN']);
    expect(definitionFaults(text, defOf('text', { minLength: 9, maxLength: 3 }))).toEqual([
      '/minLength MRT_FIELD_RANGE',
    ]);
  });

  it('compiles every operator with a cast parameter', () => {
    expect(condition(text, 'eq', 'a')).toEqual({ sql: '"c" = $1::text', values: ['a'] });
    expect(condition(text, 'ne', 'a').sql).toBe('"c" IS DISTINCT FROM $1::text');
    expect(condition(text, 'gte', 'a').sql).toBe('"c" >= $1::text');
    expect(condition(text, 'in', ['a', 'b'])).toEqual({ sql: '"c" = ANY($1::text[])', values: [['a', 'b']] });
    expect(condition(text, 'nin', ['a']).sql).toBe('("c" = ANY($1::text[])) IS NOT TRUE');
    expect(condition(text, 'null', true)).toEqual({ sql: '"c" IS NULL', values: [] });
    expect(condition(text, 'null', false).sql).toBe('"c" IS NOT NULL');
  });

  it('takes the value of contains and startsWith literally', () => {
    expect(condition(text, 'contains', '50%_\\')).toEqual({
      sql: '"c" ILIKE $1::text',
      values: ['%50\\%\\_\\\\%'],
    });
    expect(condition(text, 'startsWith', '_').values).toEqual(['\\_%']);
    expect(condition(text, 'like', 'a%').values).toEqual(['a%']);
  });

  it.each([
    ['eq', 5],
    ['eq', null],
    ['eq', 'a\u0000'],
    ['in', 'a'],
    ['in', [1]],
    ['null', 'yes'],
    ['like', 'a\\'],
    ['contains', ['a']],
    ['under', 'a'],
    ['in', Array.from({ length: 10_001 }, () => 'a')],
  ] as const)('refuses a value that does not fit: $%s', (operator, value) => {
    expect(() => condition(text, operator, value)).toThrow(FilterValueError);
  });

  it('reads what it prints', () => {
    expect(text.format('贵州茅台', def, zh)).toBe('贵州茅台');
    expect(text.parse(' 贵州茅台 ', def)).toBe('贵州茅台');
    expect(text.format(null, def, zh)).toBe('');
    expect(text.parse('', def)).toBeNull();
  });
});
