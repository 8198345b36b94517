import type { DictionaryView, FieldView, LocaleText } from '@mortise/core/contract';

/** A column of a board: one value of the choice. */
export interface BoardColumn {
  readonly code: string;
  readonly label: LocaleText;
  readonly color?: string | undefined;
}

/** What a view's filter says of one field. */
export function conditionOf(
  filter: Readonly<Record<string, unknown>> | undefined,
  field: string,
): (code: string) => boolean {
  const wanted = filter?.[field];
  if (typeof wanted === 'string') return (code) => code === wanted;
  const rule = (typeof wanted === 'object' && wanted !== null ? wanted : {}) as Record<string, unknown>;
  const { $in: among, $nin: without, $ne: not } = rule;
  return (code) =>
    (!Array.isArray(among) || among.includes(code)) &&
    (!Array.isArray(without) || !without.includes(code)) &&
    code !== not;
}

/** The values of a choice as columns, without those that the view leaves out. */
export function boardColumns(
  field: FieldView,
  dictionary: DictionaryView | undefined,
  shown: (code: string) => boolean,
): readonly BoardColumn[] {
  const options = field.def['options'] as
    | Readonly<Record<string, { readonly label: LocaleText; readonly color?: string }>>
    | undefined;
  const values: readonly BoardColumn[] = options
    ? Object.entries(options).map(([code, { label, color }]) => ({ code, label, color }))
    : (dictionary?.values ?? []).filter(({ active }) => active);
  return values.filter(({ code }) => shown(code));
}
