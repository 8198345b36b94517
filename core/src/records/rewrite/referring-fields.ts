import type { EntityModel, FieldModel, Model } from '../../model/model.ts';
import { targetEntity } from '../type-of-field.ts';

/** A field that leads to records of a certain entity. */
export interface ReferringField {
  readonly by: EntityModel;
  readonly field: FieldModel;
}

/**
 * The fields of all entities that lead to records of one, by the names of their entities. Not those that the platform
 * fills (`created_by`), nor the link of a line to the record it stands in.
 */
export function referringFields(model: Model, target: EntityModel): readonly ReferringField[] {
  return [...model.entities.values()]
    .toSorted((a, b) => (a.name < b.name ? -1 : 1))
    .flatMap((by) =>
      [...by.fields.values()]
        .filter(
          (field) =>
            field.column !== null &&
            !field.derived &&
            (field.type === 'reference' || field.type === 'references') &&
            targetEntity(field) === target.name &&
            !(field.system && field.readOnly) &&
            !(by.parent?.entity === target.name && by.parent.field === field.name),
        )
        .map((field) => ({ by, field })),
    );
}

/** Does a stored reference (or a list of them) lead to one of these? SQL for a WHERE. @param ids `$1::uuid[]` */
export function leadsTo({ type }: FieldModel, column: string, ids: string): string {
  return type === 'references' ? `${column} && ${ids}` : `${column} = ANY(${ids})`;
}
