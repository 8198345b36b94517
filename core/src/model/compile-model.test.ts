import { describe, expect, it } from 'vitest';
import { Problem } from '../errors/problem.ts';
import { label, sampleLayer } from '../testing/sample-documents.ts';
import { sampleModel } from '../testing/sample-model.ts';
import type { Allocation } from './allocation.ts';
import { compileModel, type CompileResult } from './compile-model.ts';
import type { AnyDocument, DocumentKind } from './documents.ts';
import type { Layer } from './layer.ts';
import { mergeLayers } from './merge-layers.ts';

const over = (kind: DocumentKind, document: Record<string, unknown>, name = 'site'): Layer => ({
  name,
  documents: [{ kind, name: String(document.name), document: document as unknown as AnyDocument, file: '' }],
});
const extend = (properties: Record<string, unknown>, more: Record<string, unknown> = {}): Layer =>
  over('entity', { name: 'thing', extends: true, properties, ...more });

function faultsOf(upper: Layer): readonly { path: string; code: string }[] {
  try {
    sampleModel([upper]);
  } catch (error) {
    if (error instanceof Problem) return error.faults.map(({ path, code }) => ({ path, code }));
    throw error;
  }
  return [];
}

describe('compileModel', () => {
  it('DM-COM-11 adds the platform’s fields, lays parts in a table of their own and gives money its currency', () => {
    const thing = sampleModel().model.entities.get('thing')!;
    expect(thing.fields.get('owner')).toMatchObject({ system: true, readOnly: false, type: 'reference' });
    expect(thing.fields.get('site')?.column).toEqual({
      table: 'thing_ext',
      name: 'site',
      type: expect.any(String),
    });
    expect(thing.fields.get('amount_currency')?.def.default).toBe('CNY');
    expect(thing.fields.get('last_modified_on')?.column?.name).toBe('updated_at');
    expect(thing.fields.get('parts')?.column).toBeNull();
    expect([...thing.identifying].sort()).toEqual(['code', 'id', 'name', 'version']);
  });

  it('freezes the model and leaves the documents it was made of as they were', () => {
    const { model } = sampleModel();
    expect(() => {
      (model.entities.get('thing')!.fields.get('name')!.def as { required?: boolean }).required = false;
    }).toThrow(TypeError);
  });

  it('gives the same hash for the same documents and another one for any change', () => {
    expect(sampleModel().model.hash).toBe(sampleModel().model.hash);
    expect(sampleModel([extend({ name: { label: label('Other') } })]).model.hash).not.toBe(
      sampleModel().model.hash,
    );
  });

  it('NF-PERF-02 compiles again only what has changed, and each field is as if compiled alone', () => {
    const lower = sampleLayer();
    const compile = (allocation: Allocation, upper: readonly Layer[] = []): CompileResult =>
      compileModel({ documents: mergeLayers([lower, ...upper]), version: 1, plugins: [], allocation });
    const first = compile({});
    const second = compile(first.allocation, [extend({ wechat: { field: 'text', label: label('W') } })]);
    const back = compile(second.allocation);
    for (const { name, fields } of first.model.entities.values()) {
      const now = second.model.entities.get(name);
      expect(now).not.toBe(first.model.entities.get(name));
      expect(now?.fields === fields, name).toBe(name !== 'thing');
      expect(back.model.entities.get(name)?.fields === fields, name).toBe(true);
    }
    expect(second.model.entities.get('thing')?.fields.has('wechat')).toBe(true);
    // Other places for the same documents: everything is compiled anew.
    const elsewhere = compile({ thing: { table: 'taken', layer: 'site' } });
    expect(elsewhere.model.entities.get('thing')?.fields.get('name')?.column?.table).toBe('taken');
    expect(elsewhere.allocation['thing.name']).toMatchObject({ table: 'taken', column: 'name' });
  });

  it('never gives a column twice: a site field added again under an old name starts empty', () => {
    const added = extend({ wechat: { field: 'text', label: label('W') } });
    const first = sampleModel([added]);
    expect(first.model.entities.get('thing')?.fields.get('wechat')?.column?.name).toBe('wechat');
    const without = sampleModel([], first.allocation, 2);
    const again = sampleModel([added], without.allocation, 3);
    expect(again.model.entities.get('thing')?.fields.get('wechat')?.column?.name).toBe('wechat__2');
  });

  it('keeps the column of a plugin’s field while the plugin is away', () => {
    const plugin = over(
      'entity',
      { name: 'thing', extends: true, properties: { rank: { field: 'integer', label: label('R') } } },
      'plugin:p',
    );
    const first = sampleModel([plugin]);
    const back = sampleModel([plugin], sampleModel([], first.allocation, 2).allocation, 3);
    expect(back.model.entities.get('thing')?.fields.get('rank')?.column?.name).toBe('rank');
  });

  it('moves the column along with a rename', () => {
    const first = sampleModel([extend({ wechat: { field: 'text', label: label('W') } })]);
    const renamed = sampleModel(
      [extend({ weixin: { field: 'text', label: label('W'), renamedFrom: 'wechat' } })],
      first.allocation,
      2,
    );
    expect(renamed.model.entities.get('thing')?.fields.get('weixin')?.column?.name).toBe('wechat');
  });

  it.each<[string, Layer, string, string]>([
    [
      'an unknown keyword',
      extend({ x: { field: 'text', label: label('X'), maxLenght: 5 } }),
      'entity/thing#/properties/x/maxLenght',
      'MRT_DOC_UNKNOWN_KEYWORD',
    ],
    [
      'a wrong type',
      extend({ x: { field: 'text', label: label('X'), maxLength: 'long' } }),
      'entity/thing#/properties/x/maxLength',
      'MRT_DOC_TYPE',
    ],
    [
      'an unknown field type',
      extend({ x: { field: 'txt', label: label('X') } }),
      'entity/thing#/properties/x/field',
      'MRT_DOC_FIELD_TYPE',
    ],
    [
      'a reference to nothing',
      extend({ x: { field: 'reference', label: label('X'), entity: 'ghost' } }),
      'entity/thing#/properties/x/entity',
      'MRT_FIELD_ENTITY',
    ],
    [
      'a dictionary that is not there',
      extend({ x: { field: 'choice', label: label('X'), dictionary: 'ghost' } }),
      'entity/thing#/properties/x/dictionary',
      'MRT_FIELD_DICTIONARY',
    ],
    [
      'an order in a circle',
      extend({
        x: { field: 'date', label: label('X'), after: 'y' },
        y: { field: 'date', label: label('Y'), after: 'x' },
      }),
      'entity/thing#/properties/x/after',
      'MRT_DOC_CYCLE',
    ],
    [
      'computed fields in a circle',
      extend({
        x: { field: 'integer', label: label('X'), compute: 'y + 1' },
        y: { field: 'integer', label: label('Y'), compute: 'x + 1' },
      }),
      'entity/thing#/properties/x/compute',
      'MRT_DOC_CYCLE',
    ],
    [
      'an expression over an unknown field',
      extend({ x: { field: 'integer', label: label('X'), visibleWhen: 'ghost > 1' } }),
      'entity/thing#/properties/x/visibleWhen',
      'MRT_DOC_EXPRESSION',
    ],
    [
      'a system field redefined',
      extend({ version: { field: 'text', label: label('X') } }),
      'entity/thing#/properties/version/field',
      'MRT_DOC_RESERVED',
    ],
    [
      'a field named like what every object has',
      extend({ constructor: { field: 'text', label: label('X') } }),
      'entity/thing#/properties/constructor/field',
      'MRT_DOC_RESERVED',
    ],
    [
      'a display field that every object has',
      extend({}, { display: 'constructor' }),
      'entity/thing#/display',
      'MRT_DOC_REFERENCE',
    ],
    [
      'a display field that is not there',
      extend({}, { display: 'ghost' }),
      'entity/thing#/display',
      'MRT_DOC_REFERENCE',
    ],
    [
      'a tree of values in a circle',
      over('dictionary', {
        name: 'loop',
        label: label('L'),
        tree: true,
        values: { a: { label: label('A'), parent: 'b' }, b: { label: label('B'), parent: 'a' } },
      }),
      'dictionary/loop#/values/a/parent',
      'MRT_DOC_CYCLE',
    ],
    [
      'a form field that is not there',
      over('form', {
        name: 'thing.other',
        entity: 'thing',
        label: label('F'),
        tabs: { t: { label: label('T'), sections: { s: { label: label('S'), fields: { ghost: {} } } } } },
      }),
      'form/thing.other#/tabs/t/sections/s/fields/ghost',
      'MRT_DOC_REFERENCE',
    ],
    [
      'a view of nothing',
      over('view', { name: 'ghost.all', entity: 'ghost', kind: 'list', label: label('V'), columns: {} }),
      'view/ghost.all#/entity',
      'MRT_DOC_REFERENCE',
    ],
    [
      'a menu item to nothing',
      over('menu', { name: 'm', label: label('M'), items: { i: { label: label('I'), view: 'ghost.all' } } }),
      'menu/m#/items/i/view',
      'MRT_DOC_REFERENCE',
    ],
    [
      'a grant on nothing',
      over('role', {
        name: 'r',
        label: label('R'),
        grants: { g: { entity: 'ghost', actions: { query: 'all' } } },
      }),
      'role/r#/grants/g/entity',
      'MRT_DOC_REFERENCE',
    ],
  ])('ENG-01 refuses %s with the exact path', (_, upper, path, code) => {
    expect(faultsOf(upper)).toContainEqual({ path, code });
  });
});
