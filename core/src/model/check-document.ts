import { Ajv2020, type ValidateFunction } from 'ajv/dist/2020.js';
import type { Fault } from '../errors/problem.ts';
import { fieldTypes } from '../fields/registry.ts';
import type { FieldType } from '../fields/field-type.ts';
import type { DocumentKind } from './documents.ts';
import { schemaId } from './schemas/publish.ts';
import { publishedSchema, type SchemaName } from './schemas/published-schemas.ts';
import { shapeFault } from './shape-fault.ts';

/** Faults reported at once; more of them help nobody. */
const MAX_FAULTS = 100;

interface Compiled {
  readonly types: readonly FieldType[];
  readonly validate: ValidateFunction;
}

const compiled = new Map<string, Compiled>();

/**
 * The validator of a kind, compiled when it is first needed and again when a plugin has added a field type. Schemas
 * are our own and checked by a test, so ajv need not check them at every start; references are compiled once each, without the optimiser, which takes
 * longer than it saves here.
 */
function validatorOf(
  kind: SchemaName,
  part: '' | '#/$defs/document' | '#/$defs/extension',
): ValidateFunction {
  const types = kind === 'entity' ? fieldTypes() : [];
  const known = compiled.get(kind + part);
  if (known && sameTypes(known.types, types)) return known.validate;
  const ajv = new Ajv2020({
    strict: true,
    allErrors: true,
    allowUnionTypes: true,
    verbose: true,
    inlineRefs: false,
    validateSchema: false,
    code: { optimize: false },
  });
  ajv.addSchema(publishedSchema(kind, types));
  const validate = ajv.compile({ $ref: schemaId(kind) + part });
  compiled.set(kind + part, { types, validate });
  return validate;
}

function sameTypes(a: readonly FieldType[], b: readonly FieldType[]): boolean {
  return a.length === b.length && a.every((type, index) => type === b[index]);
}

function faultsOf(validate: ValidateFunction, document: unknown): readonly Fault[] {
  if (validate(document)) return [];
  const faults = new Map<string, Fault>();
  for (const error of validate.errors ?? []) {
    const fault = shapeFault(error);
    // A value of the wrong type also fails its other rules: the first fault of a place is its cause.
    if (fault && !faults.has(fault.path)) faults.set(fault.path, fault);
  }
  return [...faults.values()].slice(0, MAX_FAULTS);
}

/**
 * Faults of a document's shape (ENG-01): unknown keywords, wrong types, missing parts, malformed names, each with
 * its exact path. What only the whole model can tell — references, cycles, expressions — is checked elsewhere.
 */
export function checkDocumentShape(kind: DocumentKind, document: unknown): readonly Fault[] {
  const extension =
    typeof document === 'object' && document !== null && (document as { extends?: unknown }).extends === true;
  return faultsOf(validatorOf(kind, extension ? '#/$defs/extension' : '#/$defs/document'), document);
}

/** Faults of a plugin's manifest, `plugin.json` (PLG-01). */
export function checkManifestShape(manifest: unknown): readonly Fault[] {
  return faultsOf(validatorOf('plugin', ''), manifest);
}
