import { flagAttribute, mapAttribute, textAttribute } from './attribute.ts';
import { definitionFault } from './fault.ts';
import { FilterValueError } from './field-type.ts';
import type {
  DefinitionFault,
  DefinitionScope,
  FieldDefinition,
  FilterScope,
  JsonSchema,
} from './field-type.ts';
import { filterUuid } from './uuid.ts';

/** Name of an entity or field, as JSON-Schema pattern. */
export const NAME_PATTERN = '^[a-z][a-z0-9_]{0,39}$';

/** Attributes of references to records. */
export const REFERENCE_ATTRIBUTES: JsonSchema = {
  entity: { type: 'string', pattern: NAME_PATTERN, description: '被引用的实体 / Entity of the records' },
  where: {
    type: 'object',
    description:
      '可选记录的条件:字段→值或 "$本记录字段" / Which records may be chosen: field → value, or "$field" of this record',
    propertyNames: { pattern: NAME_PATTERN },
    additionalProperties: { type: ['string', 'number', 'boolean'] },
  },
};

/** The fault of an unknown entity, if there is one. */
export function checkEntity(def: FieldDefinition, scope: DefinitionScope): DefinitionFault[] {
  const entity = textAttribute(def, 'entity') ?? '';
  return scope.hasEntity(entity)
    ? []
    : [
        definitionFault(
          '/entity',
          'MRT_FIELD_ENTITY',
          `没有实体“${entity}”。`,
          `There is no entity “${entity}”.`,
        ),
      ];
}

/** Faults of `entity` and `where`. */
export function checkReference(def: FieldDefinition, scope: DefinitionScope): DefinitionFault[] {
  const faults = checkEntity(def, scope);
  const entity = textAttribute(def, 'entity') ?? '';
  if (faults.length) return faults;
  const unknown = (field: string, at: string): void => {
    faults.push(
      definitionFault(at, 'MRT_FIELD_UNKNOWN', `没有字段“${field}”。`, `There is no field “${field}”.`),
    );
  };
  for (const [field, wanted] of Object.entries(mapAttribute(def, 'where'))) {
    const at = `/where/${field}`;
    if (!scope.hasField(entity, field)) unknown(field, at);
    const sibling = typeof wanted === 'string' && wanted.startsWith('$') ? wanted.slice(1) : undefined;
    if (sibling !== undefined && scope.entity !== undefined && !scope.hasField(scope.entity, sibling))
      unknown(sibling, at);
  }
  if (flagAttribute(def, 'tree') && scope.entity !== undefined && scope.entity !== entity) {
    faults.push(
      definitionFault(
        '/tree',
        'MRT_FIELD_TREE',
        'tree 只用于引用本实体的字段。',
        'tree needs a reference to the same entity.',
      ),
    );
  }
  return faults;
}

/** An id from a filter; `$me` is the acting user where users are referred to. @throws FilterValueError */
export function filterReference(value: unknown, def: FieldDefinition, scope: FilterScope): string {
  if (value !== '$me') return filterUuid(value);
  if (textAttribute(def, 'entity') !== 'user')
    throw new FilterValueError('$me fits only fields that refer to users');
  return filterUuid(scope.user);
}
