import { textAttribute } from './attribute.ts';
import { asIs } from './as-is.ts';
import { definitionFault, valueFault } from './fault.ts';
import type { DefinitionFault, DefinitionScope, FieldDefinition, FieldType } from './field-type.ts';
import { refuseOperator } from './filter-value.ts';
import { checkEntity, NAME_PATTERN } from './reference-attributes.ts';

const MOST_ROWS = 1000;

function checkRelated(def: FieldDefinition, scope: DefinitionScope): DefinitionFault[] {
  const faults = checkEntity(def, scope);
  if (faults.length) return faults;
  const [entity, by] = [textAttribute(def, 'entity') ?? '', textAttribute(def, 'by') ?? ''];
  const type = scope.fieldType(entity, by);
  if (type === 'reference') return [];
  return [
    definitionFault(
      '/by',
      'MRT_FIELD_BY',
      `“${entity}.${by}”不是引用字段。`,
      `“${entity}.${by}” is not a reference field.`,
    ),
  ];
}

/** What `children` and `lines` share: records of another entity whose reference `by` points here. No column. */
export function relatedType(own: Pick<FieldType, 'name' | 'label'>): FieldType {
  return {
    ...own,
    definition: {
      type: 'object',
      required: ['entity', 'by'],
      properties: {
        entity: { type: 'string', pattern: NAME_PATTERN, description: '子记录的实体 / Entity of the rows' },
        by: {
          type: 'string',
          pattern: NAME_PATTERN,
          description: '子记录中指向本记录的引用字段 / Their reference field that points here',
        },
      },
    },
    check: checkRelated,
    columnType: () => null,
    valueSchema: () => ({ type: 'array', items: { type: 'object' }, maxItems: MOST_ROWS }),
    expressionType: () => 'list<map>',
    normalise: asIs,
    checkValue: (value) =>
      Array.isArray(value)
        ? null
        : valueFault('MRT_VALUE_TYPE', '应为记录的列表。', 'It must be a list of records.'),
    toColumn: asIs,
    fromColumn: asIs,
    operators: [],
    sortable: false,
    filter: (operator) => refuseOperator(operator),
    format(value, _def, scope) {
      const count = Array.isArray(value) ? value.length : 0;
      if (count === 0) return '';
      return scope.locale === 'en' ? `${count} ${count === 1 ? 'row' : 'rows'}` : `${count} 条`;
    },
    parse() {
      throw new Error('rows of another table cannot be read from one cell');
    },
  };
}
