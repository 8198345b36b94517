import { fieldType, type FieldType, type ValueFault } from '@mortise/core/plugin';

const text = fieldType('text');
const plain = (typed: string): string => typed.replace(/[\s-]/g, '');

/** The number of an animal's transponder (ISO 11784): 15 digits, typed with or without spaces. */
export const microchip: FieldType = {
  ...text,
  name: 'microchip',
  label: { 'zh-CN': '芯片号', en: 'Microchip number' },
  definition: { type: 'object', properties: {} },
  check: () => [],
  columnType: () => 'varchar(15)',
  valueSchema: () => ({ type: 'string', maxLength: 30 }),
  normalise: (value) => (typeof value === 'string' ? plain(value) || null : (value ?? null)),
  checkValue(value): ValueFault | null {
    if (typeof value === 'string' && /^(\d{15})?$/.test(plain(value))) return null;
    return {
      code: 'MRT_VALUE_FORMAT',
      message: { 'zh-CN': '芯片号为 15 位数字。', en: 'A microchip number has 15 digits.' },
    };
  },
  filter: (operator, column, value, bind, def, scope) =>
    text.filter(operator, column, typeof value === 'string' ? plain(value) : value, bind, def, scope),
  parse: (cell) => plain(cell) || null,
};
