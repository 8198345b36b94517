import { numberAttribute } from '../attribute.ts';
import { asIs, printed } from '../as-is.ts';
import { cleanLines } from '../clean-text.ts';
import type { FieldDefinition, FieldType } from '../field-type.ts';
import { checkText, checkTextDefinition, textSchema } from '../text-check.ts';
import { TEXT_OPERATORS, textFilter } from '../text-filter.ts';

const DEFAULT_LENGTH = 20_000;
const lengthOf = (def: FieldDefinition): number => numberAttribute(def, 'maxLength', DEFAULT_LENGTH);
const normalise = (value: unknown): unknown => (typeof value === 'string' ? cleanLines(value) : asIs(value));

/** Text of several lines (ENG-03). Lines end with `\n`. */
export const longtext: FieldType = {
  name: 'longtext',
  label: { 'zh-CN': '长文本', en: 'Long text' },
  definition: {
    type: 'object',
    properties: {
      minLength: {
        type: 'integer',
        minimum: 0,
        maximum: 1_000_000,
        description: '最少字符数 / Fewest characters',
      },
      maxLength: {
        type: 'integer',
        minimum: 1,
        maximum: 1_000_000,
        description: `最多字符数,默认 ${DEFAULT_LENGTH} / Most characters, default ${DEFAULT_LENGTH}`,
      },
    },
  },
  check: (def) => checkTextDefinition(def, DEFAULT_LENGTH),
  columnType: () => 'text',
  valueSchema: (def) => textSchema(def, lengthOf(def)),
  expressionType: () => 'string',
  normalise,
  checkValue: (value, def) => checkText(value, normalise(value), lengthOf(def)),
  toColumn: asIs,
  fromColumn: asIs,
  operators: TEXT_OPERATORS,
  sortable: false,
  filter: (operator, column, value, bind) => textFilter(operator, column, value, bind),
  format: printed,
  parse: (cell) => cleanLines(cell),
};
