import { Big } from 'big.js';
import { numberAttribute } from '../attribute.ts';
import { toHalfWidth } from '../clean-text.ts';
import { groupDigits, isDecimalText, readDecimal } from '../decimal-text.ts';
import { decimalType, LIMIT_ATTRIBUTES } from '../decimal-type.ts';
import type { Digits } from '../decimal-type.ts';
import type { FieldDefinition, FieldType } from '../field-type.ts';

/** Decimals of the percentage as people read it; the fraction kept has two more. */
const scaleOf = (def: FieldDefinition): number => numberAttribute(def, 'scale', 2);
const digitsOf = (def: FieldDefinition): Digits => ({
  precision: 12 + scaleOf(def),
  scale: scaleOf(def) + 2,
});

/** `0.1250` → `12.5%` */
function printPercent(fraction: string): string {
  return `${groupDigits(new Big(fraction).times(100).toFixed())}%`;
}

const fraction = decimalType(
  {
    name: 'percent',
    label: { 'zh-CN': '百分比', en: 'Percentage' },
    definition: {
      type: 'object',
      properties: {
        scale: {
          type: 'integer',
          minimum: 0,
          maximum: 8,
          description: '百分数的小数位数,默认 2 / Decimals of the percentage, default 2',
        },
        ...LIMIT_ATTRIBUTES,
      },
    },
    check: () => [],
  },
  digitsOf,
  printPercent,
);

/**
 * A share (ENG-03), kept and sent as the exact fraction (`"0.1250"`), so that formulas multiply with it; people read
 * and type `12.5%`. A cell without the sign means per cent too: `12.5` is 12.5 %.
 */
export const percent: FieldType = {
  ...fraction,
  parse(cell, def) {
    const text = toHalfWidth(cell).trim();
    if (text === '') return null;
    const number = readDecimal(text.replace(/\s*%$/, ''));
    if (number === null || !isDecimalText(number))
      throw new Error(`“${cell}” is not a percentage such as 12.5%`);
    return fraction.normalise(new Big(number).div(100).toFixed(), def);
  },
};
