import { afterEach, describe, expect, it } from 'vitest';
import { registerFieldType } from '../fields/registry.ts';
import { text } from '../fields/text/text.ts';
import { checkDocumentShape, checkManifestShape } from './check-document.ts';
import type { DocumentKind } from './documents.ts';

const label = { 'zh-CN': '物', en: 'Thing' };

function entity(
  properties: Readonly<Record<string, unknown>>,
  more: Readonly<Record<string, unknown>> = {},
): unknown {
  return {
    name: 'thing',
    label,
    display: 'name',
    ownership: 'user',
    properties: { name: { field: 'text', label }, ...properties },
    ...more,
  };
}

const SOUND: Readonly<Record<DocumentKind, unknown>> = {
  entity: entity({
    remarks: { label },
    industry: {
      field: 'choice',
      label,
      dictionary: 'industry',
      multiple: true,
      dependsOn: { field: 'name' },
    },
    extent: { field: 'list', label, item: { properties: { n: { field: 'integer', label, minimum: 0 } } } },
  }),
  dictionary: {
    name: 'industry',
    label,
    tree: true,
    attributes: { area_code: { label } },
    values: {
      liquor: { label },
      'liquor.baijiu': { label, parent: 'liquor', color: '#c0392b', data: { area_code: '010' } },
    },
  },
  form: {
    name: 'thing.default',
    entity: 'thing',
    label,
    header: { fields: { name: true } },
    tabs: {
      main: { label, sections: { base: { label, columns: 2, fields: { name: { span: 2 } } } } },
      parts: { label, related: { entity: 'part', by: 'thing', view: 'part.of_thing' } },
      history: { label, panel: 'history' },
    },
  },
  workflow: {
    name: 'approval',
    label,
    entity: 'thing',
    regions: {
      main: {
        label,
        field: 'status',
        initial: 'draft',
        states: { draft: { label }, done: { label, final: true } },
        transitions: { finish: { label, from: { draft: true }, to: 'done', opinion: 'required' } },
      },
    },
  },
  rule: {
    name: 'greet',
    label,
    entity: 'thing',
    trigger: { on: 'change', fields: { name: true }, becomes: "name == 'x'" },
    roles: { clerk: true },
    onError: 'log',
    actions: {
      mark: { action: 'set', values: { name: "'y'" } },
      tell: { action: 'webhook', url: 'https://example.com/in', secret: 'example', after: 'mark' },
    },
  },
  view: {
    name: 'thing.all',
    entity: 'thing',
    kind: 'list',
    label,
    sort: '-updated_at,name',
    columns: { name: { width: 200, pinned: true }, 'owner.name': {} },
    filter: { state: { $in: ['a'] } },
    filters: { name: true },
  },
  menu: {
    name: 'file',
    label,
    order: 1,
    items: {
      things: { label, items: { all: { label, view: 'thing.all' } } },
      quit: { label, action: 'sign-out' },
    },
  },
  role: {
    name: 'clerk',
    label,
    grants: {
      thing: { entity: '*', actions: { query: 'all' }, fields: { '*': 'write', '@sensitive': 'masked' } },
    },
    functions: { 'metadata.configure': true },
  },
  template: {
    name: 'thing.envelope-c5',
    label,
    entity: 'thing',
    kind: 'envelope',
    paper: { width: 229, height: 162 },
    body: 'c5.hbs',
    fields: { name: { required: true }, 'owner.name': {} },
  },
  settings: {
    name: 'installation',
    productName: label,
    timeZone: 'Asia/Shanghai',
    currency: 'CNY',
    locale: 'zh-CN',
  },
};

const faultsOf = (kind: DocumentKind, document: unknown): string[] =>
  checkDocumentShape(kind, document).map((fault) => `${fault.path} ${fault.code}`);

