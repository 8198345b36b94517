import { flagAttribute, numberAttribute } from '../attribute.ts';
import { asIs } from '../as-is.ts';
import { toHalfWidth } from '../clean-text.ts';
import { groupDigits, readDecimal } from '../decimal-text.ts';
import { definitionFault, valueFault } from '../fault.ts';
import { FilterValueError } from '../field-type.ts';
import type { FieldDefinition, FieldType } from '../field-type.ts';
import { ORDERED_OPERATORS, scalarFilter } from '../scalar-filter.ts';

const INT4 = { minimum: -2_147_483_648, maximum: 2_147_483_647 };
const minimumOf = (def: FieldDefinition): number => numberAttribute(def, 'minimum', INT4.minimum);
const maximumOf = (def: FieldDefinition): number => numberAttribute(def, 'maximum', INT4.maximum);
const isWide = (def: FieldDefinition): boolean =>
  minimumOf(def) < INT4.minimum || maximumOf(def) > INT4.maximum;

function readFilter(value: unknown): number {
  if (value === null) throw new FilterValueError('use {"$null": true} to find empty values');
  if (!Number.isSafeInteger(value)) throw new FilterValueError('a whole number is expected');
  return value as number;
}

/** A whole number (ENG-03): 32 bits, or up to ±2^53 where the limits of the field ask for it. */
export const integer: FieldType = {
  name: 'integer',
  label: { 'zh-CN': '整数', en: 'Whole number' },
  definition: {
    type: 'object',
    properties: {
      minimum: {
        type: 'integer',
        minimum: Number.MIN_SAFE_INTEGER,
        maximum: Number.MAX_SAFE_INTEGER,
        description: '最小值 / Smallest value',
      },
      maximum: {
        type: 'integer',
        minimum: Number.MIN_SAFE_INTEGER,
        maximum: Number.MAX_SAFE_INTEGER,
        description: '最大值 / Greatest value',
      },
      plain: {
        type: 'boolean',
        description: '不加千位分隔符,如年份 / Printed without digit grouping, e.g. a year',
      },
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
  columnType: (def) => (isWide(def) ? 'bigint' : 'integer'),
  valueSchema: (def) => ({ type: 'integer', minimum: minimumOf(def), maximum: maximumOf(def) }),
  expressionType: () => 'int',
  normalise: (value) => (Object.is(value, -0) ? 0 : asIs(value)),
  checkValue: (value) =>
    Number.isSafeInteger(value)
      ? null
      : valueFault('MRT_VALUE_TYPE', '应为整数。', 'It must be a whole number.'),
  toColumn: asIs,
  fromColumn: (value) => (value === null || value === undefined ? null : Number(value)),
  operators: ORDERED_OPERATORS,
  sortable: true,
  filter: (operator, column, value, bind) =>
    scalarFilter({ cast: 'bigint', read: readFilter }, operator, column, value, bind),
  format(value, def) {
    if (typeof value !== 'number') return '';
    return flagAttribute(def, 'plain') ? String(value) : groupDigits(String(value));
  },
  parse(cell) {
    const cleaned = toHalfWidth(cell).trim();
    if (cleaned === '') return null;
    const decimal = readDecimal(cleaned);
    const number = Number(decimal);
    if (decimal === null || !Number.isSafeInteger(number)) throw new Error(`“${cell}” is not a whole number`);
    return Object.is(number, -0) ? 0 : number;
  },
};
