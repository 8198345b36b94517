import { asIs, printed } from '../as-is.ts';
import { toHalfWidth } from '../clean-text.ts';
import { valueFault } from '../fault.ts';
import type { FieldType } from '../field-type.ts';
import { checkText } from '../text-check.ts';
import { TEXT_OPERATORS, textFilter } from '../text-filter.ts';

const LENGTH = 50;
/** Digits with separators, an optional `+` in front, an optional extension behind `转`. */
const PHONE = /^\+?[0-9 ()-]+(?:转 ?[0-9]{1,8})?$/;

/** As typed, but half width, trimmed, single spaces; `ext.` and `分机` become `转`. */
function normal(text: string): string {
  return toHalfWidth(text)
    .replace(/\s*(?:转|轉|分机号?|ext\.?)\s*/gi, '转')
    .replace(/\s+/g, ' ')
    .trim();
}

function isPhone(text: string): boolean {
  const digits = text.split('转')[0]?.replace(/[^0-9]/g, '').length ?? 0;
  return PHONE.test(text) && digits >= 3 && digits <= 20;
}

/** A telephone or fax number (ENG-03, ENT-08), kept as typed. */
export const phone: FieldType = {
  name: 'phone',
  label: { 'zh-CN': '电话', en: 'Telephone' },
  definition: { type: 'object', properties: {} },
  check: () => [],
  columnType: () => `varchar(${LENGTH})`,
  valueSchema: () => ({ type: 'string', maxLength: LENGTH }),
  expressionType: () => 'string',
  normalise: (value) => (typeof value === 'string' ? normal(value) || null : asIs(value)),
  checkValue(value) {
    const fault = checkText(value, value, LENGTH);
    if (fault || typeof value !== 'string' || normal(value) === '' || isPhone(normal(value))) return fault;
    return valueFault(
      'MRT_VALUE_FORMAT',
      '应为电话号码:数字、空格、+ - ( ),分机用“转”。',
      'It must be a telephone number: digits, spaces, + - ( ), the extension behind 转.',
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
