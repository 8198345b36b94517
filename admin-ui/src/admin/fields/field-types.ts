/** How an attribute of a field type is entered. */
type AttributeInput =
  | { readonly kind: 'integer'; readonly minimum?: number; readonly maximum?: number }
  | { readonly kind: 'decimal' }
  | { readonly kind: 'date' }
  | { readonly kind: 'text' }
  | { readonly kind: 'flag' }
  | { readonly kind: 'select'; readonly options: readonly string[] }
  | { readonly kind: 'dictionary' }
  | { readonly kind: 'entity' }
  | { readonly kind: 'values' }
  | { readonly kind: 'dependency' }
  | { readonly kind: 'back-reference' }
  | { readonly kind: 'items' };

/** An attribute that a field type has of its own; label and hint are texts of the screens, by its name. */
export interface AttributeSpec {
  readonly name: string;
  readonly input: AttributeInput;
  readonly required?: boolean;
  /** Value the type takes when the attribute is left out, shown in the empty input. */
  readonly fallback?: string;
}

/** A group of types in the picker. */
export interface TypeGroup {
  readonly name: 'text' | 'number' | 'time' | 'choice' | 'relation' | 'more';
  readonly types: readonly string[];
}

/** Types in the order the picker offers them (ENG-03). */
export const TYPE_GROUPS: readonly TypeGroup[] = [
  { name: 'text', types: ['text', 'longtext', 'richtext', 'phone', 'email', 'url', 'barcode'] },
  { name: 'number', types: ['integer', 'decimal', 'money', 'percent', 'rating', 'autonumber'] },
  { name: 'time', types: ['date', 'datetime', 'time', 'duration'] },
  { name: 'choice', types: ['choice', 'boolean', 'tags'] },
  { name: 'relation', types: ['reference', 'references', 'user', 'unit', 'children', 'lines'] },
  { name: 'more', types: ['files', 'images', 'address', 'geo', 'colour', 'list'] },
];

const integer = (minimum: number, maximum: number): AttributeInput => ({ kind: 'integer', minimum, maximum });
const length = (fallback: string, most: number): AttributeSpec => ({
  name: 'maxLength',
  input: integer(1, most),
  fallback,
});
const entity: AttributeSpec = { name: 'entity', input: { kind: 'entity' }, required: true };
const count = (fallback: string, most: number): AttributeSpec => ({
  name: 'maxCount',
  input: integer(1, most),
  fallback,
});
const limits = (kind: 'decimal' | 'date'): readonly AttributeSpec[] => [
  { name: 'minimum', input: { kind } },
  { name: 'maximum', input: { kind } },
];

