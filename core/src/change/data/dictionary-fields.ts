import type { EntityModel, FieldModel, Model } from '../../model/model.ts';

/** Fields whose cells hold codes of a dictionary, retired ones included: their data may come back. */
export function dictionaryFields(
  model: Model,
  dictionary: string,
): readonly { readonly entity: EntityModel; readonly field: FieldModel }[] {
  return [...model.entities.values()].flatMap((entity) =>
    [...entity.fields.values(), ...entity.retiredFields.values()]
      .filter((field) => field.column !== null && field.def['dictionary'] === dictionary)
      .map((field) => ({ entity, field })),
  );
}

/** SQL: does the cell of `field` in `t` hold the code of the placeholder? */
export function holdsCode(field: FieldModel, column: string, placeholder: string): string {
  return field.column?.type.endsWith('[]')
    ? `${column} @> array[${placeholder}]::text[]`
    : `${column} = ${placeholder}::text`;
}

/** SQL: the cell with one code in the place of another, none twice. */
export function withCode(field: FieldModel, column: string, from: string, to: string): string {
  if (!field.column?.type.endsWith('[]')) return `${to}::text`;
  return `case when ${column} @> array[${to}]::text[] then array_remove(${column}, ${from}::text)
    else array_replace(${column}, ${from}::text, ${to}::text) end`;
}
