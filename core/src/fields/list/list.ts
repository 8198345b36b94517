import { mapAttribute, numberAttribute } from '../attribute.ts';
import { isObject } from '../../text/is-object.ts';
import { asIs } from '../as-is.ts';
import { definitionFault, valueFault } from '../fault.ts';
import { FilterValueError } from '../field-type.ts';
import type { DefinitionFault, FieldDefinition, FieldType, JsonSchema, ValueFault } from '../field-type.ts';
import { nullFilter } from '../filter-value.ts';
import { localise } from '../../text/locale.ts';
import { nullableSchema } from '../nullable-schema.ts';
import { scalarType } from '../scalar-types.ts';
import { LIST_DEFINITION } from './list-definition.ts';

const MOST_ITEMS = 200;

interface Inner {
  readonly name: string;
  readonly type: FieldType;
  readonly def: FieldDefinition;
}

/** The inner fields whose type is known; an unknown one is a fault of the definition. */
function innerFields(def: FieldDefinition): Inner[] {
  const item = mapAttribute(def, 'item')['properties'];
  return Object.entries(isObject(item) ? item : {}).flatMap(([name, inner]) => {
    const type = isObject(inner) ? scalarType(inner['field']) : undefined;
    return type ? [{ name, type, def: inner as FieldDefinition }] : [];
  });
}

function itemSchema(def: FieldDefinition): JsonSchema {
  const inner = innerFields(def);
  const required = inner.filter(
    (field) => field.def['required'] === true && field.def['default'] === undefined,
  );
  return {
    type: 'object',
    additionalProperties: false,
    properties: Object.fromEntries(
      inner.map((field) => {
        const schema = field.type.valueSchema(field.def);
        return [field.name, required.includes(field) ? schema : nullableSchema(schema)];
      }),
    ),
    ...(required.length ? { required: required.map((field) => field.name) } : {}),
  };
}

/** Known values in their stored form, and the defaults of the absent ones. */
function normaliseItem(item: unknown, inner: readonly Inner[]): unknown {
  if (!isObject(item)) return item;
  const result: Record<string, unknown> = { ...item };
  for (const { name, type, def } of inner) {
    const value = item[name] === undefined ? def['default'] : item[name];
    if (value !== undefined) result[name] = value === null ? null : type.normalise(value, def);
  }
  return result;
}

function checkItem(item: unknown, index: number, inner: readonly Inner[]): ValueFault | null {
  if (!isObject(item))
    return valueFault('MRT_VALUE_TYPE', '应为对象。', 'It must be an object.', `/${index}`);
  for (const { name, type, def } of inner) {
    const at = `/${index}/${name}`;
    const value = (item[name] === undefined ? def['default'] : item[name]) ?? null;
    const fault = value === null ? null : type.checkValue(value, def);
    if (fault) return { ...fault, at: `${at}${fault.at ?? ''}` };
    if (def['required'] === true && (value === null || type.normalise(value, def) === null)) {
      return valueFault('MRT_VALUE_REQUIRED', '必填。', 'It is required.', at);
    }
  }
  return null;
}

/** A short table inside the record, kept as JSON (ENG-03): `[{ "product": "…", "share": "12.50" }]`. */
export const list: FieldType = {
  name: 'list',
  label: { 'zh-CN': '列表', en: 'List' },
  definition: LIST_DEFINITION,
  check(def, scope) {
    const properties = mapAttribute(def, 'item')['properties'];
    return Object.entries(isObject(properties) ? properties : {}).flatMap(
      ([name, inner]): DefinitionFault[] => {
        const at = `/item/properties/${name}`;
        const type = isObject(inner) ? scalarType(inner['field']) : undefined;
        if (!type)
          return [
            definitionFault(
              `${at}/field`,
              'MRT_FIELD_TYPE',
              '列表项不能用这种字段。',
              'Items of a list cannot have this type.',
            ),
          ];
        return type.check(inner as FieldDefinition, scope).map((fault) => ({ ...fault, at: at + fault.at }));
      },
    );
  },
  columnType: () => 'jsonb',
  valueSchema: (def) => ({
    type: 'array',
    items: itemSchema(def),
    maxItems: numberAttribute(def, 'maxCount', MOST_ITEMS),
  }),
  expressionType: () => 'list<map>',
  normalise(value, def) {
    if (!Array.isArray(value)) return asIs(value);
    const inner = innerFields(def);
    return value.length ? value.map((item) => normaliseItem(item, inner)) : null;
  },
  checkValue(value, def) {
    if (!Array.isArray(value)) return valueFault('MRT_VALUE_TYPE', '应为列表。', 'It must be a list.');
    const inner = innerFields(def);
    for (const [index, item] of value.entries()) {
      const fault = checkItem(item, index, inner);
      if (fault) return fault;
    }
    return null;
  },
  toColumn: (value) => (value === null || value === undefined ? null : JSON.stringify(value)),
  fromColumn: (value) => (typeof value === 'string' ? (JSON.parse(value) as unknown) : asIs(value)),
  operators: ['null'],
  sortable: false,
  filter(operator, column, value) {
    if (operator !== 'null') throw new FilterValueError('only $null fits a list');
    return nullFilter(column, value);
  },
  format(value, def, scope) {
    if (!Array.isArray(value)) return '';
    const inner = innerFields(def);
    const line = (item: unknown): string =>
      inner
        .map(({ name, type, def: innerDef }) => {
          const text = isObject(item) ? type.format(item[name], innerDef, scope) : '';
          return text === '' ? '' : `${localise(innerDef.label, scope.locale)}: ${text}`;
        })
        .filter(Boolean)
        .join(scope.locale === 'en' ? ', ' : ',');
    return value.map(line).join('\n');
  },
  parse(cell, def) {
    if (cell.trim() === '') return null;
    try {
      const value: unknown = JSON.parse(cell);
      if (Array.isArray(value)) return list.normalise(value, def);
    } catch {
      // Falls through to the one message that says what is expected.
    }
    throw new Error('a list is expected as JSON, such as [{"name": "…"}]');
  },
};
