import type { FormDocument, FormSectionDocument, ViewDocument } from '@mortise/core/contract';

/** A section of a form. */
export interface SectionPlace {
  readonly tab: string;
  readonly section: string;
}

export const placeKey = (place: SectionPlace | null): string =>
  place ? `${place.tab}/${place.section}` : '';

/** Key of a place back into its parts; null for ''. */
export function placeOf(key: string): SectionPlace | null {
  const [tab, section] = key.split('/');
  return tab && section ? { tab, section } : null;
}

/** All sections that hold fields, in order. */
export function sectionsOf(
  form: FormDocument,
): readonly (SectionPlace & { readonly document: FormSectionDocument })[] {
  return Object.entries(form.tabs).flatMap(([tab, { sections }]) =>
    Object.entries(sections ?? {}).map(([section, document]) => ({ tab, section, document })),
  );
}

/** Where a form shows the field, or null. */
export function findOnForm(form: FormDocument, field: string): SectionPlace | null {
  const found = sectionsOf(form).find(({ document }) => {
    const entry = document.fields?.[field];
    return entry !== undefined && entry.shown !== false;
  });
  return found ? { tab: found.tab, section: found.section } : null;
}

const isListed = (view: ViewDocument, field: string): boolean =>
  view.columns[field] !== undefined && view.columns[field].shown !== false;

/** Does the list show a column of the field? */
export const findInView = isListed;

function without<T>(map: Readonly<Record<string, T>>, name: string): Record<string, T> {
  const { [name]: _gone, ...rest } = map;
  return closeGap(rest, name, (map[name] as { after?: string } | undefined)?.after);
}

/** Entries that followed the one taken away follow what that one followed. */
function closeGap<T>(map: Record<string, T>, gone: string, before: string | undefined): Record<string, T> {
  const entries = Object.entries(map).map(([name, entry]): [string, T] => {
    const { after, ...rest } = entry as { after?: string };
    if (after !== gone) return [name, entry];
    return [name, (before === undefined ? rest : { ...rest, after: before }) as T];
  });
  return Object.fromEntries(entries);
}

/** The form with the field in this section (at its end) or, with null, nowhere. */
export function placeOnForm(form: FormDocument, field: string, place: SectionPlace | null): FormDocument {
  const now = findOnForm(form, field);
  if (placeKey(now) === placeKey(place)) return form;
  const old = sectionsOf(form).find(({ document }) => document.fields?.[field])?.document.fields?.[field];
  const tabs = Object.fromEntries(
    Object.entries(form.tabs).map(([tabName, tab]) => {
      if (!tab.sections) return [tabName, tab];
      const sections = Object.entries(tab.sections).map(([name, section]) => {
        const fields = section.fields?.[field] ? without(section.fields, field) : section.fields;
        const here = place?.tab === tabName && place.section === name;
        const { after: _after, shown: _shown, ...kept } = old ?? {};
        return [
          name,
          here
            ? { ...section, fields: { ...fields, [field]: kept } }
            : fields
              ? { ...section, fields }
              : section,
        ];
      });
      return [tabName, { ...tab, sections: Object.fromEntries(sections) }];
    }),
  );
  return { ...form, tabs };
}

/** The form without any mention of the field, header included. */
export function takeOffForm(form: FormDocument, field: string): FormDocument {
  const placed = placeOnForm(form, field, null);
  const hidden = sectionsOf(placed).some(({ document }) => document.fields?.[field]);
  const clean = hidden
    ? {
        ...placed,
        tabs: Object.fromEntries(
          Object.entries(placed.tabs).map(([name, tab]) => [
            name,
            tab.sections
              ? {
                  ...tab,
                  sections: Object.fromEntries(
                    Object.entries(tab.sections).map(([key, section]) => [
                      key,
                      section.fields ? { ...section, fields: without(section.fields, field) } : section,
                    ]),
                  ),
                }
              : tab,
          ]),
        ),
      }
    : placed;
  if (!clean.header?.fields[field]) return clean;
  return { ...clean, header: { fields: without(clean.header.fields, field) } };
}

/** The list with or without a column of the field. */
export function listInView(view: ViewDocument, field: string, shown: boolean): ViewDocument {
  if (isListed(view, field) === shown) return view;
  return { ...view, columns: shown ? { ...view.columns, [field]: {} } : without(view.columns, field) };
}

/** The list without any mention of the field, quick filters included. */
export function takeOffView(view: ViewDocument, field: string): ViewDocument {
  const columns = Object.fromEntries(
    Object.entries(view.columns).filter(([name]) => name !== field && !name.startsWith(`${field}.`)),
  );
  const kept = closeGap(columns, field, view.columns[field]?.after);
  const changed = Object.keys(kept).length !== Object.keys(view.columns).length;
  const filters = view.filters?.[field] ? without(view.filters, field) : view.filters;
  if (!changed && filters === view.filters) return view;
  return { ...view, columns: kept, ...(filters ? { filters } : {}) };
}
