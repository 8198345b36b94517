import { numberAttribute } from '../attribute.ts';
import { asIs } from '../as-is.ts';
import { toHalfWidth } from '../clean-text.ts';
import { valueFault } from '../fault.ts';
import { FilterValueError } from '../field-type.ts';
import type { FieldDefinition, FieldType } from '../field-type.ts';
import { ORDERED_OPERATORS, scalarFilter } from '../scalar-filter.ts';

const mostOf = (def: FieldDefinition): number => numberAttribute(def, 'maximum', 5);

function readRating(cell: string): number | null {
  const text = toHalfWidth(cell).trim();
  const stars = /^(★+)☆*$/.exec(text)?.[1];
  if (stars !== undefined) return stars.length;
  const digits = /^(\d{1,2})(?:\s*(?:\/\s*\d{1,2}|星|分|stars?))?$/i.exec(text)?.[1];
  return digits === undefined ? null : Number(digits);
}

/** Stars (ENG-03): a whole number from 1 to `maximum` (5); no rating is null, not 0. */
export const rating: FieldType = {
  name: 'rating',
  label: { 'zh-CN': '评分', en: 'Rating' },
  definition: {
    type: 'object',
    properties: {
      maximum: { type: 'integer', minimum: 2, maximum: 10, description: '星数,默认 5 / Stars, default 5' },
    },
  },
  check: () => [],
  columnType: () => 'smallint',
  valueSchema: (def) => ({ type: 'integer', minimum: 1, maximum: mostOf(def) }),
  expressionType: () => 'int',
  normalise: asIs,
  checkValue: (value, def) =>
    Number.isInteger(value) && (value as number) >= 1 && (value as number) <= mostOf(def)
      ? null
      : valueFault(
          'MRT_VALUE_RANGE',
          `应为 1 到 ${mostOf(def)} 的整数。`,
          `It must be a whole number from 1 to ${mostOf(def)}.`,
        ),
  toColumn: asIs,
  fromColumn: asIs,
  operators: ORDERED_OPERATORS,
  sortable: true,
  filter(operator, column, value, bind) {
    const read = (item: unknown): number => {
      if (!Number.isSafeInteger(item)) throw new FilterValueError('a whole number is expected');
      return item as number;
    };
    return scalarFilter({ cast: 'bigint', read }, operator, column, value, bind);
  },
  format: (value, def) =>
    typeof value === 'number' && value >= 0
      ? '★'.repeat(value) + '☆'.repeat(Math.max(0, mostOf(def) - value))
      : '',
  parse(cell) {
    if (cell.trim() === '') return null;
    const value = readRating(cell);
    if (value === null) throw new Error(`“${cell}” is not a rating such as 4 or ★★★★`);
    return value;
  },
};
