import { numberAttribute } from '../attribute.ts';
import { asIs, printed } from '../as-is.ts';
import { cleanLine } from '../clean-text.ts';
import type { FieldDefinition, FieldType } from '../field-type.ts';
import { checkText, checkTextDefinition, textSchema } from '../text-check.ts';
import { TEXT_OPERATORS, textFilter } from '../text-filter.ts';

const DEFAULT_LENGTH = 200;
const lengthOf = (def: FieldDefinition): number => numberAttribute(def, 'maxLength', DEFAULT_LENGTH);
const normalise = (value: unknown): unknown => (typeof value === 'string' ? cleanLine(value) : asIs(value));

/** One line of text, trimmed and in Unicode NFC (ENG-03). Length counts code points. */
export const text: FieldType = {
  name: 'text',
  label: { 'zh-CN': '文本', en: 'Text' },
  definition: {
    type: 'object',
    properties: {
      minLength: {
        type: 'integer',
        minimum: 0,
        maximum: 4000,
        description: '最少字符数 / Fewest characters',
      },
      maxLength: {
        type: 'integer',
        minimum: 1,
        maximum: 4000,
        description: `最多字符数,默认 ${DEFAULT_LENGTH} / Most characters, default ${DEFAULT_LENGTH}`,
      },
      pattern: {
        type: 'string',
        minLength: 1,
        maxLength: 300,
        description: '正则表达式 / Regular expression (JSON Schema pattern, unanchored)',
      },
    },
  },
  check: (def) => checkTextDefinition(def, DEFAULT_LENGTH),
  columnType: (def) => `varchar(${lengthOf(def)})`,
  valueSchema: (def) => textSchema(def, lengthOf(def)),
  expressionType: () => 'string',
  normalise,
  checkValue: (value, def) => checkText(value, normalise(value), lengthOf(def)),
  toColumn: asIs,
  fromColumn: asIs,
  operators: TEXT_OPERATORS,
  sortable: true,
  filter: (operator, column, value, bind) => textFilter(operator, column, value, bind),
  format: printed,
  parse: (cell) => cleanLine(cell),
};
