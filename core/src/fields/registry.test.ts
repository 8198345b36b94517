import { readdirSync, readFileSync } from 'node:fs';
import { Ajv2020 } from 'ajv/dist/2020.js';
import addFormats from 'ajv-formats';
import { describe, expect, it } from 'vitest';
import { defOf, ME, OTHER } from './field-fixture.ts';
import type { FieldDefinition } from './field-type.ts';
import { nullableSchema } from './nullable-schema.ts';
import { fieldType, fieldTypes, hasFieldType, registerFieldType } from './registry.ts';
import { text } from './text/text.ts';

const LIST = {
  item: { properties: { n: { field: 'integer', label: { 'zh-CN': '数', en: 'N' }, required: true } } },
};

/** For every type a definition, a value that it takes, and values that its schema or its check refuses. */
const CASES: Readonly<Record<string, readonly [FieldDefinition, unknown, readonly unknown[]]>> = {
  text: [defOf('text', { maxLength: 5, pattern: '^a' }), 'abc', ['abcdef', 'bcd', 5, ['a'], {}]],
  longtext: [defOf('longtext'), '一\n二', [5, '\u0000']],
  integer: [defOf('integer', { minimum: 0 }), 7, [-1, 1.5, '7', true, 3_000_000_000]],
  decimal: [defOf('decimal'), '1.5', [1.5, '1,5', '1.00001', '']],
  money: [defOf('money'), '12.50', [12.5, '12.345', '1e3']],
  boolean: [defOf('boolean'), false, ['false', 0]],
  date: [defOf('date'), '2026-02-28', ['2026-02-30', '2026-2-3', 20_260_203, '2026-02-03T00:00:00Z']],
  datetime: [
    defOf('datetime'),
    '2026-02-28T08:00:00Z',
    ['2026-02-30T08:00:00Z', '2026-02-28', '2026-02-28T08:00:00'],
  ],
  email: [defOf('email'), 'a@b.cn', ['a@', 5, `${'a'.repeat(250)}@b.cn`]],
  phone: [defOf('phone'), '010-88881234', ['none', 10]],
  url: [defOf('url'), 'https://b.cn', ['javascript:1', 5]],
  choice: [defOf('choice', { dictionary: 'd', multiple: true }), ['a', 'b'], ['a', ['a', 'a'], ['a b'], [1]]],
  reference: [defOf('reference', { entity: 'user' }), ME, ['1', `urn:uuid:${ME}`, {}]],
  references: [defOf('references', { entity: 'user', maxCount: 2 }), [ME, OTHER], [[ME, ME], ['1'], ME]],
  children: [defOf('children', { entity: 'a', by: 'b' }), [{}], [{}, 'x']],
  lines: [defOf('lines', { entity: 'a', by: 'b' }), [{}], [{}, ['x']]],
  list: [defOf('list', LIST), [{ n: 1 }], [[{}], [{ n: 'x' }], [{ n: 1, m: 2 }], {}]],
  files: [defOf('files', { maxCount: 1 }), [ME], [[ME, OTHER], ['x']]],
  images: [defOf('images'), [ME], [[5]]],
  autonumber: [defOf('autonumber', { pattern: '{seq:3}', maxLength: 3 }), '001', ['0001', 1]],
  richtext: [defOf('richtext'), '<p>一</p>', [5, '\u0000', ['<p>a</p>']]],
  address: [
    defOf('address', { dictionary: 'region' }),
    { region: '110105', street: '建国路1号', postcode: '100022' },
    ['建国路', { city: 'x' }, { street: 5 }, { region: 'a b' }, { postcode: '!' }, []],
  ],
  geo: [
    defOf('geo'),
    { lat: 39.9042, lon: 116.4074 },
    [{ lat: 91, lon: 0 }, { lat: 0 }, [1, 2], { lat: '1', lon: 2 }],
  ],
  percent: [defOf('percent', { maximum: 1 }), '0.125', [0.125, '12.5%', '0.12345', '1.01']],
  time: [defOf('time', { minimum: '08:00' }), '09:30', ['9:30', '24:00', '09:60', '09:30:15', '07:59', 930]],
  duration: [defOf('duration', { maximum: 86_400 }), 5400, [-1, 1.5, '90', 86_401]],
  user: [defOf('user'), ME, ['1', [ME], {}]],
  unit: [defOf('unit', { multiple: true }), [ME, OTHER], [ME, [ME, ME], ['x']]],
  colour: [defOf('colour'), '#1F6FEB', ['#fff', 'red', 'url(x)', 5]],
  rating: [defOf('rating', { maximum: 3 }), 3, [0, 4, 1.5, '3', -1]],
  tags: [
    defOf('tags', { maxCount: 2, maxLength: 5 }),
    ['重点', 'VIP'],
    [['a', 'b', 'c'], ['abcdef'], ['a,b'], 'a', [5]],
  ],
  barcode: [
    defOf('barcode', { kind: 'ean13' }),
    '6901234567892',
    ['6901234567893', '690123456789', '条码', 5],
  ],
};

