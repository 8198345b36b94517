import { Ajv2020, type ValidateFunction } from 'ajv/dist/2020.js';
import addFormats from 'ajv-formats';
import { invalidRecord } from '../errors/catalogue.ts';
import type { Fault } from '../errors/problem.ts';
import type { JsonSchema } from '../fields/field-type.ts';
import type { EntityModel, Model } from '../model/model.ts';
import { recordSchemas } from '../model/record-schema.ts';
import { schemaFault } from './schema-faults.ts';
import { faultWith } from './value-fault.ts';
import { pointerSegment } from './query-problem.ts';
import { targetEntity, typeOfField } from './type-of-field.ts';

type Use = 'create' | 'patch' | 'set';

/** Faults reported at once; more of them help nobody. */
const MAX_FAULTS = 100;
const COMPILED = new WeakMap<EntityModel, Map<Use, ValidateFunction>>();

function newAjv(): Ajv2020 {
  const ajv = new Ajv2020({
    strict: true,
    allErrors: true,
    allowUnionTypes: true,
    validateFormats: true,
    // The schemas are our own; the schema of schemas would be compiled anew for each of them.
    validateSchema: false,
  });
  addFormats.default(ajv);
  return ajv;
}

/** What hooks may set: any field, read-only ones too, of the right type. */
function settable(read: JsonSchema): JsonSchema {
  return { ...read, required: [], title: `${String(read['title'])}_set` };
}

function validatorOf(model: Model, entity: EntityModel, use: Use): ValidateFunction {
  let byUse = COMPILED.get(entity);
  if (!byUse) COMPILED.set(entity, (byUse = new Map()));
  let validate = byUse.get(use);
  if (!validate) {
    const schemas = recordSchemas(model, entity);
    validate = newAjv().compile(use === 'set' ? settable(schemas.read) : schemas[use]);
    byUse.set(use, validate);
  }
  return validate;
}

/** Does the pointer name a field of the entity or of its lines? */
function isKnownField(model: Model, entity: EntityModel, pointer: string): boolean {
  const [first, index, inner] = pointer.slice(1).split('/');
  const field = entity.fields.get(first ?? '');
  if (!field || index === undefined) return field !== undefined;
  if (inner === undefined) return false;
  const lines = field.type === 'lines' ? model.entities.get(targetEntity(field) ?? '') : undefined;
  return lines?.fields.has(inner) ?? false;
}

function schemaFaults(model: Model, entity: EntityModel, use: Use, input: unknown): Fault[] {
  const validate = validatorOf(model, entity, use);
  if (validate(input)) return [];
  const seen = new Set<string>();
  return (
    (validate.errors ?? [])
      // A format says more than a pattern that stands beside it.
      .sort((a, b) => Number(a.keyword === 'pattern') - Number(b.keyword === 'pattern'))
      .filter((error) => !['anyOf', 'oneOf', 'if', 'allOf'].includes(error.keyword))
      .map((error) => schemaFault(error, (pointer) => isKnownField(model, entity, pointer)))
      .filter((fault) => {
        // Several rules of one value usually have one cause: a type that is wrong, and then a format that is too.
        if (seen.has(fault.path)) return false;
        seen.add(fault.path);
        return true;
      })
      .slice(0, MAX_FAULTS)
  );
}

/**
 * Values of one record brought into their stored form, lines included; faults that no schema can express are
 * added to `faults` (30 February, three decimals).
 */
function normaliseValues(
  model: Model,
  entity: EntityModel,
  input: Readonly<Record<string, unknown>>,
  at: string,
  faults: Fault[],
): Record<string, unknown> {
  const values: Record<string, unknown> = {};
  for (const [name, value] of Object.entries(input)) {
    const field = entity.fields.get(name);
    const path = `${at}/${pointerSegment(name)}`;
    if (!field || value === null || value === undefined) {
      values[name] = value ?? null;
      continue;
    }
    if (field.type === 'lines') {
      const line = model.entities.get(targetEntity(field) ?? '');
      const items = Array.isArray(value) ? (value as Readonly<Record<string, unknown>>[]) : [];
      values[name] = line
        ? items.map((item, index) => normaliseValues(model, line, item, `${path}/${index}`, faults))
        : [];
      continue;
    }
    const { type, def } = typeOfField(field);
    const fault = type.checkValue(value, def);
    if (fault) faults.push(faultWith(path + (fault.at ?? ''), fault.code, fault.message));
    else values[name] = type.normalise(value, def);
  }
  return values;
}

/**
 * Checks what a client (or, with `set`, a hook) sends against the entity's strict schema and brings it into its
 * stored form. @throws MRT_RECORD_INVALID with the exact path of every fault
 */
export function validateInput(
  model: Model,
  entity: EntityModel,
  use: Use,
  input: unknown,
): Record<string, unknown> {
  const faults = schemaFaults(model, entity, use, input);
  if (faults.length > 0) throw invalidRecord(faults);
  const values = normaliseValues(model, entity, input as Readonly<Record<string, unknown>>, '', faults);
  if (faults.length > 0) throw invalidRecord(faults);
  return values;
}
