import type {
  EntityView,
  FieldView,
  FormDocument,
  FormTabDocument,
  LocaleText,
} from '@mortise/core/contract';
import { kindOf } from '../fields/kinds';

/** One field as a section shows it. */
interface PlacedField {
  readonly field: FieldView;
  readonly span: number;
  readonly rows?: number | undefined;
}

export interface PlacedSection {
  readonly name: string;
  readonly label: LocaleText | null;
  readonly columns: number;
  readonly collapsed: boolean;
  readonly fields: readonly PlacedField[];
}

export interface PlacedTab {
  readonly name: string;
  readonly label: LocaleText;
  readonly sections: readonly PlacedSection[];
  readonly related?: NonNullable<FormTabDocument['related']>;
  readonly panel?: 'history';
}

/** What decides whether something is shown; given the condition's text, if any. */
export type Shown = (condition: string | undefined) => boolean;

/** The form for a new or an existing record; null when the entity has none of its own. */
export function formFor(entity: EntityView, isNew: boolean): FormDocument | null {
  const use = isNew ? 'new' : 'edit';
  return (
    entity.forms.find((form) => form.use === use) ??
    entity.forms.find((form) => form.use === undefined || form.use === 'both') ??
    entity.forms[0] ??
    null
  );
}

const isOffered = (field: FieldView): boolean => field.def['hidden'] !== true && field.level !== 'hidden';

function place(field: FieldView, columns: number, wished?: { span?: number; rows?: number }): PlacedField {
  const span = wished?.span ?? (kindOf(field).wide ? columns : 1);
  return { field, span: Math.min(Math.max(span, 1), columns), rows: wished?.rows };
}

/** Every field that a document names, shown or taken off on purpose. */
function namedFields(form: FormDocument | null): Set<string> {
  const names = new Set<string>();
  for (const tab of Object.values(form?.tabs ?? {}))
    for (const section of Object.values(tab.sections ?? {}))
      for (const name of Object.keys(section.fields ?? {})) names.add(name);
  return names;
}

/** Fields that no form mentions, an administrator's new one for instance: they are shown, not lost. */
function unplaced(entity: EntityView, form: FormDocument | null): FieldView[] {
  const named = namedFields(form);
  return entity.fields.filter(
    (field) =>
      isOffered(field) &&
      !field.system &&
      !named.has(field.name) &&
      !kindOf(field).related &&
      field.name !== entity.parent?.field,
  );
}

function relatedTabs(entity: EntityView, form: FormDocument | null): PlacedTab[] {
  const named = namedFields(form);
  const shown = new Set(
    Object.values(form?.tabs ?? {}).flatMap((tab) =>
      tab.related ? [`${tab.related.entity}.${tab.related.by}`] : [],
    ),
  );
  return entity.fields
    .filter((field) => field.type === 'children' && isOffered(field) && !named.has(field.name))
    .filter((field) => !shown.has(`${String(field.def['entity'])}.${String(field.def['by'])}`))
    .map((field) => ({
      name: `related-${field.name}`,
      label: field.label,
      sections: [],
      related: { entity: String(field.def['entity']), by: String(field.def['by']) },
    }));
}

const GENERAL: LocaleText = { 'zh-CN': '基本信息', en: 'General' };
const MORE: LocaleText = { 'zh-CN': '其他信息', en: 'More fields' };
const HISTORY: LocaleText = { 'zh-CN': '修改历史', en: 'History' };

/**
 * The layout tree of a form for this user: document → tabs → sections → fields, with conditions applied, fields
 * the user may not see left out and empty groups dropped. Lines without a place of their own get a tab.
 */
export function layOut(entity: EntityView, form: FormDocument | null, shown: Shown): PlacedTab[] {
  const byName = new Map(entity.fields.map((field) => [field.name, field]));
  const tabs: PlacedTab[] = [];
  for (const [name, tab] of Object.entries(form?.tabs ?? {})) {
    if (!shown(tab.visibleWhen)) continue;
    if (tab.related) tabs.push({ name, label: tab.label, sections: [], related: tab.related });
    else if (tab.panel) tabs.push({ name, label: tab.label, sections: [], panel: tab.panel });
    else {
      const sections: PlacedSection[] = [];
      for (const [key, section] of Object.entries(tab.sections ?? {})) {
        if (!shown(section.visibleWhen)) continue;
        const columns = section.columns ?? 3;
        const fields = Object.entries(section.fields ?? {}).flatMap(([fieldName, wished]) => {
          const field = byName.get(fieldName);
          if (!field || !isOffered(field) || wished.shown === false) return [];
          if (!shown(wished.visibleWhen) || !shown(field.def['visibleWhen'] as string | undefined)) return [];
          return [place(field, columns, wished)];
        });
        if (fields.length > 0)
          sections.push({
            name: key,
            label: section.label,
            columns,
            collapsed: section.collapsed ?? false,
            fields,
          });
      }
      if (sections.length > 0) tabs.push({ name, label: tab.label, sections });
    }
  }
  const rest = unplaced(entity, form).filter((field) =>
    shown(field.def['visibleWhen'] as string | undefined),
  );
  const lines = entity.fields.filter(
    (field) => field.type === 'lines' && isOffered(field) && !namedFields(form).has(field.name),
  );
  const extra: PlacedSection[] = [];
  if (rest.length > 0)
    extra.push({
      name: 'more',
      label: form ? MORE : null,
      columns: 3,
      collapsed: false,
      fields: rest.map((field) => place(field, 3)),
    });
  for (const field of lines)
    extra.push({
      name: field.name,
      label: field.label,
      columns: 1,
      collapsed: false,
      fields: [place(field, 1)],
    });
  if (extra.length > 0) {
    const first = tabs.findIndex((tab) => tab.sections.length > 0);
    const target = tabs[first];
    if (target) tabs[first] = { ...target, sections: [...target.sections, ...extra] };
    else tabs.unshift({ name: 'general', label: GENERAL, sections: extra });
  }
  tabs.push(...relatedTabs(entity, form));
  const history = tabs.findIndex((tab) => tab.panel === 'history');
  const last =
    history >= 0
      ? tabs.splice(history, 1)
      : [{ name: 'history', label: HISTORY, sections: [], panel: 'history' as const }];
  tabs.push(...last);
  return tabs;
}
