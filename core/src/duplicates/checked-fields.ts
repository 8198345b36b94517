import type { EntityModel, FieldModel, Model } from '../model/model.ts';
import { PLACE_DICTIONARIES } from './places.ts';

export type CheckKind = NonNullable<FieldModel['def']['duplicateCheck']>;

interface CheckedField {
  readonly field: FieldModel;
  readonly kind: CheckKind;
}

/** What of an entity duplicates are found by, all of it from the documents. */
export interface CheckedFields {
  readonly entity: EntityModel;
  readonly checked: readonly CheckedField[];
  /** Choice fields that say where a record is. */
  readonly places: readonly FieldModel[];
  /** For persons: the reference to the enterprise they belong to, and the field that holds its name. */
  readonly company: {
    readonly field: FieldModel;
    readonly target: EntityModel;
    readonly name: FieldModel;
  } | null;
}

/** Asked for with every write; the answer hangs on the model alone. */
const KNOWN = new WeakMap<Model, Map<EntityModel, CheckedFields | null>>();

/** The checked fields of an entity; null when nothing of it is checked. */
export function checkedFields(model: Model, entity: EntityModel): CheckedFields | null {
  const ofModel = KNOWN.get(model) ?? new Map<EntityModel, CheckedFields | null>();
  KNOWN.set(model, ofModel);
  let fields = ofModel.get(entity);
  if (fields === undefined) ofModel.set(entity, (fields = findCheckedFields(model, entity)));
  return fields;
}

function findCheckedFields(model: Model, entity: EntityModel): CheckedFields | null {
  const fields = [...entity.fields.values()];
  const checked = fields.flatMap((field) => {
    const kind = field.def.duplicateCheck;
    return kind && field.column ? [{ field, kind }] : [];
  });
  if (checked.length === 0) return null;
  return {
    entity,
    checked,
    places: fields.filter(isPlace),
    company: checked.some(({ kind }) => kind === 'person-name') ? companyOf(model, fields) : null,
  };
}

function isPlace(field: FieldModel): boolean {
  const { def } = field;
  return (
    field.type === 'choice' &&
    field.column !== null &&
    def['multiple'] !== true &&
    typeof def['dictionary'] === 'string' &&
    PLACE_DICTIONARIES.includes(def['dictionary'])
  );
}

function companyOf(model: Model, fields: readonly FieldModel[]): CheckedFields['company'] {
  for (const field of fields) {
    if (field.type !== 'reference' || !field.column || typeof field.def['entity'] !== 'string') continue;
    const target = model.entities.get(field.def['entity']);
    const name = [...(target?.fields.values() ?? [])].find(
      (each) => each.def.duplicateCheck === 'company-name' && each.column?.table === target?.table,
    );
    if (target && name) return { field, target, name };
  }
  return null;
}
