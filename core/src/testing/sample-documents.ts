import type {
  AnyDocument,
  DictionaryDocument,
  DocumentKind,
  EntityDocument,
  FieldDocument,
  RoleDocument,
} from '../model/documents.ts';
import type { Layer, LayerDocument } from '../model/layer.ts';
import { sampleReview } from './sample-review.ts';

/** A label in both languages from one word, for tests. */
export const label = (text: string): { 'zh-CN': string; en: string } => ({ 'zh-CN': `${text}中`, en: text });

const field = (type: string, more: Partial<FieldDocument> = {}): FieldDocument => ({
  field: type,
  label: label(type),
  ...more,
});

const dictionary = (
  name: string,
  values: DictionaryDocument['values'],
  tree = false,
): DictionaryDocument => ({
  name,
  label: label(name),
  ...(tree ? { tree } : {}),
  values,
});

const review = {
  pending: { label: label('pending') },
  passed: { label: label('passed') },
  rejected: { label: label('rejected') },
};

/** One field of every type of the first cut, on an entity with lines and a child entity. */
const thing: EntityDocument = {
  name: 'thing',
  label: label('Thing'),
  display: 'name',
  identify: { code: true },
  ownership: 'user',
  unique: { tax: { fields: { tax_code: true } } },
  rules: {
    dates: {
      when: 'end_on == null || start_on == null || end_on >= start_on',
      message: label('end before start'),
      at: 'end_on',
    },
  },
  properties: {
    name: field('text', { required: true, maxLength: 50, search: true }),
    code: field('autonumber', { pattern: '{grade}{seq:3}', maxLength: 8 }),
    tax_code: field('text', { maxLength: 18 }),
    note: field('longtext'),
    count: field('integer', { minimum: 0, maximum: 1000 }),
    ratio: field('decimal', { precision: 5, scale: 4 }),
    amount: field('money'),
    active: field('boolean', { default: true }),
    start_on: field('date'),
    end_on: field('date'),
    seen_at: field('datetime'),
    email: field('email'),
    phone: field('phone', { search: true }),
    site: field('url', { part: 'ext' }),
    secret: field('text', { sensitive: true, maxLength: 40, part: 'ext' }),
    grade: field('choice', { options: { a: { label: label('A') }, b: { label: label('B') } }, default: 'b' }),
    region: field('choice', { dictionary: 'area' }),
    tags: field('choice', { dictionary: 'tag', multiple: true }),
    parent: field('reference', { entity: 'thing', tree: true }),
    friends: field('references', { entity: 'thing' }),
    log: field('list', {
      item: { properties: { on: field('date', { required: true }), text: field('text', { maxLength: 20 }) } },
    }),
    papers: field('files'),
    pictures: field('images'),
    parts: field('lines', { entity: 'thing_line', by: 'thing' }),
    visits: field('children', { entity: 'visit', by: 'thing' }),
    total: field('decimal', { precision: 15, scale: 2, compute: 'decimal(amount) * ratio' }),
  },
};

const thingLine: EntityDocument = {
  name: 'thing_line',
  label: label('Line'),
  display: 'item',
  ownership: 'parent',
  parent: 'thing',
  properties: {
    thing: field('reference', { entity: 'thing', required: true }),
    item: field('text', { required: true, maxLength: 30 }),
    quantity: field('integer', { minimum: 1, default: 1 }),
    price: field('money'),
  },
};

const visit: EntityDocument = {
  name: 'visit',
  label: label('Visit'),
  display: 'subject',
  ownership: 'user',
  reviews: false,
  properties: {
    subject: field('text', { required: true, maxLength: 80 }),
    thing: field('reference', { entity: 'thing', required: true }),
    minutes: field('integer'),
  },
};

const user: EntityDocument = {
  name: 'user',
  label: label('User'),
  display: 'display_name',
  ownership: 'user',
  reviews: false,
  properties: {
    username: field('text', { required: true, maxLength: 60, unique: true }),
    display_name: field('text', { required: true, maxLength: 60, search: true }),
    email: field('email'),
    status: field('choice', {
      options: { active: { label: label('active') }, disabled: { label: label('disabled') } },
      default: 'active',
    }),
    roles: field('choice', { dictionary: '$roles', multiple: true }),
  },
};

