import type { EntityModel, FieldModel, Model } from '../model/model.ts';
import type { Region } from './scope-atom.ts';

/** The entity whose records say for which regions a person answers, and the reference to his account. */
export const STAFF = { entity: 'staff', user: 'user', supervisor: 'supervisor' } as const;

/** Is the field a choice from a dictionary? */
function dictionaryOf(field: FieldModel | undefined): string | null {
  return field?.type === 'choice' && field.column !== null && typeof field.def['dictionary'] === 'string'
    ? field.def['dictionary']
    : null;
}

/** By which field records of the entity lie in territories; null where it names none. */
export function regionOf(model: Model, entity: EntityModel): Region | null {
  const name = model.entities.get(entity.name)?.document.territory;
  const dictionary = name === undefined ? null : dictionaryOf(entity.fields.get(name));
  return name === undefined || dictionary === null ? null : { field: name, dictionary };
}

/** The fields of a staff record that name regions somebody's records may lie in: field and dictionary. */
export function territoryFields(model: Model): readonly Region[] {
  const staff = model.entities.get(STAFF.entity);
  const asked = new Set(
    [...model.entities.values()].flatMap((each) => regionOf(model, each)?.dictionary ?? []),
  );
  return [...(staff?.fields.values() ?? [])].flatMap((field) => {
    const dictionary = dictionaryOf(field);
    return dictionary !== null && field.def['multiple'] === true && asked.has(dictionary)
      ? [{ field: field.name, dictionary }]
      : [];
  });
}
