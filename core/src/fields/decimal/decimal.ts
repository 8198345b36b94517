import { numberAttribute } from '../attribute.ts';
import { decimalType, LIMIT_ATTRIBUTES } from '../decimal-type.ts';
import type { Digits } from '../decimal-type.ts';
import { definitionFault } from '../fault.ts';
import type { FieldDefinition, FieldType } from '../field-type.ts';

const digitsOf = (def: FieldDefinition): Digits => ({
  precision: numberAttribute(def, 'precision', 18),
  scale: numberAttribute(def, 'scale', 4),
});

/** An exact decimal number (ENG-03), text in the API: `"0.8500"`. */
export const decimal: FieldType = decimalType(
  {
    name: 'decimal',
    label: { 'zh-CN': '小数', en: 'Decimal number' },
    definition: {
      type: 'object',
      properties: {
        precision: {
          type: 'integer',
          minimum: 1,
          maximum: 38,
          description: '总位数,默认 18 / Digits in all, default 18',
        },
        scale: {
          type: 'integer',
          minimum: 0,
          maximum: 20,
          description: '小数位数,默认 4 / Digits after the point, default 4',
        },
        ...LIMIT_ATTRIBUTES,
      },
    },
    check: (def) =>
      digitsOf(def).scale > digitsOf(def).precision
        ? [
            definitionFault(
              '/scale',
              'MRT_FIELD_RANGE',
              'scale 大于 precision。',
              'scale is above precision.',
            ),
          ]
        : [],
  },
  digitsOf,
);
