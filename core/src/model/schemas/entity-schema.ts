import { when } from '../../fields/conditional-schema.ts';
import type { FieldType, JsonSchema } from '../../fields/field-type.ts';
import { SYSTEM_FIELD_NAMES } from '../system-fields.ts';
import { COMMON_ATTRIBUTES } from './common-attributes.ts';
import { publish } from './publish.ts';
import { cel, closed, described, flag, LABEL, mapOf, NAME, name, oneOf, setOf } from './vocabulary.ts';

interface TypeDefinition {
  readonly properties?: Readonly<Record<string, JsonSchema>>;
  readonly required?: readonly string[];
}

/** The common attributes by reference: written, and compiled, once instead of once a type. */
const common: JsonSchema = Object.fromEntries(
  Object.keys(COMMON_ATTRIBUTES).map((attribute) => [
    attribute,
    { $ref: `#/$defs/common/properties/${attribute}` },
  ]),
);

/** Schema of a field of one type: common attributes and the type's own, nothing else. */
function fieldSchema(type: FieldType): JsonSchema {
  const own = type.definition as TypeDefinition;
  return {
    title: `${type.label['zh-CN']} / ${type.label.en}`,
    ...closed({ field: { const: type.name }, ...common, ...own.properties }, [
      'field',
      'label',
      ...(own.required ?? []),
    ]),
  };
}

/**
 * What changes a field that exists below: any type's attributes may stand there, because the type may be known only
 * below. Whether they fit is seen when the layers have merged.
 */
function overrideSchema(types: readonly FieldType[]): JsonSchema {
  const attributes: Record<string, unknown> = {};
  for (const type of types) {
    for (const [attribute, schema] of Object.entries((type.definition as TypeDefinition).properties ?? {})) {
      const known = attributes[attribute];
      attributes[attribute] =
        known === undefined || JSON.stringify(known) === JSON.stringify(schema) ? schema : {};
    }
  }
  return closed({ field: typeName(types), ...attributes, ...common });
}

function typeName(types: readonly FieldType[]): JsonSchema {
  return described({ enum: types.map((type) => type.name) }, '字段类型 / Field type');
}

function anyField(types: readonly FieldType[]): JsonSchema {
  return {
    type: 'object',
    required: ['field'],
    properties: { field: typeName(types) },
    allOf: types.map((type) => when('field', type.name, { $ref: `#/$defs/${defOf(type)}` })),
  };
}

const defOf = (type: FieldType): string => `${type.name}Field`;

/** Schema of entity documents, made from the field types of the registry (ENG-01, ENG-03). */
export function entitySchema(types: readonly FieldType[]): JsonSchema {
  const overridden = Object.fromEntries(
    [...SYSTEM_FIELD_NAMES].map((field) => [field, { $ref: '#/$defs/override' }]),
  );
  const properties = (field: string, named: JsonSchema): JsonSchema => ({
    type: 'object',
    description: '字段 / Fields, in their order',
    propertyNames: { pattern: NAME },
    properties: named,
    additionalProperties: { $ref: `#/$defs/${field}` },
  });
  const own: JsonSchema = {
    label: described(LABEL, '名称 / Label'),
    help: described(LABEL, '说明 / Help text'),
    display: name('显示字段 / The field that names a record'),
    identify: setOf(NAME, '仅有查询权时可见的字段 / Fields that the right to query alone shows'),
    ownership: oneOf(['user', 'parent'], 'user:有负责人;parent:明细行 / user: has an owner; parent: a line'),
    parent: name('明细行指向上级的字段 / The reference of a line to its parent'),
    ownerNotice: described(
      LABEL,
      '由他人转来记录时通知负责人的话,如“已交给您” / Told to whoever gets a record from somebody else',
    ),
    territory: name('记录所属区域的选项字段 / The choice by which records lie in territories'),
    sharing: flag('可将单条记录共享给人员或部门 / Single records may be shared with people and departments'),
    departmentFilter: flag('可按部门限定可见记录 / Administrators may limit what a department sees of it'),
    reviews: flag('初审复审,默认 true / Two-step review, default true'),
    unique: mapOf(
      NAME,
      closed({ fields: { ...setOf(NAME, '字段 / Fields'), minProperties: 1 }, message: LABEL }, ['fields']),
      '多字段唯一 / Combinations that must not repeat',
    ),
    rules: mapOf(
      NAME,
      closed(
        {
          when: cel('必须满足的条件 / The condition that must hold'),
          message: described(LABEL, '提示 / Message'),
          level: oneOf(['error', 'warning'], '默认 error / Default error'),
          at: name('提示所在字段 / The field the message is shown at'),
        },
        ['when', 'message'],
      ),
      '跨字段规则 / Rules over several fields',
    ),
    sort: {
      type: 'string',
      pattern: '^-?[a-z][a-z0-9_.]*(,-?[a-z][a-z0-9_.]*)*$',
      description: '默认排序,如 "-updated_at,name" / Default order',
    },
    retired: flag('停用 / Withdrawn, data kept'),
    renamedFrom: name('原名,用于改名 / The name it had before, for a rename'),
  };
  return publish('entity', {
    title: '实体 / Entity',
    description: '一张业务表:字段、规则与唯一性 / A business table: fields, rules, uniqueness',
    name: name('实体名,也是表名 / Name of the entity and its table'),
    required: ['label', 'display', 'ownership', 'properties'],
    properties: { ...own, properties: properties('field', overridden) },
    extensionProperties: { ...own, properties: properties('override', {}) },
    defs: {
      ...Object.fromEntries(types.map((type) => [defOf(type), fieldSchema(type)])),
      common: { type: 'object', properties: COMMON_ATTRIBUTES },
      override: overrideSchema(types),
      field: anyField(types),
    },
  });
}
