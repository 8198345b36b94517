import { asIs, printed } from '../as-is.ts';
import { valueFault } from '../fault.ts';
import type { FieldType } from '../field-type.ts';
import { checkText } from '../text-check.ts';
import { TEXT_OPERATORS, textFilter } from '../text-filter.ts';

const LENGTH = 500;
const normal = (text: string): string => text.normalize('NFC').trim();

/** Only http and https with a host: a `javascript:` address on a form would be a way to run foreign code. */
function isWebAddress(text: string): boolean {
  if (!/^https?:\/\/[^\s/?#]/i.test(text) || /\s/.test(text) || !URL.canParse(text)) return false;
  const url = new URL(text);
  return url.hostname !== '' && url.username === '' && url.password === '';
}

/** A web address (ENG-03). */
export const url: FieldType = {
  name: 'url',
  label: { 'zh-CN': '网址', en: 'Web address' },
  definition: { type: 'object', properties: {} },
  check: () => [],
  columnType: () => `varchar(${LENGTH})`,
  valueSchema: () => ({ type: 'string', maxLength: LENGTH }),
  expressionType: () => 'string',
  normalise: (value) => (typeof value === 'string' ? normal(value) || null : asIs(value)),
  checkValue(value) {
    const fault = checkText(value, typeof value === 'string' ? normal(value) : value, LENGTH);
    if (fault || typeof value !== 'string' || normal(value) === '' || isWebAddress(normal(value)))
      return fault;
    return valueFault(
      'MRT_VALUE_FORMAT',
      '网址须以 http:// 或 https:// 开头。',
      'A web address must begin with http:// or https://.',
    );
  },
  toColumn: asIs,
  fromColumn: asIs,
  operators: TEXT_OPERATORS,
  sortable: true,
  filter: (operator, column, value, bind) => textFilter(operator, column, value, bind, normal),
  format: printed,
  parse: (cell) => normal(cell) || null,
};
