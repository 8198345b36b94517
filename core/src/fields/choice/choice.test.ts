import { describe, expect, it } from 'vitest';
import { FilterValueError } from '../field-type.ts';
import { condition, defOf, definitionFaults, en, faultCode, parseScope, zh } from '../field-fixture.ts';
import { choice } from './choice.ts';

const one = defOf('choice', { dictionary: 'industry' });
const many = defOf('choice', { dictionary: 'industry', multiple: true });
const own = defOf('choice', {
  options: {
    yearly: { label: { 'zh-CN': '年', en: 'Yearly' } },
    monthly: { label: { 'zh-CN': '月', en: 'Monthly' } },
  },
});

describe('choice', () => {
  it('ENG-03 is a code, or a list of codes', () => {
    expect(choice.columnType(one)).toBe('text');
    expect(choice.columnType(many)).toBe('text[]');
    expect(choice.expressionType(many)).toBe('list<string>');
    expect(choice.valueSchema(own)).toEqual({ type: 'string', enum: ['yearly', 'monthly'] });
    expect(choice.normalise(['beer', 'baijiu', 'beer'], many)).toEqual(['beer', 'baijiu']);
    expect(choice.normalise([], many)).toBeNull();
  });

  it('ENG-03 refuses what is no code, with its place', () => {
    expect(faultCode(choice, '白酒', one)).toBe('MRT_VALUE_OPTION');
    expect(faultCode(choice, 'weekly', own)).toBe('MRT_VALUE_OPTION');
    expect(faultCode(choice, 'toString', own)).toBe('MRT_VALUE_OPTION');
    expect(faultCode(choice, ['a'], one)).toBe('MRT_VALUE_TYPE');
    expect(faultCode(choice, 'a', many)).toBe('MRT_VALUE_TYPE');
    expect(choice.checkValue(['baijiu', 'b c'], many)).toMatchObject({ code: 'MRT_VALUE_OPTION', at: '/1' });
  });

  it('finds impossible definitions', () => {
    expect(definitionFaults(choice, one)).toEqual([]);
    expect(definitionFaults(choice, defOf('choice'))).toEqual([' MRT_FIELD_VALUES']);
    expect(definitionFaults(choice, defOf('choice', { dictionary: 'nothing' }))).toEqual([
      '/dictionary MRT_FIELD_DICTIONARY',
    ]);
    expect(definitionFaults(choice, defOf('choice', { dictionary: 'gender', leafOnly: true }))).toEqual([
      '/leafOnly MRT_FIELD_LEAF',
    ]);
    expect(definitionFaults(choice, defOf('choice', { dictionary: 'gender', maxCount: 3 }))).toEqual([
      '/maxCount MRT_FIELD_COUNT',
    ]);
    expect(
      definitionFaults(choice, defOf('choice', { dictionary: 'gender', dependsOn: { field: 'ghost' } })),
    ).toEqual(['/dependsOn/field MRT_FIELD_UNKNOWN']);
  });

  it('filters one value, and everything under a node of a tree', () => {
    expect(condition(choice, 'eq', 'beer', one)).toEqual({ sql: '"c" = $1::text', values: ['beer'] });
    expect(condition(choice, 'under', 'liquor', one)).toEqual({
      sql: '"c" = ANY($1::text[])',
      values: [['liquor', 'baijiu', 'beer']],
    });
    expect(condition(choice, 'under', ['liquor', 'tea'], one).values).toEqual([
      ['liquor', 'baijiu', 'beer', 'tea'],
    ]);
  });

  it('filters several values', () => {
    expect(condition(choice, 'eq', 'beer', many)).toEqual({ sql: '"c" @> $1::text[]', values: [['beer']] });
    expect(condition(choice, 'ne', 'beer', many).sql).toBe('("c" @> $1::text[]) IS NOT TRUE');
    expect(condition(choice, 'in', ['beer', 'tea'], many).sql).toBe('"c" && $1::text[]');
    expect(condition(choice, 'contains', ['beer', 'tea'], many).sql).toBe('"c" @> $1::text[]');
    expect(condition(choice, 'under', 'liquor', many).sql).toBe('"c" && $1::text[]');
    expect(condition(choice, 'null', true, many).sql).toBe('nullif(cardinality("c"), 0) IS NULL');
  });

  it.each([
    ['eq', 'b c'],
    ['eq', 5],
    ['eq', null],
    ['in', 'beer'],
    ['gt', 'beer'],
    ['under', 'a%'],
    ['under', null],
  ] as const)('refuses a value that does not fit: $%s %j', (operator, value) => {
    expect(() => condition(choice, operator, value, one)).toThrow(FilterValueError);
    expect(() => condition(choice, operator, operator === 'in' ? value : [value], many)).toThrow(
      FilterValueError,
    );
  });

  it('refuses $under where there is no tree and $contains where there is one value', () => {
    expect(() => condition(choice, 'under', 'yearly', own)).toThrow(FilterValueError);
    expect(() => condition(choice, 'contains', 'beer', one)).toThrow(FilterValueError);
  });

  it('reads what it prints in both languages, also labels that hold separators', () => {
    for (const scope of [zh, en]) {
      expect(choice.parse(choice.format('beer', one, scope), one, parseScope)).toBe('beer');
      expect(choice.parse(choice.format(['baijiu', 'beer'], many, scope), many, parseScope)).toEqual([
        'baijiu',
        'beer',
      ]);
      expect(choice.parse(choice.format('yearly', own, scope), own)).toBe('yearly');
    }
    expect(choice.format(['baijiu', 'beer'], many, zh)).toBe('白酒、啤酒、果酒');
    expect(choice.parse('beer', one)).toBe('beer');
    expect(choice.parse('', many)).toBeNull();
    expect(() => choice.parse('威士忌', one, parseScope)).toThrow('not one of the values');
    expect(() => choice.parse('白酒、威士忌', many, parseScope)).toThrow('“威士忌”');
  });
});
