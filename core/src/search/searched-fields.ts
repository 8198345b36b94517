import type { EntityModel, FieldModel, Model } from '../model/model.ts';

/** The fields of an entity that the search box looks in, and how they are named in answers. */
export interface SearchedFields {
  readonly entity: EntityModel;
  readonly fields: readonly FieldModel[];
}

const ALWAYS: ReadonlySet<string> = new Set(['autonumber', 'phone', 'email']);

/** Entities with searched fields; lines are found by what they belong to. */
export function searchedEntities(model: Model): ReadonlyMap<string, SearchedFields> {
  const all = new Map<string, SearchedFields>();
  for (const entity of model.entities.values()) {
    const fields = entity.parent
      ? []
      : [...entity.fields.values()].filter((field) => isSearched(entity, field));
    if (fields.length > 0) all.set(entity.name, { entity, fields });
  }
  return all;
}

/** What the documents mark with `search`, the name, and numbers, telephones and e-mails by their type. */
function isSearched(entity: EntityModel, field: FieldModel): boolean {
  const { column, def } = field;
  if (!column || !(column.type === 'text' || column.type.startsWith('varchar') || column.type === 'text[]'))
    return false;
  if (field.type === 'choice') return false;
  return def.search === true || field.name === entity.display || ALWAYS.has(field.type);
}
