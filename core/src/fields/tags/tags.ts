import { arrayFilter, ARRAY_OPERATORS } from '../array-filter.ts';
import { numberAttribute } from '../attribute.ts';
import { asIs } from '../as-is.ts';
import { cleanLine } from '../clean-text.ts';
import { valueFault } from '../fault.ts';
import type { FieldDefinition, FieldType, ValueFault } from '../field-type.ts';
import { filterText } from '../filter-value.ts';
import { joinLabels } from '../label-list.ts';
import { checkText } from '../text-check.ts';

const mostOf = (def: FieldDefinition): number => numberAttribute(def, 'maxCount', 20);
const lengthOf = (def: FieldDefinition): number => numberAttribute(def, 'maxLength', 40);
/** Signs that part tags in a cell, and so cannot stand inside one. */
const SEPARATORS = /[、,;|\n\r\uff0c\uff1b]/;

/** Each tag once, as it was first written; `VIP` and `vip` are one. */
function once(tags: readonly unknown[]): unknown[] {
  const seen = new Set<string>();
  return tags.flatMap((tag) => {
    const clean = typeof tag === 'string' ? cleanLine(tag) : tag;
    const key = String(clean).toLowerCase();
    if (clean === null || seen.has(key)) return [];
    seen.add(key);
    return [clean];
  });
}

function checkTag(tag: unknown, index: number, def: FieldDefinition): ValueFault | null {
  // The Greek question mark becomes a semicolon in its normal form: what is kept is looked at.
  const clean = typeof tag === 'string' ? cleanLine(tag) : tag;
  const fault = checkText(tag, clean, lengthOf(def));
  if (fault) return { ...fault, at: `/${index}` };
  if (!SEPARATORS.test(String(clean))) return null;
  return valueFault(
    'MRT_VALUE_CHARACTERS',
    '标签中不能有逗号、顿号、分号或竖线。',
    'A tag must not hold a comma, semicolon or bar.',
    `/${index}`,
  );
}

/** Free words that group records (ENG-03); the ones in use are suggested. */
export const tags: FieldType = {
  name: 'tags',
  label: { 'zh-CN': '标签', en: 'Tags' },
  definition: {
    type: 'object',
    properties: {
      maxCount: {
        type: 'integer',
        minimum: 1,
        maximum: 200,
        description: '最多个数,默认 20 / Most tags, default 20',
      },
      maxLength: {
        type: 'integer',
        minimum: 1,
        maximum: 200,
        description: '每个最多字符数,默认 40 / Most characters of one, default 40',
      },
    },
  },
  check: () => [],
  columnType: () => 'text[]',
  valueSchema: (def) => ({
    type: 'array',
    items: { type: 'string', maxLength: lengthOf(def) },
    maxItems: mostOf(def),
  }),
  expressionType: () => 'list<string>',
  normalise(value) {
    if (!Array.isArray(value)) return asIs(value);
    const clean = once(value);
    return clean.length ? clean : null;
  },
  checkValue(value, def) {
    if (!Array.isArray(value))
      return valueFault('MRT_VALUE_TYPE', '应为标签的列表。', 'It must be a list of tags.');
    for (const [index, tag] of value.entries()) {
      const fault = checkTag(tag, index, def);
      if (fault) return fault;
    }
    return null;
  },
  toColumn: asIs,
  fromColumn: asIs,
  searchText: (column) => `array_to_string(${column}, ' ')`,
  operators: ARRAY_OPERATORS,
  sortable: false,
  filter: (operator, column, value, bind) =>
    arrayFilter(
      { cast: 'text', read: (item) => filterText(item).normalize('NFC').trim() },
      operator,
      column,
      value,
      bind,
    ),
  format: (value, _def, scope) => (Array.isArray(value) ? joinLabels(value.map(String), scope.locale) : ''),
  parse(cell) {
    const found = once(cell.split(SEPARATORS));
    return found.length ? found : null;
  },
};
