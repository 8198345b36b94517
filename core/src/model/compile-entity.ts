import { moneyCompanions } from './money-companions.ts';
import { fieldType, plainField } from '../fields/registry.ts';
import type { EntityDocument, FieldDocument, SettingsDocument } from './documents.ts';
import type { Places } from './allocation.ts';
import { DERIVED_PART, derivedFields } from './derived/derived-fields.ts';
import { propertyLayer } from './merge-document.ts';
import type { ColumnModel, EffectiveDocument, EntityModel, FieldModel, LayerName } from './model.ts';
import { systemFields, type SystemField } from './system-fields.ts';

/** The type name of the key field. It is no field type: nothing of it can be configured. */
export const ID_FIELD = 'id';

interface Planned {
  readonly def: FieldDocument;
  readonly layer: LayerName;
  readonly system: boolean;
  readonly alias?: string;
  readonly writable: boolean;
}

/** Compiles one checked entity document. Gives every field its column. */
export function compileEntity(
  effective: EffectiveDocument<EntityDocument>,
  settings: SettingsDocument,
  allocator: Places,
): EntityModel {
  const { document, provenance } = effective;
  const layer = provenance[''] ?? 'base';
  const table = allocator.table(document.name, document.name, layer);
  const parts = new Map<string, string>();
  const fields = new Map<string, FieldModel>();
  const retiredFields = new Map<string, FieldModel>();
  const derived = derivedFields(document);
  let position = 0;

  for (const [name, planned] of plannedFields(effective, settings)) {
    const { def } = planned;
    const isDerived = !planned.system && derived.has(name);
    const part = isDerived ? DERIVED_PART : typeof def.part === 'string' ? def.part : '';
    if (part && !parts.has(part)) {
      const wanted = `${document.name}_${part.replace('@', '')}`;
      parts.set(part, allocator.table(`${document.name}/${part}`, wanted, layer));
    }
    const column = placeOf(document.name, name, planned, parts.get(part) ?? table, allocator);
    const field: FieldModel = {
      name,
      entity: document.name,
      label: def.label,
      type: def.field,
      def,
      column,
      system: planned.system,
      derived: isDerived,
      readOnly:
        def.readOnly === true ||
        def.compute !== undefined ||
        def.rollup !== undefined ||
        (def.field === 'autonumber' && def.editable !== true) ||
        !planned.writable,
      required: def.required === true,
      sensitive: def.sensitive === true,
      layer: planned.layer,
      position: position++,
    };
    (def.retired === true ? retiredFields : fields).set(name, field);
  }

  return {
    name: document.name,
    label: document.label,
    document,
    display: document.display,
    identifying: new Set(
      [ID_FIELD, 'version', document.display, ...Object.keys(document.identify ?? {})].filter((name) =>
        fields.has(name),
      ),
    ),
    ownership: document.ownership,
    parent: parentOf(document),
    reviews: document.ownership === 'user' && document.reviews !== false,
    table,
    parts,
    fields,
    retiredFields,
    unique: Object.entries(document.unique ?? {}).map(([name, rule]) => ({
      name,
      fields: Object.keys(rule.fields),
      message: rule.message ?? null,
    })),
    sort: document.sort ?? (document.ownership === 'parent' ? 'position' : '-updated_at'),
    layer,
  };
}

function parentOf(document: EntityDocument): EntityModel['parent'] {
  if (document.ownership !== 'parent' || !document.parent) return null;
  const entity = document.properties[document.parent]?.entity;
  return typeof entity === 'string' ? { entity, field: document.parent } : null;
}

/** Key, then the document's fields with their currency companions, then what the platform keeps. */
function* plannedFields(
  effective: EffectiveDocument<EntityDocument>,
  settings: SettingsDocument,
): Iterable<[string, Planned]> {
  const { document, provenance } = effective;
  const system = systemFields(document);
  const systemEntry = (name: string, entry: SystemField): [string, Planned] => [
    name,
    {
      def: { ...entry.def, ...document.properties[name] },
      layer: 'base',
      system: true,
      writable: entry.writable === true,
      ...(entry.column ? { alias: entry.column } : {}),
    },
  ];
  if (system.id) yield systemEntry('id', system.id);
  for (const [name, def] of Object.entries(document.properties)) {
    if (system[name]) continue;
    const layer = propertyLayer(provenance, name);
    yield [name, { def: plainField(def), layer, system: false, writable: true }];
    for (const [companion, own] of Object.entries(moneyCompanions(name, def, settings.currency)))
      yield [companion, { def: own, layer, system: false, writable: true }];
  }
  for (const [name, entry] of Object.entries(system)) if (name !== 'id') yield systemEntry(name, entry);
}

function placeOf(
  entity: string,
  name: string,
  planned: Planned,
  table: string,
  allocator: Places,
): ColumnModel | null {
  const { def } = planned;
  if (def.field === ID_FIELD) return { table, name: 'id', type: 'uuid' };
  const type = fieldType(def.field).columnType(def);
  if (type === null) return null;
  const column =
    planned.alias ??
    allocator.column(
      `${entity}.${name}`,
      table,
      name,
      type,
      planned.layer,
      def,
      def.renamedFrom ? `${entity}.${def.renamedFrom}` : undefined,
    );
  return { table, name: column, type };
}
