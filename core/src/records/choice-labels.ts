import type { Context } from '../context/context.ts';
import type { FieldModel } from '../model/model.ts';
import type { Dictionaries } from '../store/dictionaries.ts';
import { localise, type LocaleText } from '../text/locale.ts';
import { displayScopeOf } from './display-scope.ts';
import { typeOfField } from './type-of-field.ts';

type Options = Readonly<Record<string, { readonly label: LocaleText }>>;

function one(field: FieldModel, code: string, context: Context, dictionaries: Dictionaries): string {
  const options = field.def['options'] as Options | undefined;
  const dictionary = field.def['dictionary'];
  const label =
    typeof dictionary === 'string' ? dictionaries.value(dictionary, code)?.label : options?.[code]?.label;
  return label ? localise(label, context.locale) : code;
}

/**
 * The labels of a choice's codes in the reader's language: a text, or a list of texts for several values. A value
 * with codes inside of it (an address) as its whole text.
 */
export function labelOf(
  field: FieldModel,
  value: unknown,
  context: Context,
  dictionaries: Dictionaries,
): string | readonly string[] | null {
  const { type, def } = typeOfField(field);
  if (type.codes && value !== null) return type.format(value, def, displayScopeOf(context, dictionaries));
  if (typeof value === 'string') return one(field, value, context, dictionaries);
  if (Array.isArray(value)) return value.map((code) => one(field, String(code), context, dictionaries));
  return null;
}