describe('checkDocumentShape', () => {
  it.each(Object.entries(SOUND) as [DocumentKind, unknown][])(
    'ENG-01 accepts a sound document of kind %s',
    (kind, document) => {
      expect(faultsOf(kind, document)).toEqual([]);
    },
  );

  it.each(Object.entries(SOUND) as [DocumentKind, Readonly<Record<string, unknown>>][])(
    'ENG-01 refuses what a document of kind %s may not hold, and what it lacks',
    (kind, document) => {
      expect(faultsOf(kind, { ...document, flavour: 1 })).toEqual(['/flavour MRT_DOC_UNKNOWN_KEYWORD']);
      expect(faultsOf(kind, { name: document['name'] })).not.toEqual([]);
      expect(faultsOf(kind, { ...document, name: 'Not A Name' })).toHaveLength(1);
      for (const nothing of [null, 5, 'x', []]) expect(faultsOf(kind, nothing)).toEqual([' MRT_DOC_TYPE']);
    },
  );

  it.each<[string, unknown, readonly string[]]>([
    [
      'an unknown attribute',
      entity({ x: { field: 'text', label, maxLenght: 5 } }),
      ['/properties/x/maxLenght MRT_DOC_UNKNOWN_KEYWORD'],
    ],
    [
      'an attribute of another type',
      entity({ x: { field: 'boolean', label, maxLength: 5 } }),
      ['/properties/x/maxLength MRT_DOC_UNKNOWN_KEYWORD'],
    ],
    [
      'a wrong type',
      entity({ x: { field: 'text', label, maxLength: 'long' } }),
      ['/properties/x/maxLength MRT_DOC_TYPE'],
    ],
    [
      'an impossible number',
      entity({ x: { field: 'text', label, maxLength: 0 } }),
      ['/properties/x/maxLength MRT_DOC_RANGE'],
    ],
    [
      'a file larger than any upload may be',
      entity({ x: { field: 'files', label, maxSize: 21 }, y: { field: 'images', label, maxSize: 20 } }),
      ['/properties/x/maxSize MRT_DOC_RANGE'],
    ],
    [
      'an unknown field type',
      entity({ x: { field: 'txt', label } }),
      ['/properties/x/field MRT_DOC_FIELD_TYPE'],
    ],
    ['a field without type', entity({ x: { label } }), ['/properties/x/field MRT_DOC_REQUIRED']],
    ['a field without label', entity({ x: { field: 'text' } }), ['/properties/x/label MRT_DOC_REQUIRED']],
    [
      'a label in one language',
      entity({ x: { field: 'text', label: { en: 'X' } } }),
      ['/properties/x/label/zh-CN MRT_DOC_REQUIRED'],
    ],
    [
      'a blank label',
      entity({ x: { field: 'text', label: { 'zh-CN': ' ', en: 'X' } } }),
      ['/properties/x/label/zh-CN MRT_DOC_PATTERN'],
    ],
    ['a plain label', entity({ x: { field: 'text', label: 'X' } }), ['/properties/x/label MRT_DOC_TYPE']],
    [
      'a reference without entity',
      entity({ x: { field: 'reference', label } }),
      ['/properties/x/entity MRT_DOC_REQUIRED'],
    ],
    ['a bad field name', entity({ 'x-y': { field: 'text', label } }), ['/properties/x-y MRT_DOC_NAME']],
    [
      'a slash in a name, escaped in the path',
      entity({ 'x/y': { field: 'text', label } }),
      ['/properties/x~1y MRT_DOC_NAME'],
    ],
    ['a wrong word', entity({}, { ownership: 'usr' }), ['/ownership MRT_DOC_VALUE']],
    [
      'a fault inside a list',
      entity({
        x: { field: 'list', label, item: { properties: { n: { field: 'integer', label, minmum: 1 } } } },
      }),
      ['/properties/x/item/properties/n/minmum MRT_DOC_UNKNOWN_KEYWORD'],
    ],
    [
      'a record inside a list',
      entity({ x: { field: 'list', label, item: { properties: { n: { field: 'reference', label } } } } }),
      ['/properties/x/item/properties/n/field MRT_DOC_FIELD_TYPE'],
    ],
    [
      'an option without label',
      entity({ x: { field: 'choice', label, options: { a: {} } } }),
      ['/properties/x/options/a/label MRT_DOC_REQUIRED'],
    ],
    [
      'a platform field with an unknown attribute',
      entity({ remarks: { labl: label } }),
      ['/properties/remarks/labl MRT_DOC_UNKNOWN_KEYWORD'],
    ],
  ])('ENG-01 names the exact place and only the real cause: %s', (_title, document, expected) => {
    expect(faultsOf('entity', document)).toEqual(expected);
  });

  it('ENG-01 reports every fault at once, one a place', () => {
    const document = entity(
      { a: { field: 'text', label, maxLenght: 1, maxLength: '5' }, b: { field: 'txt', label } },
      { label: 5 },
    );
    expect(faultsOf('entity', document).sort()).toEqual(
      [
        '/label MRT_DOC_TYPE',
        '/properties/a/maxLength MRT_DOC_TYPE',
        '/properties/a/maxLenght MRT_DOC_UNKNOWN_KEYWORD',
        '/properties/b/field MRT_DOC_FIELD_TYPE',
      ].sort(),
    );
  });

  it('ENG-01 says what was probably meant and what is allowed, in both languages', () => {
    const [fault] = checkDocumentShape('entity', entity({ x: { field: 'text', label, maxLenght: 5 } }));
    expect(fault?.message.en).toContain('Did you mean “maxLength”? Allowed: field, label');
    expect(fault?.message['zh-CN']).toContain('是否想写“maxLength”?可用:field、label');
    const [unlike] = checkDocumentShape('entity', entity({ x: { field: 'text', label, wobble: 5 } }));
    expect(unlike?.message.en).not.toContain('Did you mean');
  });

  it('a document that extends another may leave things out and take values away, but not invent keywords', () => {
    const overlay = {
      name: 'thing',
      extends: true,
      properties: { name: { label: { en: 'Firm' }, maxLength: null }, extra: { field: 'money', label } },
    };
    expect(faultsOf('entity', overlay)).toEqual([]);
    expect(faultsOf('entity', { ...overlay, properties: { name: { maxLenght: 5 } } })).toEqual([
      '/properties/name/maxLenght MRT_DOC_UNKNOWN_KEYWORD',
    ]);
    expect(
      faultsOf('menu', {
        name: 'file',
        extends: true,
        items: { more: { items: { all: { view: 'thing.all' } } } },
      }),
    ).toEqual([]);
    expect(
      faultsOf('menu', {
        name: 'file',
        extends: true,
        items: { more: { items: { all: { vew: 'thing.all' } } } },
      }),
    ).toEqual(['/items/more/items/all/vew MRT_DOC_UNKNOWN_KEYWORD']);
    expect(
      faultsOf('role', {
        name: 'clerk',
        extends: true,
        grants: { part: { entity: 'part', actions: { query: 'everything' } } },
      }),
    ).toEqual(['/grants/part/actions/query MRT_DOC_VALUE']);
  });

  it.each<[DocumentKind, unknown, string]>([
    ['dictionary', { name: 'd', label, values: { 'a b': { label } } }, '/values/a b MRT_DOC_NAME'],
    [
      'dictionary',
      { name: 'd', label, values: { a: { label, color: 'red' } } },
      '/values/a/color MRT_DOC_PATTERN',
    ],
    ['form', { name: 'thing', entity: 'thing', label, tabs: {} }, '/name MRT_DOC_PATTERN'],
    ['view', { name: 'a.b', entity: 'a', kind: 'kanban', label, columns: {} }, '/kind MRT_DOC_VALUE'],
    ['settings', { ...(SOUND.settings as object), currency: 'yuan' }, '/currency MRT_DOC_PATTERN'],
    ['settings', { ...(SOUND.settings as object), name: 'other' }, '/name MRT_DOC_VALUE'],
    ['template', { ...(SOUND.template as object), paper: { width: 229 } }, '/paper/height MRT_DOC_REQUIRED'],
  ])('ENG-01 refuses a faulty document of kind %s', (kind, document, expected) => {
    expect(faultsOf(kind, document)).toEqual([expected]);
  });
});

