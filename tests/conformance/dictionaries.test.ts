import { describe, expect, it } from 'vitest';
import { dictionaries, requirements } from './documents.ts';

interface Dictionary {
  readonly id: string;
  readonly name: string;
  readonly label: string;
  readonly owner: string;
  readonly tree?: true;
  readonly values: Readonly<Record<string, { readonly label: string; readonly parent?: string }>>;
}

interface Node {
  readonly id: string;
  readonly label: string;
  readonly code: string;
  readonly parent?: string;
}

/** Dictionaries of capabilities that do not exist yet; they come with the entity that uses them. */
const NOT_YET: ReadonlySet<string> = new Set([
  'DICT-45',
  'DICT-46',
  'DICT-50',
  'DICT-51',
  'DICT-54',
  'DICT-56',
  'DICT-59',
  'DICT-61',
]);

/** Values that another requirement asks for: WF-07 ends with “confirmed by assigner”, a state of its own. */
const BEYOND: Readonly<Record<string, readonly string[]>> = { 'DICT-48': ['confirmed'] };

const tables = requirements<readonly Dictionary[]>('dictionaries');

describe('the dictionaries of REQUIREMENTS 2.2', () => {
  const expected = tables.filter((each) => !NOT_YET.has(each.id));
  for (const table of expected) {
    it(`${table.id} ${table.label} is ${table.name}`, () => {
      const document = dictionaries.get(table.name);
      expect([table.label, ...table.label.split('/')]).toContain(document?.label['zh-CN']);
      expect(document?.tree === true).toBe(table.tree === true);
    });
  }
  for (const table of expected.filter((each) => Object.keys(each.values).length > 0)) {
    it(`${table.id} ${table.name} has its ${Object.keys(table.values).length} values`, () => {
      const values = Object.entries(dictionaries.get(table.name)?.values ?? {});
      const beyond = BEYOND[table.id] ?? [];
      expect(values.map(([code]) => code)).toEqual(expect.arrayContaining([...beyond]));
      const shipped = values
        .filter(([code]) => !beyond.includes(code))
        .map(([code, value]) => [code, value.label['zh-CN'], value.parent]);
      expect(shipped.sort()).toEqual(
        Object.entries(table.values)
          .map(([code, value]) => [code, value.label, value.parent])
          .sort(),
      );
      expect(values.filter(([, value]) => value.label.en.trim() === '')).toEqual([]);
    });
  }

  it('DICT-01 country is the full list of ISO 3166-1 with China first', () => {
    const values = dictionaries.get('country')?.values ?? {};
    expect(Object.keys(values)[0]).toBe('CN');
    expect(values['CN']).toEqual({ label: { 'zh-CN': '中国', en: 'China' }, data: { dial_code: '86' } });
    expect(Object.keys(values)).toHaveLength(249);
    expect(Object.keys(values).filter((code) => !/^[A-Z]{2}$/u.test(code))).toEqual([]);
  });
  it('DICT-03 city stands below its province with area code and postcode prefix', () => {
    const values = dictionaries.get('city')?.values ?? {};
    const provinces = Object.keys(dictionaries.get('province')?.values ?? {}).filter(
      (code) => code !== 'other',
    );
    const parents = new Set(Object.values(values).map((value) => value.parent));
    const astray = (code: string): boolean =>
      !values[code] || values[code].parent !== undefined || !parents.has(code);
    expect(provinces.filter(astray)).toEqual([]);
    expect(values['330100']).toEqual({
      label: { 'zh-CN': '杭州市', en: 'Hangzhou' },
      parent: '33',
      data: { area_code: '0571', intl_dial_code: '86', postcode_prefix: '310' },
    });
    expect(values['110100']?.data?.['area_code']).toBe('010');
    expect(Object.keys(values).length).toBeGreaterThan(360);
    const mainland = Object.entries(values).filter(([, value]) => Number(value.parent) < 70);
    expect(mainland.filter(([, value]) => !/^0\d{2,3}$/u.test(String(value.data?.['area_code'])))).toEqual(
      [],
    );
  });
  it('DICT-08a the subcategories follow the categories', () => {
    const mapping = dictionaries.get('product_subcategory')?.mappings?.['product_category'];
    expect(mapping?.from).toBe('product_category');
    const map = Object.fromEntries(
      Object.entries(mapping?.map ?? {}).map(([code, targets]) => [code, Object.keys(targets)]),
    );
    expect(map).toEqual({
      alcohol: ['sub_alcohol'],
      beverage: ['sub_beverage'],
      convenience_snack: ['convenience', 'snack'],
      non_staple: ['dairy', 'health_food', 'meat', 'other_food'],
      confectionery: ['sugar'],
      seasoning: ['sub_seasoning'],
      other: ['related', 'sub_other'],
    });
  });
  it('DICT-70 currency begins with the yuan; the languages are Chinese and English', () => {
    const currency = dictionaries.get('currency')?.values ?? {};
    expect(Object.keys(currency)[0]).toBe('CNY');
    expect(currency['CNY']?.label['zh-CN']).toBe('人民币');
    expect(Object.keys(dictionaries.get('language')?.values ?? {})).toEqual(['zh-CN', 'en']);
  });
});

describe('the industry tree of REQUIREMENTS 2.3', () => {
  const nodes = requirements<readonly Node[]>('industry');
  const values = dictionaries.get('industry')?.values ?? {};
  for (const node of nodes) {
    it(`${node.id} ${node.label} is ${node.code}${node.parent ? ` below ${node.parent}` : ''}`, () => {
      expect(values[node.code]?.label['zh-CN']).toBe(node.label);
      expect(values[node.code]?.parent).toBe(node.parent);
    });
  }
  it('DICT-09 has no other nodes as shipped', () => {
    expect(Object.keys(values).sort()).toEqual(nodes.map((node) => node.code).sort());
    expect(dictionaries.get('industry')?.tree).toBe(true);
  });
});
