import type { EntityModel, Model } from '../model/model.ts';

const CACHE = new WeakMap<EntityModel, readonly string[]>();

/**
 * The fields of a list that names none: the identifying ones and the columns of the entity's list views; without a
 * view every stored field that is not hidden.
 */
export function defaultFields(model: Model, entity: EntityModel): readonly string[] {
  let names = CACHE.get(entity);
  if (!names) {
    const listed = [...model.views.values()]
      .filter((view) => view.entity === entity.name)
      .flatMap((view) => Object.keys(view.columns));
    const stored = [...entity.fields.values()]
      .filter((field) => field.column && field.def.hidden !== true)
      .map((field) => field.name);
    const wanted =
      listed.length > 0
        ? [...entity.identifying, ...listed.filter((name) => entity.fields.has(name.split('.')[0]!))]
        : stored;
    CACHE.set(entity, (names = [...new Set(wanted)]));
  }
  return names;
}

/** Every stored field: what a record shows when it is opened. */
export function storedFields(entity: EntityModel): readonly string[] {
  return [...entity.fields.values()].filter((field) => field.column).map((field) => field.name);
}
