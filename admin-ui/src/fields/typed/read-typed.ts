import { fieldType, hasFieldType } from '@mortise/core/fields';
import type { FieldView } from '@mortise/core/contract';

/**
 * The value that somebody means by a text, read as a spreadsheet cell of this field would be. What cannot be read
 * stays as typed, so that it is refused at the field instead of being lost.
 */
export function readTyped(field: FieldView, typed: string, timeZone: string): unknown {
  if (typed.trim() === '') return null;
  if (!hasFieldType(field.type)) return typed;
  try {
    return fieldType(field.type).parse(
      typed,
      { ...field.def, field: field.type, label: field.label },
      { timeZone },
    );
  } catch {
    return typed;
  }
}
