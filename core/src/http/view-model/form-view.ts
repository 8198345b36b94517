import type {
  FormDocument,
  FormSectionDocument,
  FormTabDocument,
  ViewDocument,
} from '../../model/documents.ts';

type MapOf<T> = Readonly<Record<string, T>>;

function pick<T>(map: MapOf<T>, keep: (name: string, value: T) => boolean): MapOf<T> {
  return Object.fromEntries(Object.entries(map).filter(([name, value]) => keep(name, value)));
}

/**
 * A form without what the person may not see: hidden fields, emptied sections, child tables of unseen entities,
 * buttons for records he may not make, and emptied tabs.
 */
export function formView(
  form: FormDocument,
  fields: ReadonlySet<string>,
  seesEntity: (entity: string) => boolean,
  makesEntity: (entity: string) => boolean,
): FormDocument {
  const sectionView = (section: FormSectionDocument): FormSectionDocument =>
    section.fields
      ? {
          ...section,
          fields: pick(section.fields, (name, field) => fields.has(name) && field.shown !== false),
        }
      : section;
  const tabView = (tab: FormTabDocument): FormTabDocument => {
    if (!tab.sections) return tab;
    const sections = Object.entries(tab.sections).map(
      ([name, section]) => [name, sectionView(section)] as const,
    );
    return {
      ...tab,
      sections: Object.fromEntries(
        sections.filter(([, section]) => Object.keys(section.fields ?? {}).length > 0),
      ),
    };
  };
  const tabs = Object.entries(form.tabs)
    .map(([name, tab]) => [name, tabView(tab)] as const)
    .filter(([, tab]) => {
      if (tab.related) return seesEntity(tab.related.entity);
      return tab.panel !== undefined || Object.keys(tab.sections ?? {}).length > 0;
    });
  const { each, actions, ...rest } = form;
  return {
    ...rest,
    ...(each !== undefined && fields.has(each) ? { each } : {}),
    ...(actions ? { actions: pick(actions, (_, { create }) => makesEntity(create)) } : {}),
    ...(form.header ? { header: { fields: pick(form.header.fields, (name) => fields.has(name)) } } : {}),
    tabs: Object.fromEntries(tabs),
  };
}

/**
 * A list without the columns and quick filters of fields that the person may not see; a board whose columns he may not
 * see is a list.
 */
export function listView(view: ViewDocument, fields: ReadonlySet<string>): ViewDocument {
  // `owner.name` is a column of the reference `owner`; the far field is judged when it is read.
  const seen = (name: string): boolean => fields.has(name.split('.')[0] ?? name);
  const { kind, by, ...rest } = view;
  return {
    ...rest,
    ...(by !== undefined && seen(by) ? { kind, by } : { kind: 'list' }),
    columns: pick(view.columns, seen),
    ...(view.filters ? { filters: pick(view.filters, seen) } : {}),
  };
}