const unit: EntityDocument = {
  name: 'unit',
  label: label('Unit'),
  display: 'name',
  ownership: 'user',
  reviews: false,
  properties: {
    name: field('text', { required: true, maxLength: 60 }),
    parent: field('reference', { entity: 'unit', tree: true }),
  },
};

const everything = {
  query: 'all',
  read: 'all',
  create: 'all',
  update: 'all',
  void: 'all',
  delete: 'all',
  restore: 'all',
  print: 'all',
  export: 'all',
  transition: 'all',
} as const;

const roles: RoleDocument[] = [
  {
    name: 'administrator',
    label: label('Administrator'),
    grants: { all: { entity: '*', actions: everything, fields: { '*': 'write', '@sensitive': 'write' } } },
    functions: { '*': true },
  },
  {
    name: 'employee',
    label: label('Employee'),
    grants: {
      thing: {
        entity: 'thing',
        actions: {
          query: 'all',
          read: 'below',
          create: 'own',
          update: 'own',
          delete: 'own',
          void: 'own',
          restore: 'own',
          transition: 'below',
        },
      },
      secret: { entity: 'thing', actions: { read: 'own' }, fields: { '*': 'hidden', '@sensitive': 'read' } },
      visit: { entity: 'visit', actions: { query: 'own', read: 'own', create: 'own', update: 'own' } },
      user: { entity: 'user', actions: { query: 'all' } },
      unit: { entity: 'unit', actions: { query: 'all' } },
    },
  },
  {
    name: 'reader',
    label: label('Reader'),
    grants: {
      thing: {
        entity: 'thing',
        actions: { query: 'unit', read: 'unit' },
        fields: { '*': 'read', amount: 'hidden', phone: 'masked' },
      },
    },
  },
];

const byKind: readonly (readonly [DocumentKind, readonly AnyDocument[]])[] = [
  [
    'settings',
    [
      {
        name: 'installation',
        productName: label('Sample'),
        timeZone: 'Asia/Shanghai',
        currency: 'CNY',
        locale: 'zh-CN',
      },
    ],
  ],
  ['entity', [thing, thingLine, visit, user, unit]],
  [
    'dictionary',
    [
      dictionary(
        'area',
        {
          east: { label: label('East') },
          sh: { label: label('Shanghai'), parent: 'east' },
          west: { label: label('West') },
          old: { label: label('Old'), active: false },
        },
        true,
      ),
      dictionary('tag', { x: { label: label('X') }, y: { label: label('Y') }, z: { label: label('Z') } }),
      dictionary('currency', { CNY: { label: label('Yuan') }, USD: { label: label('Dollar') } }),
      dictionary('review_mark', review),
      dictionary('review_status', {
        unreviewed: { label: label('unreviewed') },
        first_passed: { label: label('first') },
        second_passed: { label: label('second') },
        rejected: { label: label('rejected') },
      }),
    ],
  ],
  [
    'form',
    [
      {
        name: 'thing.default',
        entity: 'thing',
        label: label('Form'),
        tabs: {
          basic: {
            label: label('Basic'),
            sections: { base: { label: label('Base'), fields: { name: {}, code: {}, amount: {} } } },
          },
        },
      },
    ],
  ],
  [
    'view',
    [
      {
        name: 'thing.all',
        entity: 'thing',
        kind: 'list',
        label: label('Things'),
        columns: { name: { width: 200 }, code: {}, region: {} },
        sort: '-updated_at',
        filters: { region: true },
      },
    ],
  ],
  [
    'menu',
    [
      {
        name: 'main',
        label: label('Main'),
        items: { things: { label: label('Things'), view: 'thing.all' } },
      },
    ],
  ],
  ['role', roles],
  ['workflow', [sampleReview]],
];

/** A small complete base layer for tests: five entities, every field type, three roles. */
export function sampleLayer(): Layer {
  const documents: LayerDocument[] = byKind.flatMap(([kind, list]) =>
    list.map((document) => ({ kind, name: document.name, document, file: `${kind}/${document.name}.json` })),
  );
  return { name: 'base', documents: structuredClone(documents) };
}
