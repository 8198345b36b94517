/**
 * The part of the field types that a browser uses (`@mortise/core/fields`): the same formatting, checks and reading
 * of typed text as on the server. Nothing here, nor in any field type, imports from Node.
 * @module
 */
import type { Locale } from '../text/locale.ts';
import { groupDigits, isDecimalText } from './decimal-text.ts';
import type { DisplayScope, FieldDefinition } from './field-type.ts';
import { fieldType, hasFieldType } from './registry.ts';

export { barcodePicture } from './barcode/picture.ts';
export { isCalendarDate, wallTime } from './calendar.ts';
export type {
  DisplayScope,
  FieldDefinition,
  FieldType,
  FilterOperator,
  ParseScope,
  ValueFault,
} from './field-type.ts';
export { fieldType, fieldTypes, hasFieldType } from './registry.ts';

/** Text of a list cell for a value of the field type `type`; empty for null and for a type nobody knows. */
export function displayValue(
  type: string,
  value: unknown,
  def: FieldDefinition,
  scope: DisplayScope,
): string {
  if (value === null || value === undefined || !hasFieldType(type)) return '';
  return fieldType(type).format(value, def, scope);
}

/**
 * An amount with its currency: `¥1,200.00`, `US$1,200.00`. A currency that the platform does not know stands behind
 * the amount as its code.
 */
export function displayMoney(amount: unknown, currency: string | null | undefined, locale: Locale): string {
  if (!isDecimalText(amount)) return '';
  if (!currency) return groupDigits(amount);
  if (!/^[A-Z]{3}$/.test(currency)) return `${groupDigits(amount)} ${currency}`;
  const style = new Intl.NumberFormat(locale, {
    style: 'currency',
    currency,
    minimumFractionDigits: 2,
    maximumFractionDigits: 2,
  });
  return style.format(amount as `${number}`);
}
