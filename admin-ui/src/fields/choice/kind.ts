import type { LocaleText } from '@mortise/core/contract';
import { listed } from '../../locales';
import type { FieldKind } from '../contracts';

/** Options written into the field itself instead of a dictionary. */
export type InlineOptions = Readonly<Record<string, { readonly label: LocaleText; readonly color?: string }>>;

export const choiceKind: FieldKind = {
  align: 'start',
  width: 130,
  filter: 'choice',
  cell(value, display, field, scope) {
    if (typeof display === 'string') return display;
    if (Array.isArray(display)) return listed(display, scope.locale);
    const options = field.def['options'] as InlineOptions | undefined;
    const codes = Array.isArray(value) ? value : value === null || value === undefined ? [] : [value];
    const labels = codes.map((code) => {
      const label = options?.[String(code)]?.label;
      return label ? scope.text(label) : String(code);
    });
    return listed(labels, scope.locale);
  },
};
