import type {
  DefinitionScope,
  DisplayScope,
  FieldDefinition,
  FieldType,
  FilterOperator,
  FilterScope,
  ParseScope,
} from './field-type.ts';

/** Things the tests of the field types share: a definition, the scopes, and a filter made to look at. */
export const ME = '0198f2c4-7a6b-7c3d-8e9f-0a1b2c3d4e5f';
export const OTHER = '0198f2c4-7a6b-7c3d-8e9f-0a1b2c3d4e60';
export const THIRD = '0198f2c4-7a6b-7c3d-8e9f-0a1b2c3d4e61';

/** A definition of the field type `field`. */
export function defOf(field: string, attributes: Readonly<Record<string, unknown>> = {}): FieldDefinition {
  return { field, label: { 'zh-CN': '字段', en: 'Field' }, ...attributes };
}

const LABELS: Readonly<Record<string, Readonly<Record<'zh-CN' | 'en', string>>>> = {
  baijiu: { 'zh-CN': '白酒', en: 'Baijiu' },
  beer: { 'zh-CN': '啤酒、果酒', en: 'Beer, fruit wine' },
};

/** Labels from the root, as a tree of regions has them. */
const PATHS: Readonly<Record<string, Readonly<Record<'zh-CN' | 'en', readonly string[]>>>> = {
  '110105': { 'zh-CN': ['北京市', '朝阳区'], en: ['Beijing', 'Chaoyang'] },
  '11': { 'zh-CN': ['北京市'], en: ['Beijing'] },
};

function display(locale: 'zh-CN' | 'en'): DisplayScope {
  return {
    locale,
    timeZone: 'Asia/Shanghai',
    label: (_dictionary, code) => LABELS[code]?.[locale] ?? '',
    display: (_entity, id) => (id === ME ? '张三' : ''),
    path: (_dictionary, code) => PATHS[code]?.[locale] ?? [code],
  };
}

export const zh = display('zh-CN');
export const en = display('en');

export const parseScope: ParseScope = {
  timeZone: 'Asia/Shanghai',
  code: (_dictionary, label) =>
    Object.keys(LABELS).find((code) => Object.values(LABELS[code] ?? {}).includes(label)),
  region(_dictionary, text) {
    // The deepest first, or 北京市 would hide its districts.
    for (const [code, { 'zh-CN': zhNames, en: enNames }] of Object.entries(PATHS).reverse()) {
      const [front, back] = [zhNames.join(''), [...enNames].reverse().join(', ')];
      if (text.startsWith(front)) return { code, rest: text.slice(front.length) };
      if (text === back || text.endsWith(`, ${back}`))
        return { code, rest: text.slice(0, -back.length).replace(/, $/, '') };
    }
    return undefined;
  },
  id: (_entity, text) => (text === '张三' ? ME : undefined),
};

export const filterScope: FilterScope = {
  descendants: (_dictionary, code) => (code === 'liquor' ? ['liquor', 'baijiu', 'beer'] : [code]),
  user: ME,
  today: '2026-11-21',
  timeZone: 'Asia/Shanghai',
};

const FIELDS: Readonly<Record<string, string>> = {
  name: 'text',
  parent: 'reference',
  signed_on: 'date',
  signed_at: 'datetime',
};

/** A model of one entity `customer` with a few fields, one dictionary `industry` (tree), one `gender`. */
const definitionScope: DefinitionScope = {
  hasEntity: (name) => name === 'customer' || name === 'user',
  hasDictionary: (name) => name === 'industry' || name === 'gender',
  isTree: (name) => name === 'industry',
  hasField: (entity, field) => entity === 'customer' && FIELDS[field] !== undefined,
  fieldType: (entity, field) => (entity === 'customer' ? FIELDS[field] : undefined),
  entity: 'customer',
};

/** The SQL of one operator on the column `"c"` with its parameters. */
export function condition(
  type: FieldType,
  operator: FilterOperator,
  value: unknown,
  def: FieldDefinition = defOf(type.name),
  scope: FilterScope = filterScope,
): { readonly sql: string; readonly values: readonly unknown[] } {
  const values: unknown[] = [];
  const sql = type.filter(operator, '"c"', value, (parameter) => `$${values.push(parameter)}`, def, scope);
  return { sql, values };
}

/** Code of the fault that `checkValue` finds, or null. */
export function faultCode(
  type: FieldType,
  value: unknown,
  def: FieldDefinition = defOf(type.name),
): string | null {
  return type.checkValue(value, def)?.code ?? null;
}

/** Codes and places of the faults of a definition. */
export function definitionFaults(type: FieldType, def: FieldDefinition): readonly string[] {
  return type.check(def, definitionScope).map((fault) => `${fault.at} ${fault.code}`);
}