describe('checkDocumentShape with a field type of a plugin', () => {
  let remove = (): void => {};
  afterEach(() => remove());

  it('knows the type from its registration to its removal', () => {
    const document = entity({ x: { field: 'braille', label, digits: 13 } });
    expect(faultsOf('entity', document)).toEqual(['/properties/x/field MRT_DOC_FIELD_TYPE']);
    remove = registerFieldType({
      ...text,
      name: 'braille',
      definition: { type: 'object', properties: { digits: { type: 'integer' } } },
    });
    expect(faultsOf('entity', document)).toEqual([]);
    remove();
    expect(faultsOf('entity', document)).toEqual(['/properties/x/field MRT_DOC_FIELD_TYPE']);
  });
});

describe('checkManifestShape', () => {
  const manifest = {
    name: 'trade-fair',
    version: '0.1.0',
    label,
    platform: '^0.1.0',
    server: 'src/index.ts',
  };

  it('PLG-01 accepts a manifest and refuses a faulty one', () => {
    expect(checkManifestShape(manifest)).toEqual([]);
    const faulty = { ...manifest, version: '1', server: '../../etc/passwd.js', plattform: '1' };
    expect(
      checkManifestShape(faulty)
        .map((fault) => fault.path)
        .sort(),
    ).toEqual(['/plattform', '/server', '/version']);
  });
});
