import type { EntityModel, FieldModel } from '../model/model.ts';

/** The fields of an entity as a write walks over them. */
interface WriteFields {
  /** `lines`, written with the record. */
  readonly lines: readonly FieldModel[];
  /** Fields that lead to other records or files, but for the link to the parent and what the platform fills. */
  readonly referring: readonly FieldModel[];
  /** References to the record above in a tree. */
  readonly trees: readonly FieldModel[];
  /** `required` without a condition; numbers are given by the platform, children are records of their own. */
  readonly required: readonly FieldModel[];
  readonly numbers: readonly FieldModel[];
  /** Fields with a column, the key left out. */
  readonly stored: readonly FieldModel[];
  /** Stored fields whose change is one in the sense of the history. */
  readonly told: readonly FieldModel[];
}

/** Kept by the platform with every write; no change in the sense of the history. */
export const BOOKKEEPING: ReadonlySet<string> = new Set([
  'id',
  'version',
  'created_at',
  'created_by',
  'updated_at',
  'updated_by',
  'last_modified_on',
  'position',
]);

const REFERRING: ReadonlySet<string> = new Set(['reference', 'references', 'files', 'images']);
const CACHE = new WeakMap<EntityModel, WriteFields>();

function pick(entity: EntityModel): WriteFields {
  const fields = [...entity.fields.values()];
  return {
    lines: fields.filter((field) => field.type === 'lines'),
    referring: fields.filter(
      (field) =>
        REFERRING.has(field.type) && !(field.system && field.readOnly) && field.name !== entity.parent?.field,
    ),
    trees: fields.filter((field) => field.type === 'reference' && field.def['tree'] === true),
    required: fields.filter(
      (field) => field.required && field.type !== 'autonumber' && field.type !== 'children',
    ),
    numbers: fields.filter((field) => field.type === 'autonumber'),
    stored: fields.filter((field) => field.column && field.name !== 'id'),
    // Derived values follow other records; their past is that of what they are made from.
    told: fields.filter(
      (field) => field.column && !field.derived && !(field.system && BOOKKEEPING.has(field.name)),
    ),
  };
}

/** The fields that each step of a write looks at, picked once per model version. */
export function writeFields(entity: EntityModel): WriteFields {
  let fields = CACHE.get(entity);
  if (!fields) CACHE.set(entity, (fields = pick(entity)));
  return fields;
}
