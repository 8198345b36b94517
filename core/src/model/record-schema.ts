import { fieldType } from '../fields/registry.ts';
import type { JsonSchema } from '../fields/field-type.ts';
import { ID_FIELD } from './compile-entity.ts';
import type { EntityModel, FieldModel, Model } from './model.ts';

/** Strict JSON Schemas of one entity's records: what may be created, what may be changed, what is answered. */
export interface RecordSchemas {
  readonly create: JsonSchema;
  readonly patch: JsonSchema;
  readonly read: JsonSchema;
}

const UUID: JsonSchema = { type: 'string', format: 'uuid' };
const remembered = new WeakMap<EntityModel, RecordSchemas>();

/**
 * The schemas of `entity`, made once per model version. ajv validates with them, OpenAPI publishes them,
 * json-schema-to-typescript types them. Read-only fields are absent from `create` and `patch`.
 */
export function recordSchemas(model: Model, entity: EntityModel): RecordSchemas {
  let schemas = remembered.get(entity);
  if (!schemas) {
    schemas = {
      create: createSchema(model, entity),
      patch: patchSchema(model, entity),
      read: readSchema(model, entity),
    };
    remembered.set(entity, schemas);
  }
  return schemas;
}

function createSchema(model: Model, entity: EntityModel): JsonSchema {
  const fields = writableFields(entity);
  return object(
    { id: UUID, ...propertiesOf(model, fields, 'create') },
    fields.filter((field) => field.required && field.def.default === undefined).map((field) => field.name),
    `${entity.name}_create`,
  );
}

function patchSchema(model: Model, entity: EntityModel): JsonSchema {
  return object(propertiesOf(model, writableFields(entity), 'patch'), [], `${entity.name}_patch`);
}

function readSchema(model: Model, entity: EntityModel): JsonSchema {
  const properties: Record<string, JsonSchema> = { id: UUID, version: { type: 'integer' } };
  for (const field of entity.fields.values()) {
    if (field.name === ID_FIELD || field.name === 'version') continue;
    properties[field.name] = titled(
      field,
      childrenOf(model, field, 'read') ?? nullable(fieldType(field.type).valueSchema(field.def)),
    );
  }
  return object(properties, ['id', 'version'], entity.name);
}

/** Fields a client may send: not the platform's, not computed ones, not child records. */
function writableFields(entity: EntityModel): readonly FieldModel[] {
  return [...entity.fields.values()].filter(
    (field) => !field.readOnly && field.name !== ID_FIELD && field.type !== 'children',
  );
}

type Use = 'create' | 'patch' | 'read';

function propertiesOf(model: Model, fields: readonly FieldModel[], use: Use): Record<string, JsonSchema> {
  const properties: Record<string, JsonSchema> = {};
  for (const field of fields) {
    const own = childrenOf(model, field, use) ?? fieldType(field.type).valueSchema(field.def);
    properties[field.name] = titled(field, field.required || field.type === 'lines' ? own : nullable(own));
  }
  return properties;
}

/** Lines stand inside their parent; child records are read on request and never written there. */
function childrenOf(model: Model, field: FieldModel, use: Use): JsonSchema | null {
  if (field.type !== 'lines' && field.type !== 'children') return null;
  const child = model.entities.get(String(field.def.entity));
  if (!child) return { type: 'array' };
  if (field.type === 'children') return { type: 'array', items: { type: 'object' } };
  const fields =
    use === 'read'
      ? [...child.fields.values()].filter((each) => each.name !== ID_FIELD && each.name !== 'version')
      : writableFields(child);
  const lines = fields.filter((each) => each.name !== child.parent?.field);
  const required =
    use === 'read'
      ? []
      : lines.filter((each) => each.required && each.def.default === undefined).map((each) => each.name);
  return {
    type: 'array',
    maxItems: 1000,
    items: object(
      {
        id: UUID,
        ...(use === 'read' ? { version: { type: 'integer' } } : {}),
        ...propertiesOf(model, lines, use),
      },
      required,
      child.name,
    ),
  };
}

/** `null` empties an optional field. */
function nullable(schema: JsonSchema): JsonSchema {
  if (typeof schema.type === 'string') {
    return {
      ...schema,
      type: [schema.type, 'null'],
      ...(Array.isArray(schema.enum) ? { enum: [...schema.enum, null] } : {}),
    };
  }
  return { anyOf: [schema, { type: 'null' }] };
}

function titled(field: FieldModel, schema: JsonSchema): JsonSchema {
  return { title: field.label.en, ...schema };
}

function object(
  properties: Record<string, JsonSchema>,
  required: readonly string[],
  title: string,
): JsonSchema {
  return { title, type: 'object', properties, required, additionalProperties: false };
}
