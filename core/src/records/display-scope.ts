import type { Context } from '../context/context.ts';
import type { DisplayScope } from '../fields/field-type.ts';
import type { Dictionaries } from '../store/dictionaries.ts';
import { localise } from '../text/locale.ts';

/** Labels of dictionary codes in the reader's language; ids are never shown for want of a name. */
export function displayScopeOf(context: Context, dictionaries: Dictionaries): DisplayScope {
  const label = (dictionary: string, code: string): string => {
    const value = dictionaries.value(dictionary, code);
    return value ? localise(value.label, context.locale) : code;
  };
  return {
    locale: context.locale,
    timeZone: context.timeZone,
    label,
    display: () => '',
    path(dictionary, code) {
      const codes: string[] = [];
      for (let at: string | null = code; at !== null && !codes.includes(at);) {
        codes.unshift(at);
        at = dictionaries.value(dictionary, at)?.parent ?? null;
      }
      return codes.map((each) => label(dictionary, each));
    },
  };
}
