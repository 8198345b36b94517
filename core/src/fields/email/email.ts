import { asIs, printed } from '../as-is.ts';
import { toHalfWidth } from '../clean-text.ts';
import { valueFault } from '../fault.ts';
import type { FieldType } from '../field-type.ts';
import { checkText } from '../text-check.ts';
import { TEXT_OPERATORS, textFilter } from '../text-filter.ts';

const LENGTH = 254;
const EMAIL =
  /^(?=.{1,64}@)[A-Za-z0-9!#$%&'*+/=?^_`{|}~-]+(?:\.[A-Za-z0-9!#$%&'*+/=?^_`{|}~-]+)*@(?:[A-Za-z0-9](?:[A-Za-z0-9-]{0,61}[A-Za-z0-9])?\.)+[A-Za-z](?:[A-Za-z0-9-]{0,61}[A-Za-z0-9])$/;

/** Half width, trimmed, domain in small letters; the part before the @ may be case-sensitive and stays. */
function normal(text: string): string {
  const address = toHalfWidth(text).trim();
  const at = address.lastIndexOf('@');
  return at < 0 ? address : address.slice(0, at) + address.slice(at).toLowerCase();
}

/** An e-mail address (ENG-03, ENT-08). */
export const email: FieldType = {
  name: 'email',
  label: { 'zh-CN': '电子邮件', en: 'E-mail' },
  definition: { type: 'object', properties: {} },
  check: () => [],
  columnType: () => `varchar(${LENGTH})`,
  valueSchema: () => ({ type: 'string', maxLength: LENGTH }),
  expressionType: () => 'string',
  normalise: (value) => (typeof value === 'string' ? normal(value) || null : asIs(value)),
  checkValue(value) {
    const fault = checkText(value, value, LENGTH);
    if (fault || typeof value !== 'string' || normal(value) === '' || EMAIL.test(normal(value))) return fault;
    return valueFault('MRT_VALUE_FORMAT', '不是有效的电子邮件地址。', 'It is not a valid e-mail address.');
  },
  toColumn: asIs,
  fromColumn: asIs,
  operators: TEXT_OPERATORS,
  sortable: true,
  filter: (operator, column, value, bind) => textFilter(operator, column, value, bind, normal),
  format: printed,
  parse: (cell) => normal(cell) || null,
};
