import { when } from '../../fields/conditional-schema.ts';
import type { JsonSchema } from '../../fields/field-type.ts';
import { LOCALE_TEXT_DEFINITION } from '../../fields/locale-text-schema.ts';
import { closed } from './vocabulary.ts';

/** One document kind before publication. */
export interface KindSchema {
  readonly title: string;
  readonly description: string;
  /** Schema of `name`. */
  readonly name: JsonSchema;
  readonly properties: JsonSchema;
  readonly required: readonly string[];
  /** Schemas that `properties` refer to as `#/$defs/<key>`. */
  readonly defs?: Readonly<Record<string, JsonSchema>>;
  /** Replaces `properties` where a document only extends another. */
  readonly extensionProperties?: JsonSchema;
  /** False for kinds that no layer may extend. */
  readonly extensible?: boolean;
}

/** Address of a published schema; documents name it by a relative path. */
export function schemaId(kind: string): string {
  return `https://mortise.dev/schemas/${kind}.schema.json`;
}

/**
 * The published schema of a kind. A whole document must be complete; one with `"extends": true` is an overlay:
 * anything may be missing in it, and null takes a value of the layer below away.
 */
export function publish(kind: string, schema: KindSchema): JsonSchema {
  const { title, description, name, properties, required, defs = {}, extensible = true } = schema;
  const base = { $schema: { type: 'string', description: '本结构的路径 / Path of this schema' }, name };
  const head = {
    $schema: 'https://json-schema.org/draft/2020-12/schema',
    $id: schemaId(kind),
    title,
    description,
  };
  const shared = { localeText: LOCALE_TEXT_DEFINITION, ...defs };
  if (!extensible)
    return { ...head, ...closed({ ...base, ...properties }, ['name', ...required]), $defs: shared };
  const extension = {
    ...base,
    extends: { const: true, description: '补充下层文档 / Adds to a document of a lower layer' },
  };
  return {
    ...head,
    type: 'object',
    ...when('extends', true, { $ref: '#/$defs/extension' }, { $ref: '#/$defs/document' }),
    $defs: reachable({
      document: closed({ ...base, extends: { const: true }, ...properties }, ['name', ...required]),
      extension: closed({ ...extension, ...relaxedMap(schema.extensionProperties ?? properties) }, [
        'name',
        'extends',
      ]),
      ...shared,
      ...Object.fromEntries(Object.entries(shared).map(([key, value]) => [`${key}Overlay`, relaxed(value)])),
    }),
  };
}

/** The definitions that `document` and `extension` lead to; the others would only lengthen the file. */
function reachable(defs: Readonly<Record<string, JsonSchema>>): JsonSchema {
  const reached = new Set<string>();
  const visit = (key: string): void => {
    if (reached.has(key)) return;
    reached.add(key);
    for (const [, next] of JSON.stringify(defs[key]).matchAll(/"#\/\$defs\/(\w+)/g)) visit(next ?? '');
  };
  visit('document');
  visit('extension');
  return Object.fromEntries(Object.entries(defs).filter(([key]) => reached.has(key)));
}

const SCHEMA_MAPS = new Set(['properties', '$defs', 'patternProperties']);

/** The schema without `required`, taking null for every value, its references led to relaxed definitions. */
function relaxed(schema: JsonSchema): JsonSchema {
  const result: Record<string, unknown> = {};
  for (const [keyword, value] of Object.entries(schema)) {
    if (keyword === 'required' || keyword === 'minProperties') continue;
    if (keyword === 'if') result[keyword] = value;
    else if (keyword === '$ref') result[keyword] = String(value).replace(/^(#\/\$defs\/\w+)/, '$1Overlay');
    else if (keyword === 'type') result[keyword] = withNull(value);
    else if (keyword === 'enum' && Array.isArray(value)) result[keyword] = [...(value as unknown[]), null];
    else if (keyword === 'const') result['enum'] = [value, null];
    else if (SCHEMA_MAPS.has(keyword)) result[keyword] = relaxedMap(value as JsonSchema);
    else if (Array.isArray(value) && keyword === 'allOf')
      result[keyword] = value.map((item: JsonSchema) => relaxed(item));
    else if (
      typeof value === 'object' &&
      value !== null &&
      !Array.isArray(value) &&
      keyword !== 'propertyNames'
    ) {
      result[keyword] = relaxed(value as JsonSchema);
    } else result[keyword] = value;
  }
  return result;
}

function relaxedMap(schemas: JsonSchema): JsonSchema {
  return Object.fromEntries(
    Object.entries(schemas).map(([key, value]) => [key, relaxed(value as JsonSchema)]),
  );
}

function withNull(type: unknown): unknown {
  const types = Array.isArray(type) ? (type as unknown[]) : [type];
  return types.includes('null') ? type : [...types, 'null'];
}
