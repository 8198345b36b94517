import { sanitiseHtml } from '#sanitise-html';
import { numberAttribute } from '../attribute.ts';
import { asIs } from '../as-is.ts';
import { cleanLines } from '../clean-text.ts';
import type { FieldDefinition, FieldType } from '../field-type.ts';
import { filterText, nullFilter, refuseOperator } from '../filter-value.ts';
import { checkText } from '../text-check.ts';
import { escapeLike } from '../text-filter.ts';
import { escapeHtml, htmlOfText, plainText } from './plain-text.ts';

const DEFAULT_LENGTH = 50_000;
const lengthOf = (def: FieldDefinition): number => numberAttribute(def, 'maxLength', DEFAULT_LENGTH);

function normalise(value: unknown): unknown {
  if (typeof value !== 'string') return asIs(value);
  const html = cleanLines(sanitiseHtml(value)) ?? '';
  return plainText(html) === '' ? null : html;
}

/** The stored HTML without its tags; its entities stay, so a text is looked for as it is written in HTML. */
const TEXT = (column: string): string => `regexp_replace(${column}, '<[^>]*>', ' ', 'g')`;

/** Text with headings, lists and links (ENG-03), as HTML that the server has cleaned by an allow-list. */
export const richtext: FieldType = {
  name: 'richtext',
  label: { 'zh-CN': '富文本', en: 'Rich text' },
  definition: {
    type: 'object',
    properties: {
      maxLength: {
        type: 'integer',
        minimum: 1,
        maximum: 1_000_000,
        description: `最多字符数,含标记,默认 ${DEFAULT_LENGTH} / Most characters with the marks, default ${DEFAULT_LENGTH}`,
      },
    },
  },
  check: () => [],
  columnType: () => 'text',
  valueSchema: (def) => ({ type: 'string', maxLength: lengthOf(def) }),
  expressionType: () => 'string',
  normalise,
  checkValue: (value, def) => checkText(value, value, lengthOf(def)),
  toColumn: asIs,
  fromColumn: asIs,
  searchText: TEXT,
  operators: ['contains', 'null'],
  sortable: false,
  filter(operator, column, value, bind) {
    if (operator === 'null') return nullFilter(column, value);
    if (operator !== 'contains') return refuseOperator(operator);
    const wanted = escapeHtml(filterText(value).normalize('NFC'));
    return `${TEXT(column)} ILIKE ${bind(`%${escapeLike(wanted)}%`)}::text`;
  },
  format: (value) => (typeof value === 'string' ? plainText(value) : ''),
  parse: (cell) => htmlOfText(cleanLines(cell) ?? '') || null,
};