function strictAjv(): Ajv2020 {
  const ajv = new Ajv2020({ strict: true, allErrors: true, allowUnionTypes: true });
  addFormats.default(ajv);
  return ajv;
}

describe('the registry of field types', () => {
  it('ENG-03 has every type', () => {
    expect(fieldTypes().map((type) => type.name)).toEqual(
      Object.keys(CASES).sort((a, b) => order(a) - order(b)),
    );
    expect(hasFieldType('text')).toBe(true);
    expect(hasFieldType('txt')).toBe(false);
    expect(() => fieldType('txt')).toThrow('there is no field type “txt”');
  });

  it('adds a type and takes it away again', () => {
    const remove = registerFieldType({ ...text, name: 'braille' });
    expect(fieldType('braille').label).toEqual(text.label);
    expect(() => registerFieldType({ ...text, name: 'braille' })).toThrow('exists already');
    remove();
    remove();
    expect(hasFieldType('braille')).toBe(false);
  });

  it('refuses to replace a type of the platform, and a name that is none', () => {
    expect(() => registerFieldType(text)).toThrow('exists already');
    expect(() => registerFieldType({ ...text, name: 'Bar Code' })).toThrow('is not a name');
  });

  it('imports nothing from Node, so that browsers can use every type', () => {
    const folder = new URL('.', import.meta.url);
    const sources = readdirSync(folder, { recursive: true, encoding: 'utf8' }).filter((file) =>
      /(?<!\.test)\.ts$/.test(file),
    );
    expect(sources.length).toBeGreaterThan(40);
    const offenders = sources.filter((file) =>
      /from 'node:|from 'ajv/.test(readFileSync(new URL(file, folder), 'utf8')),
    );
    expect(offenders).toEqual([]);
  });
});

function order(name: string): number {
  return fieldTypes().findIndex((type) => type.name === name);
}

describe.each(Object.entries(CASES))('the field type %s', (name, [def, good, bad]) => {
  const type = fieldType(name);
  const validate = strictAjv().compile(type.valueSchema(def));

  it('ENG-03 takes a good value: schema, check and normal form agree', () => {
    expect(validate(good)).toBe(true);
    expect(type.checkValue(good, def)).toBeNull();
    const normal = type.normalise(good, def);
    expect(validate(normal)).toBe(true);
    expect(type.normalise(normal, def)).toEqual(normal);
    expect(type.fromColumn(type.toColumn(normal, def), def)).toEqual(normal);
  });

  it('ENG-03 refuses every bad value, by schema or by check', () => {
    for (const value of bad)
      expect([value, validate(value) && type.checkValue(value, def) === null]).toEqual([value, false]);
  });

  it('leaves null alone, and takes it where the schema is widened', () => {
    expect(type.normalise(null, def)).toBeNull();
    expect(type.toColumn(null, def)).toBeNull();
    expect(type.fromColumn(null, def)).toBeNull();
    const nullable = strictAjv().compile(nullableSchema(type.valueSchema(def)));
    expect(nullable(null)).toBe(true);
    expect(nullable(good)).toBe(true);
  });

  it('has labels in both languages and says what it offers', () => {
    expect(type.label['zh-CN']).toMatch(/\p{Script=Han}/u);
    expect(type.label.en).not.toBe('');
    expect(type.definition).toMatchObject({ type: 'object' });
    expect(new Set(type.operators).size).toBe(type.operators.length);
  });
});
