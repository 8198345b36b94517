import type { Access } from '../../access/access.ts';
import type { EntityModel, Model } from '../../model/model.ts';
import { machinesOf } from '../../workflow/machines-of.ts';
import type { EntityView, TransitionView } from '../contract.ts';
import { fieldView } from './field-view.ts';
import { formView, listView } from './form-view.ts';
import { grantedActions, isVisible } from './visible-entity.ts';

/** Everything a person may know of an entity: its fields, forms, lists and templates (UI, ENG). */
export function entityView(model: Model, access: Access, entity: EntityModel): EntityView {
  const states = new Set(
    machinesOf(model, entity).flatMap(({ regions }) => regions.map(({ field }) => field.name)),
  );
  const fields = [...entity.fields.values()].flatMap(
    (field) => fieldView(access, entity, field, states.has(field.name)) ?? [],
  );
  const names = new Set(fields.map((field) => field.name));
  const sees = (name: string): boolean => isVisible(access, model.entities.get(name));
  const makes = (name: string): boolean => {
    const other = model.entities.get(name);
    return other !== undefined && access.entity(other).may('create');
  };
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
      .map((form) => formView(form, names, sees, makes)),
    views: [...model.views.values()]
      .filter((view) => view.entity === entity.name)
      .map((view) => listView(view, names)),
    templates: mayPrint
      ? [...model.templates.values()]
          .filter((template) => template.entity === entity.name || template.entity === '*')
          .map(({ name, label, kind }) => ({ name, label, kind }))
      : [],
    transitions: access.entity(entity).may('transition') ? transitionsOf(model, entity, names) : [],
  };
}

/** Transitions on request, of the states that may be seen. */
function transitionsOf(
  model: Model,
  entity: EntityModel,
  visible: ReadonlySet<string>,
): readonly TransitionView[] {
  return machinesOf(model, entity)
    .flatMap(({ transitions }) => [...transitions.values()])
    .filter(({ document, region }) => document.on !== 'change' && visible.has(region.field.name))
    .map(({ name, document, region }) => ({
      name,
      label: document.label,
      field: region.field.name,
      from: Object.keys(document.from),
      opinion: document.opinion ?? 'none',
      tone: document.tone ?? null,
      hasForm: Object.keys(document.fields ?? {}).length > 0,
    }));
}
