import { numberAttribute } from '../attribute.ts';
import { asIs } from '../as-is.ts';
import { definitionFault, valueFault } from '../fault.ts';
import { FilterValueError } from '../field-type.ts';
import type { FieldDefinition, FieldType } from '../field-type.ts';
import { ORDERED_OPERATORS, scalarFilter } from '../scalar-filter.ts';
import { printDuration, readDuration } from './read-duration.ts';

/** 68 years: what 32 bits of seconds hold. */
const LONGEST = 2_147_483_647;
const minimumOf = (def: FieldDefinition): number => numberAttribute(def, 'minimum', 0);
const maximumOf = (def: FieldDefinition): number => numberAttribute(def, 'maximum', LONGEST);
const LIMIT = { type: 'integer', minimum: 0, maximum: LONGEST };

/** How long something takes (ENG-03), in whole seconds: `5400` is 1小时30分. */
export const duration: FieldType = {
  name: 'duration',
  label: { 'zh-CN': '时长', en: 'Duration' },
  definition: {
    type: 'object',
    properties: {
      minimum: { ...LIMIT, description: '最短,秒 / Shortest, in seconds' },
      maximum: { ...LIMIT, description: '最长,秒 / Longest, in seconds' },
    },
  },
  check: (def) =>
    minimumOf(def) > maximumOf(def)
      ? [
          definitionFault(
            '/minimum',
            'MRT_FIELD_RANGE',
            'minimum 大于 maximum。',
            'minimum is above maximum.',
          ),
        ]
      : [],
  columnType: () => 'integer',
  valueSchema: (def) => ({ type: 'integer', minimum: minimumOf(def), maximum: maximumOf(def) }),
  expressionType: () => 'int',
  normalise: (value) => (Object.is(value, -0) ? 0 : asIs(value)),
  checkValue: (value) =>
    Number.isSafeInteger(value) && (value as number) >= 0
      ? null
      : valueFault('MRT_VALUE_TYPE', '应为整秒数。', 'It must be a whole number of seconds.'),
  toColumn: asIs,
  fromColumn: asIs,
  operators: ORDERED_OPERATORS,
  sortable: true,
  filter(operator, column, value, bind) {
    const read = (item: unknown): number => {
      if (!Number.isSafeInteger(item)) throw new FilterValueError('a whole number of seconds is expected');
      return item as number;
    };
    return scalarFilter({ cast: 'bigint', read }, operator, column, value, bind);
  },
  format: (value, _def, scope) => (typeof value === 'number' ? printDuration(value, scope.locale) : ''),
  parse(cell) {
    if (cell.trim() === '') return null;
    const value = readDuration(cell);
    if (value === null) throw new Error(`“${cell}” is not a duration such as 1小时30分 or 1 h 30 min`);
    return value;
  },
};
