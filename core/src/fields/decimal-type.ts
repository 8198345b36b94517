import { asIs } from './as-is.ts';
import { toHalfWidth } from './clean-text.ts';
import {
  compareDecimals,
  DECIMAL_PATTERN,
  decimalsOf,
  fixDecimals,
  groupDigits,
  integerDigitsOf,
  isDecimalText,
  readDecimal,
} from './decimal-text.ts';
import { definitionFault, valueFault } from './fault.ts';
import { FilterValueError } from './field-type.ts';
import type { DefinitionFault, FieldDefinition, FieldType, JsonSchema, ValueFault } from './field-type.ts';
import { ORDERED_OPERATORS, scalarFilter } from './scalar-filter.ts';

/** Digits of a decimal column: all of them, and those after the point. */
export interface Digits {
  readonly precision: number;
  readonly scale: number;
}

/** A limit as documents write it (number or decimal text), as decimal text. */
function limit(def: FieldDefinition, name: 'minimum' | 'maximum'): string | undefined {
  const value = def[name];
  const text = typeof value === 'number' ? readDecimal(String(value)) : value;
  return isDecimalText(text) ? text : undefined;
}

/** Attributes `minimum` and `maximum` of a decimal or money field. */
export const LIMIT_ATTRIBUTES: JsonSchema = {
  minimum: { type: ['number', 'string'], pattern: DECIMAL_PATTERN, description: '最小值 / Smallest value' },
  maximum: { type: ['number', 'string'], pattern: DECIMAL_PATTERN, description: '最大值 / Greatest value' },
};

function checkDecimal(value: unknown, def: FieldDefinition, { precision, scale }: Digits): ValueFault | null {
  if (!isDecimalText(value)) {
    return valueFault(
      'MRT_VALUE_TYPE',
      '应为用引号括起的小数,例如 "12.50"。',
      'It must be a decimal number in quotes, such as "12.50".',
    );
  }
  if (decimalsOf(value) > scale) {
    return valueFault(
      'MRT_VALUE_DECIMALS',
      `最多 ${scale} 位小数。`,
      `It may have at most ${scale} decimals.`,
    );
  }
  if (integerDigitsOf(value) > precision - scale) {
    return valueFault(
      'MRT_VALUE_RANGE',
      `小数点前最多 ${precision - scale} 位。`,
      `It may have at most ${precision - scale} digits before the point.`,
    );
  }
  const [minimum, maximum] = [limit(def, 'minimum'), limit(def, 'maximum')];
  if (minimum !== undefined && compareDecimals(value, minimum) < 0) {
    return valueFault('MRT_VALUE_RANGE', `不能小于 ${minimum}。`, `It must not be below ${minimum}.`);
  }
  if (maximum !== undefined && compareDecimals(value, maximum) > 0) {
    return valueFault('MRT_VALUE_RANGE', `不能大于 ${maximum}。`, `It must not be above ${maximum}.`);
  }
  return null;
}

function checkLimits(def: FieldDefinition): DefinitionFault[] {
  const [minimum, maximum] = [limit(def, 'minimum'), limit(def, 'maximum')];
  return minimum !== undefined && maximum !== undefined && compareDecimals(minimum, maximum) > 0
    ? [definitionFault('/minimum', 'MRT_FIELD_RANGE', 'minimum 大于 maximum。', 'minimum is above maximum.')]
    : [];
}

function readFilter(value: unknown): string {
  if (value === null) throw new FilterValueError('use {"$null": true} to find empty values');
  const text = typeof value === 'number' ? readDecimal(String(value)) : value;
  if (!isDecimalText(text)) throw new FilterValueError('a decimal number such as "12.50" is expected');
  return text;
}

/**
 * What `decimal` and `money` share: exact numbers that travel as text, so that no client's floating point touches
 * them. A JSON number is refused in values; filters take one.
 */
export function decimalType(
  own: Pick<FieldType, 'name' | 'label' | 'definition' | 'check'>,
  digitsOf: (def: FieldDefinition) => Digits,
  print: (fixed: string) => string = groupDigits,
): FieldType {
  const fix = (value: unknown, def: FieldDefinition): unknown =>
    isDecimalText(value) && decimalsOf(value) <= digitsOf(def).scale
      ? fixDecimals(value, digitsOf(def).scale)
      : asIs(value);
  return {
    ...own,
    check: (def, scope) => [...own.check(def, scope), ...checkLimits(def)],
    columnType: (def) => `numeric(${digitsOf(def).precision},${digitsOf(def).scale})`,
    valueSchema: () => ({ type: 'string', maxLength: 60, pattern: DECIMAL_PATTERN }),
    expressionType: () => 'decimal',
    normalise: fix,
    checkValue: (value, def) => checkDecimal(value, def, digitsOf(def)),
    toColumn: asIs,
    fromColumn: (value, def) => fix(typeof value === 'number' ? String(value) : value, def),
    operators: ORDERED_OPERATORS,
    sortable: true,
    filter: (operator, column, value, bind) =>
      scalarFilter({ cast: 'numeric', read: readFilter }, operator, column, value, bind),
    format: (value, def) => (isDecimalText(value) ? print(String(fix(value, def))) : ''),
    parse(cell, def) {
      const cleaned = toHalfWidth(cell).trim();
      if (cleaned === '') return null;
      const decimal = readDecimal(cleaned);
      if (decimal === null) throw new Error(`“${cell}” is not a number`);
      return fix(decimal, def);
    },
  };
}
