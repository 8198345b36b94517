import type { Access } from '../../access/access.ts';
import type { FieldLevel } from '../../model/documents.ts';
import type { EntityModel, FieldModel } from '../../model/model.ts';
import { typeOfField } from '../../records/type-of-field.ts';
import type { FieldView } from '../contract.ts';

/** Attributes that a client has in another form or has no use for. */
const LEFT_OUT: ReadonlySet<string> = new Set([
  'field',
  'label',
  'help',
  'part',
  'after',
  'renamedFrom',
  'retired',
  'required',
  'readOnly',
]);

/** The highest level that the rights give a field in any row. */
export function levelOfField(access: Access, entity: EntityModel, field: FieldModel): FieldLevel {
  const cell = access.entity(entity).field(field);
  if (cell.canWrite || cell.canCreate) return 'write';
  if (cell.canRead) return 'read';
  return cell.masked ? 'masked' : 'hidden';
}

/**
 * A field as these rights show it, or null when they hide it.
 * @param isState it holds a state: transitions change it, nobody types it
 */
export function fieldView(
  access: Access,
  entity: EntityModel,
  field: FieldModel,
  isState = false,
): FieldView | null {
  const level = levelOfField(access, entity, field);
  if (level === 'hidden') return null;
  const { type } = typeOfField(field);
  // Filtering by a masked value would tell what the mask hides.
  const readable = level !== 'masked' && field.column !== null;
  return {
    name: field.name,
    type: field.type,
    label: field.label,
    ...(field.def.help ? { help: field.def.help } : {}),
    required: field.required,
    readOnly: field.readOnly || isState || level !== 'write',
    level,
    system: field.system,
    sortable: readable && type.sortable,
    operators: readable ? type.operators : [],
    def: Object.fromEntries(Object.entries(field.def).filter(([name]) => !LEFT_OUT.has(name))),
  };
}
