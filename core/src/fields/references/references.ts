import { textAttribute } from '../attribute.ts';
import { arrayFilter, ARRAY_OPERATORS } from '../array-filter.ts';
import { asIs } from '../as-is.ts';
import type { FieldType } from '../field-type.ts';
import { checkIds, idArraySchema, normaliseIds } from '../id-array.ts';
import { joinLabels, readLabels } from '../label-list.ts';
import { checkReference, filterReference, REFERENCE_ATTRIBUTES } from '../reference-attributes.ts';
import { isUuid } from '../uuid.ts';

/** Several other records (ENG-03), by their ids, each once, in order. */
export const references: FieldType = {
  name: 'references',
  label: { 'zh-CN': '多项引用', en: 'References' },
  definition: {
    type: 'object',
    required: ['entity'],
    properties: {
      ...REFERENCE_ATTRIBUTES,
      maxCount: {
        type: 'integer',
        minimum: 1,
        maximum: 1000,
        description: '最多个数,默认 200 / Most records, default 200',
      },
    },
  },
  check: checkReference,
  columnType: () => 'uuid[]',
  valueSchema: (def) => idArraySchema(def, 200),
  expressionType: () => 'list<string>',
  normalise: normaliseIds,
  checkValue: checkIds,
  toColumn: asIs,
  fromColumn: asIs,
  operators: ARRAY_OPERATORS,
  sortable: false,
  filter: (operator, column, value, bind, def, scope) =>
    arrayFilter(
      { cast: 'uuid', read: (item) => filterReference(item, def, scope) },
      operator,
      column,
      value,
      bind,
    ),
  format(value, def, scope) {
    if (!Array.isArray(value)) return '';
    const entity = textAttribute(def, 'entity') ?? '';
    return joinLabels(
      value.map((id: unknown) => (typeof id === 'string' ? scope.display(entity, id) || id : '')),
      scope.locale,
    );
  },
  parse(cell, def, scope) {
    if (cell.trim() === '') return null;
    const entity = textAttribute(def, 'entity') ?? '';
    return readLabels(cell, (label) => (isUuid(label) ? label.toLowerCase() : scope?.id?.(entity, label)));
  },
};
