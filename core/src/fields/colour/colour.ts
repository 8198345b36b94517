import { asIs, printed } from '../as-is.ts';
import { toHalfWidth } from '../clean-text.ts';
import { valueFault } from '../fault.ts';
import { FilterValueError } from '../field-type.ts';
import type { FieldType } from '../field-type.ts';
import { EQUALITY_OPERATORS, scalarFilter } from '../scalar-filter.ts';

const COLOUR = /^#[0-9a-f]{6}$/;

/** `#RRGGBB`, `RRGGBB` and `#RGB` as `#rrggbb`; null for what is no colour. */
function readColour(cell: string): string | null {
  const text = `#${toHalfWidth(cell).trim().toLowerCase().replace(/^#/, '')}`;
  const long = /^#[0-9a-f]{3}$/.test(text) ? text.replace(/[0-9a-f]/g, '$&$&') : text;
  return COLOUR.test(long) ? long : null;
}

/** A colour (ENG-03), as `#rrggbb`. */
export const colour: FieldType = {
  name: 'colour',
  label: { 'zh-CN': '颜色', en: 'Colour' },
  definition: { type: 'object', properties: {} },
  check: () => [],
  columnType: () => 'varchar(7)',
  valueSchema: () => ({ type: 'string', pattern: '^#[0-9a-fA-F]{6}$' }),
  expressionType: () => 'string',
  normalise: (value) => (typeof value === 'string' ? value.toLowerCase() : asIs(value)),
  checkValue: (value) =>
    typeof value === 'string' && COLOUR.test(value.toLowerCase())
      ? null
      : valueFault('MRT_VALUE_FORMAT', '应为颜色,如 #1f6feb。', 'It must be a colour such as #1f6feb.'),
  toColumn: asIs,
  fromColumn: asIs,
  operators: EQUALITY_OPERATORS,
  sortable: true,
  filter(operator, column, value, bind) {
    const read = (item: unknown): string => {
      const known = typeof item === 'string' ? readColour(item) : null;
      if (known === null) throw new FilterValueError('a colour such as "#1f6feb" is expected');
      return known;
    };
    return scalarFilter({ cast: 'text', read, unordered: true }, operator, column, value, bind);
  },
  format: printed,
  parse(cell) {
    if (cell.trim() === '') return null;
    const value = readColour(cell);
    if (value === null) throw new Error(`“${cell}” is not a colour such as #1f6feb`);
    return value;
  },
};
