import type { FieldDefinition, FieldType } from '../fields/field-type.ts';
import { fieldType } from '../fields/registry.ts';
import type { FieldModel } from '../model/model.ts';

/** A field's type with the definition its functions take. */
export interface TypedField {
  readonly type: FieldType;
  readonly def: FieldDefinition;
}

/** The type of a field. The key `id`, which is no field type of its own, behaves as a reference to its entity. */
export function typeOfField(field: FieldModel): TypedField {
  if (field.type === 'id') {
    return { type: fieldType('reference'), def: { ...field.def, field: 'reference', entity: field.entity } };
  }
  return { type: fieldType(field.type), def: field.def };
}

/** Is the value a number, to be summed, and aligned to the end of a column? */
export function isNumeric(type: FieldType, def: FieldDefinition): boolean {
  return ['int', 'decimal'].includes(type.expressionType(def));
}

/** The entity a reference, references, children or lines field leads to. */
export function targetEntity(field: FieldModel): string | null {
  const leads =
    field.type === 'reference' ||
    field.type === 'references' ||
    field.type === 'children' ||
    field.type === 'lines';
  return leads && typeof field.def['entity'] === 'string' ? field.def['entity'] : null;
}
