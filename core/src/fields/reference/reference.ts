import { textAttribute } from '../attribute.ts';
import { asIs } from '../as-is.ts';
import { valueFault } from '../fault.ts';
import type { FieldType } from '../field-type.ts';
import { checkReference, filterReference, REFERENCE_ATTRIBUTES } from '../reference-attributes.ts';
import { EQUALITY_OPERATORS, scalarFilter } from '../scalar-filter.ts';
import { isUuid, UUID_PATTERN } from '../uuid.ts';

/** Another record (ENG-03), by its id. Whether the record exists and may be chosen is the records engine's question. */
export const reference: FieldType = {
  name: 'reference',
  label: { 'zh-CN': '引用', en: 'Reference' },
  definition: {
    type: 'object',
    required: ['entity'],
    properties: {
      ...REFERENCE_ATTRIBUTES,
      tree: { type: 'boolean', description: '构成树,不得循环 / The records form a tree, without cycles' },
    },
  },
  check: checkReference,
  columnType: () => 'uuid',
  valueSchema: () => ({ type: 'string', format: 'uuid', pattern: UUID_PATTERN }),
  expressionType: () => 'string',
  normalise: (value) => (typeof value === 'string' ? value.toLowerCase() : asIs(value)),
  checkValue: (value) =>
    isUuid(value)
      ? null
      : valueFault('MRT_VALUE_FORMAT', '应为记录的 id(uuid)。', 'It must be the id of a record (a uuid).'),
  toColumn: asIs,
  fromColumn: asIs,
  operators: EQUALITY_OPERATORS,
  sortable: true,
  filter: (operator, column, value, bind, def, scope) =>
    scalarFilter(
      { cast: 'uuid', read: (item) => filterReference(item, def, scope), unordered: true },
      operator,
      column,
      value,
      bind,
    ),
  format: (value, def, scope) =>
    typeof value === 'string' ? scope.display(textAttribute(def, 'entity') ?? '', value) || value : '',
  parse(cell, def, scope) {
    const text = cell.trim();
    if (text === '') return null;
    const id = isUuid(text) ? text.toLowerCase() : scope?.id?.(textAttribute(def, 'entity') ?? '', text);
    if (id === undefined) throw new Error(`“${cell}” is not a known record`);
    return id;
  },
};
