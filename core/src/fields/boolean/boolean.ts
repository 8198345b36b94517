import { asIs } from '../as-is.ts';
import { toHalfWidth } from '../clean-text.ts';
import { valueFault } from '../fault.ts';
import { FilterValueError } from '../field-type.ts';
import type { FieldType } from '../field-type.ts';
import { EQUALITY_OPERATORS, scalarFilter } from '../scalar-filter.ts';

const TRUE = new Set(['是', 'yes', 'true', 'y', '1', '√', '✓', '对']);
const FALSE = new Set(['否', 'no', 'false', 'n', '0', '×', '✗', '错']);

function readFilter(value: unknown): boolean {
  if (typeof value !== 'boolean') throw new FilterValueError('true or false is expected');
  return value;
}

/** Yes or no (ENG-03). */
export const boolean: FieldType = {
  name: 'boolean',
  label: { 'zh-CN': '是/否', en: 'Yes/no' },
  definition: { type: 'object', properties: {} },
  check: () => [],
  columnType: () => 'boolean',
  valueSchema: () => ({ type: 'boolean' }),
  expressionType: () => 'bool',
  normalise: asIs,
  checkValue: (value) =>
    typeof value === 'boolean'
      ? null
      : valueFault('MRT_VALUE_TYPE', '应为 true 或 false。', 'It must be true or false.'),
  toColumn: asIs,
  fromColumn: asIs,
  operators: EQUALITY_OPERATORS,
  sortable: true,
  filter: (operator, column, value, bind) =>
    scalarFilter({ cast: 'boolean', read: readFilter, unordered: true }, operator, column, value, bind),
  format(value, _def, scope) {
    if (typeof value !== 'boolean') return '';
    const words = scope.locale === 'en' ? ['Yes', 'No'] : ['是', '否'];
    return (value ? words[0] : words[1]) ?? '';
  },
  parse(cell) {
    const word = toHalfWidth(cell).trim().toLowerCase();
    if (word === '') return null;
    if (TRUE.has(word)) return true;
    if (FALSE.has(word)) return false;
    throw new Error(`“${cell}” is neither yes nor no`);
  },
};