/** The attributes of each type that the editor offers. */
export const TYPE_ATTRIBUTES: Readonly<Record<string, readonly AttributeSpec[]>> = {
  text: [
    length('200', 4000),
    { name: 'minLength', input: integer(0, 4000) },
    { name: 'pattern', input: { kind: 'text' } },
  ],
  longtext: [length('20000', 1_000_000), { name: 'minLength', input: integer(0, 1_000_000) }],
  integer: [
    { name: 'minimum', input: { kind: 'integer' } },
    { name: 'maximum', input: { kind: 'integer' } },
    { name: 'plain', input: { kind: 'flag' } },
  ],
  decimal: [
    { name: 'precision', input: integer(1, 38), fallback: '18' },
    { name: 'scale', input: integer(0, 20), fallback: '4' },
    ...limits('decimal'),
  ],
  money: [
    { name: 'foreign', input: { kind: 'flag' } },
    { name: 'rateOn', input: { kind: 'text' } },
    ...limits('decimal'),
  ],
  percent: [{ name: 'scale', input: integer(0, 8), fallback: '2' }, ...limits('decimal')],
  rating: [{ name: 'maximum', input: integer(2, 10), fallback: '5' }],
  time: [
    { name: 'seconds', input: { kind: 'flag' } },
    { name: 'minimum', input: { kind: 'text' }, fallback: '08:30' },
    { name: 'maximum', input: { kind: 'text' }, fallback: '18:00' },
  ],
  duration: [
    { name: 'minimum', input: integer(0, 2_147_483_647) },
    { name: 'maximum', input: integer(0, 2_147_483_647) },
  ],
  richtext: [length('50000', 1_000_000)],
  address: [{ name: 'dictionary', input: { kind: 'dictionary' } }],
  tags: [count('20', 200), length('40', 200)],
  barcode: [
    { name: 'kind', input: { kind: 'select', options: ['code128', 'ean13', 'isbn', 'issn', 'qr'] } },
    length('48', 1000),
  ],
  user: [{ name: 'multiple', input: { kind: 'flag' } }],
  unit: [{ name: 'multiple', input: { kind: 'flag' } }],
  autonumber: [
    { name: 'pattern', input: { kind: 'text' }, required: true, fallback: 'NO{yyyy}{seq:4}' },
    length('40', 100),
    { name: 'counting', input: { kind: 'select', options: ['gapless', 'fast'] } },
    { name: 'editable', input: { kind: 'flag' } },
  ],
  date: limits('date'),
  choice: [
    { name: 'values', input: { kind: 'values' }, required: true },
    { name: 'multiple', input: { kind: 'flag' } },
    count('200', 1000),
    { name: 'leafOnly', input: { kind: 'flag' } },
    { name: 'dependsOn', input: { kind: 'dependency' } },
  ],
  reference: [entity, { name: 'tree', input: { kind: 'flag' } }],
  references: [entity, count('200', 1000)],
  children: [{ name: 'entity', input: { kind: 'back-reference' }, required: true }],
  lines: [{ name: 'entity', input: { kind: 'back-reference' }, required: true }],
  files: [
    count('20', 200),
    { name: 'maxSize', input: integer(1, 20) },
    { name: 'accept', input: { kind: 'text' }, fallback: '.pdf,.docx,.xlsx' },
  ],
  images: [count('20', 200), { name: 'maxSize', input: integer(1, 20) }],
  list: [{ name: 'item', input: { kind: 'items' }, required: true }, count('200', 1000)],
};

/** Attributes that stand in the column of the type; what is not here is common to all types. */
export const OWN_ATTRIBUTES: ReadonlySet<string> = new Set([
  ...Object.values(TYPE_ATTRIBUTES).flatMap((specs) => specs.map((spec) => spec.name)),
  'dictionary',
  'options',
  'by',
]);

/** Flags that every type with a column has. */
export const FLAGS = ['required', 'search', 'index', 'unique', 'sensitive', 'readOnly', 'hidden'] as const;
export type Flag = (typeof FLAGS)[number];

const WITHOUT_COLUMN: ReadonlySet<string> = new Set(['children', 'lines']);
const SEARCHABLE: ReadonlySet<string> = new Set([
  'text',
  'longtext',
  'phone',
  'email',
  'url',
  'autonumber',
  'barcode',
  'tags',
  'richtext',
  'address',
]);
const SEVERAL: ReadonlySet<string> = new Set(['references', 'files', 'images', 'list', 'tags']);

const UNINDEXED: ReadonlySet<string> = new Set(['longtext', 'boolean', 'richtext', 'address', 'geo']);

/** Does the flag mean something for fields of this type? */
export function flagFits(flag: Flag, type: string, multiple: boolean): boolean {
  if (WITHOUT_COLUMN.has(type)) return flag === 'hidden' || flag === 'sensitive';
  if (flag === 'search') return SEARCHABLE.has(type);
  if (flag === 'unique' || flag === 'index') return !SEVERAL.has(type) && !UNINDEXED.has(type) && !multiple;
  if (flag === 'required') return type !== 'autonumber';
  return true;
}

/** Can a value be given as the default in the editor? */
export const takesDefault = (type: string): boolean =>
  [
    'text',
    'longtext',
    'integer',
    'decimal',
    'money',
    'boolean',
    'date',
    'datetime',
    'choice',
    'reference',
    'phone',
    'email',
    'url',
    'percent',
    'time',
    'duration',
    'rating',
    'colour',
    'user',
    'unit',
  ].includes(type);
