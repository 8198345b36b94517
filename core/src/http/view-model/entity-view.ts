import type { Access } from '../../access/access.ts';
import type { EntityModel, Model } from '../../model/model.ts';
import type { EntityView } from '../contract.ts';
import { fieldView } from './field-view.ts';
import { formView, listView } from './form-view.ts';
import { grantedActions, isVisible } from './visible-entity.ts';

/** Everything a person may know of an entity: its fields, forms, lists and templates (UI, ENG). */
export function entityView(model: Model, access: Access, entity: EntityModel): EntityView {
  const fields = [...entity.fields.values()].flatMap((field) => fieldView(access, entity, field) ?? []);
  const names = new Set(fields.map((field) => field.name));
  const sees = (name: string): boolean => isVisible(access, model.entities.get(name));
  const mayPrint = access.entity(entity).may('print');
  return {
    name: entity.name,
    label: entity.label,
    display: entity.display,
    sort: entity.sort,
    ownership: entity.ownership,
    parent: entity.parent,
    reviews: entity.reviews,
    actions: grantedActions(access, entity),
    fields,
    forms: [...model.forms.values()]
      .filter((form) => form.entity === entity.name)
      .map((form) => formView(form, names, sees)),
    views: [...model.views.values()]
      .filter((view) => view.entity === entity.name)
      .map((view) => listView(view, names)),
    templates: mayPrint
      ? [...model.templates.values()]
          .filter((template) => template.entity === entity.name || template.entity === '*')
          .map(({ name, label, kind }) => ({ name, label, kind }))
      : [],
  };
}
