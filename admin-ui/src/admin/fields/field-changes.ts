import type { DocumentChange, EntityDocument, FieldDocument, LocaleText } from '@mortise/core/contract';
import { loadDocuments, wish, type Stored } from '../api/documents';
import { arrange } from './document-order';
import { listInView, placeOf, placeOnForm, takeOffForm, takeOffView } from './placement';

/** The documents that a change of one entity's fields may touch. */
export interface EntityDocuments {
  readonly entity: Stored<'entity'>;
  readonly forms: readonly Stored<'form'>[];
  readonly views: readonly Stored<'view'>[];
}

/** A field with its place on every form (`tab/section`, '' for none) and in every list, by document name. */
export interface FieldWish {
  readonly name: string;
  readonly definition: FieldDocument;
  /** The field it follows; only for a new one. */
  readonly after?: string;
  readonly forms: Readonly<Record<string, string>>;
  readonly views: Readonly<Record<string, boolean>>;
}

/** Reads an entity with its forms and lists. @throws Error when the entity is gone */
export async function loadEntityDocuments(name: string, fresh: boolean): Promise<EntityDocuments> {
  const [entities, forms, views] = await Promise.all([
    loadDocuments('entity', fresh),
    loadDocuments('form', fresh),
    loadDocuments('view', fresh),
  ]);
  const entity = entities.find((stored) => stored.name === name);
  if (!entity) throw new Error(`the entity ${name} is gone`);
  return {
    entity,
    forms: forms.filter((stored) => stored.document.entity === name),
    views: views.filter((stored) => stored.document.entity === name),
  };
}

/** Adds or changes a field and puts it where it is wished, in one change set. */
export function fieldChanges(documents: EntityDocuments, wished: FieldWish): DocumentChange[] {
  const { entity, forms, views } = documents;
  const properties: Record<string, FieldDocument> = {
    ...entity.document.properties,
    [wished.name]: wished.definition,
  };
  const isNew = !Object.hasOwn(entity.document.properties, wished.name);
  const changes = [
    wish(entity, { ...entity.document, properties: isNew ? placed(entity, properties, wished) : properties }),
  ];
  for (const form of forms) {
    const place = wished.forms[form.name];
    if (place === undefined) continue;
    const next = placeOnForm(form.document, wished.name, placeOf(place));
    if (next !== form.document) changes.push(wish(form, next));
  }
  for (const view of views) {
    const shown = wished.views[view.name];
    if (shown === undefined) continue;
    const next = listInView(view.document, wished.name, shown);
    if (next !== view.document) changes.push(wish(view, next));
  }
  return changes;
}

function placed(
  entity: Stored<'entity'>,
  properties: Readonly<Record<string, FieldDocument>>,
  wished: FieldWish,
): EntityDocument['properties'] {
  const names = Object.keys(properties).filter((name) => name !== wished.name);
  const at = wished.after === undefined ? -1 : names.indexOf(wished.after);
  if (at < 0 || at === names.length - 1) return properties;
  names.splice(at + 1, 0, wished.name);
  // The new entry is written last and moved: that is how it comes to say which one it follows.
  return arrange(properties, names);
}

/** Withdraws a field: its data stays, forms and lists let go of it. */
export function retireField(documents: EntityDocuments, name: string): DocumentChange[] {
  const { entity, forms, views } = documents;
  const field = entity.document.properties[name];
  if (!field) return [];
  const properties = { ...entity.document.properties, [name]: { ...field, retired: true } };
  const changes = [wish(entity, { ...entity.document, properties })];
  for (const form of forms) {
    const next = takeOffForm(form.document, name);
    if (next !== form.document) changes.push(wish(form, next));
  }
  for (const view of views) {
    const next = takeOffView(view.document, name);
    if (next !== view.document) changes.push(wish(view, next));
  }
  return changes;
}

/** Another internal name: the field keeps its place and its data, and what mentions it follows (`renamedFrom`). */
export function renameField(entity: Stored<'entity'>, name: string, wished: string): DocumentChange[] {
  const renamed = Object.entries(entity.document.properties).map(([each, field]): [string, FieldDocument] => {
    if (each === name) return [wished, { ...field, renamedFrom: name }];
    return [each, field.after === name ? { ...field, after: wished } : field];
  });
  const { display } = entity.document;
  return [
    wish(entity, {
      ...entity.document,
      display: display === name ? wished : display,
      properties: Object.fromEntries(renamed),
    }),
  ];
}

/** Another internal name for an entity of the site; the server lets all that mentions it follow. */
export function renameEntity(entity: Stored<'entity'>, wished: string): DocumentChange[] {
  const { name, document } = entity;
  const renamed = { ...document, name: wished, renamedFrom: name };
  return [{ ...wish(entity, renamed), name: wished }];
}

/** Sets or takes back a flag of one field. */
export function flagField(
  entity: Stored<'entity'>,
  name: string,
  flag: 'hidden' | 'retired',
  on: boolean,
): DocumentChange[] {
  const { [flag]: _old, ...rest } = entity.document.properties[name] ?? {};
  const field = (on ? { ...rest, [flag]: true } : rest) as FieldDocument;
  return [wish(entity, { ...entity.document, properties: { ...entity.document.properties, [name]: field } })];
}

/** The fields in another order. */
export function reorderFields(entity: Stored<'entity'>, names: readonly string[]): DocumentChange[] {
  const properties = arrange(entity.document.properties, names);
  return [wish(entity, { ...entity.document, properties })];
}

/** Withdraws or brings back a whole entity of the site. */
export function retireEntity(entity: Stored<'entity'>, retired: boolean): DocumentChange[] {
  const { retired: _old, ...rest } = entity.document;
  return [wish(entity, retired ? { ...rest, retired: true } : rest)];
}

/** Another label, help text or naming field of an entity. An empty help text is none. */
export function describeEntity(
  entity: Stored<'entity'>,
  wished: Required<Pick<EntityDocument, 'label' | 'help' | 'display'>>,
): DocumentChange[] {
  const { help: _old, ...rest } = entity.document;
  const trimmed = (value: LocaleText): LocaleText => ({
    'zh-CN': value['zh-CN'].trim(),
    en: value.en.trim(),
  });
  const help = trimmed(wished.help);
  const document = {
    ...rest,
    label: trimmed(wished.label),
    ...(help['zh-CN'] || help.en
      ? { help: { 'zh-CN': help['zh-CN'] || help.en, en: help.en || help['zh-CN'] } }
      : {}),
    display: wished.display,
  };
  return [wish(entity, document)];
}
