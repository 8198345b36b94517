import { describe, expect, it } from 'vitest';
import { FilterValueError } from '../field-type.ts';
import { condition, defOf, definitionFaults, en, zh } from '../field-fixture.ts';
import { list } from './list.ts';

const def = defOf('list', {
  item: {
    properties: {
      product: { field: 'text', label: { 'zh-CN': '产品', en: 'Product' }, required: true, maxLength: 5 },
      share: { field: 'decimal', label: { 'zh-CN': '份额', en: 'Share' }, scale: 2 },
      since: { field: 'date', label: { 'zh-CN': '起', en: 'Since' } },
      yearly: { field: 'boolean', label: { 'zh-CN': '每年', en: 'Yearly' }, default: true },
    },
  },
});

describe('list', () => {
  it('ENG-03 keeps items in the stored form of their inner types', () => {
    expect(list.columnType(def)).toBe('jsonb');
    expect(list.normalise([{ product: ' 酒 ', share: '5', since: null }], def)).toEqual([
      { product: '酒', share: '5.00', since: null, yearly: true },
    ]);
    expect(list.normalise([], def)).toBeNull();
    expect(list.fromColumn(list.toColumn([{ product: '酒' }], def), def)).toEqual([{ product: '酒' }]);
  });

  it('ENG-03 is strict inside: unknown members are refused, optional ones may be null', () => {
    expect(list.valueSchema(def)).toMatchObject({
      type: 'array',
      items: {
        additionalProperties: false,
        required: ['product'],
        properties: { product: { type: 'string', maxLength: 5 }, since: { type: ['string', 'null'] } },
      },
    });
  });

  it.each([
    [[{ product: '酒' }, { product: '酒', since: '2026-02-30' }], 'MRT_VALUE_FORMAT', '/1/since'],
    [[{ product: '酒', share: '1.234' }], 'MRT_VALUE_DECIMALS', '/0/share'],
    [[{ product: ' ' }], 'MRT_VALUE_REQUIRED', '/0/product'],
    [[{ share: '1' }], 'MRT_VALUE_REQUIRED', '/0/product'],
    [['酒'], 'MRT_VALUE_TYPE', '/0'],
  ])('ENG-03 names the exact place of a fault: %j', (value, code, at) => {
    expect(list.checkValue(value, def)).toMatchObject({ code, at });
  });

  it('takes only types whose values stand alone, and checks their definitions', () => {
    const inner = (attributes: object): readonly string[] =>
      definitionFaults(
        list,
        defOf('list', { item: { properties: { a: { label: def.label, ...attributes } } } }),
      );
    expect(inner({ field: 'reference', entity: 'customer' })).toEqual([
      '/item/properties/a/field MRT_FIELD_TYPE',
    ]);
    expect(inner({ field: 'integer', minimum: 3, maximum: 1 })).toEqual([
      '/item/properties/a/minimum MRT_FIELD_RANGE',
    ]);
  });

  it('is found by being empty only', () => {
    expect(condition(list, 'null', false, def).sql).toBe('"c" IS NOT NULL');
    expect(() => condition(list, 'eq', [], def)).toThrow(FilterValueError);
  });

  it('prints a line an item and reads JSON', () => {
    const value = [
      { product: '酒', share: '5.00' },
      { product: '茶', since: '2026-01-01' },
    ];
    expect(list.format(value, def, zh)).toBe('产品: 酒,份额: 5.00\n产品: 茶,起: 2026-01-01');
    expect(list.format(value, def, en)).toBe('Product: 酒, Share: 5.00\nProduct: 茶, Since: 2026-01-01');
    expect(list.parse('[{"product":"酒"}]', def)).toEqual([{ product: '酒', yearly: true }]);
    expect(() => list.parse('酒', def)).toThrow('as JSON');
  });
});
