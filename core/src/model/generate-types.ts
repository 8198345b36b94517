import { compile } from 'json-schema-to-typescript';
import type { Model } from './model.ts';
import { recordSchemas } from './record-schema.ts';
import { typeName } from './type-name.ts';

const BANNER = '/* Generated from the metadata by `mortise types`. Do not edit. */';

/**
 * TypeScript declarations of every entity's records (ENG-15): `Customer`, `CustomerCreate`, `CustomerPatch`, and a
 * map `Entities` from entity name to these.
 */
export async function generateTypes(model: Model): Promise<string> {
  const parts: string[] = [];
  const names: string[] = [];
  for (const entity of model.entities.values()) {
    const name = typeName(entity.name);
    names.push(
      `  ${JSON.stringify(entity.name)}: { read: ${name}; create: ${name}Create; patch: ${name}Patch };`,
    );
    const schemas = recordSchemas(model, entity);
    for (const [use, suffix] of [
      ['read', ''],
      ['create', 'Create'],
      ['patch', 'Patch'],
    ] as const) {
      const schema = withoutInnerTitles(schemas[use]) as Parameters<typeof compile>[0];
      parts.push(
        await compile({ ...schema, title: `${name}${suffix}` }, `${name}${suffix}`, {
          bannerComment: '',
          format: false,
          additionalProperties: false,
          ignoreMinAndMaxItems: true,
        }),
      );
    }
  }
  return [BANNER, ...parts, `export interface Entities {\n${names.join('\n')}\n}\n`].join('\n');
}

/** A title would make a named type of every property. */
function withoutInnerTitles(schema: unknown): unknown {
  if (Array.isArray(schema)) return schema.map(withoutInnerTitles);
  if (typeof schema !== 'object' || schema === null) return schema;
  const result: Record<string, unknown> = {};
  for (const [key, value] of Object.entries(schema)) {
    const isKeyword = key === 'title' && typeof value === 'string';
    if (!isKeyword)
      result[key] =
        key === 'properties' ? mapProperties(value as Record<string, unknown>) : withoutInnerTitles(value);
  }
  return result;
}

function mapProperties(properties: Record<string, unknown>): Record<string, unknown> {
  return Object.fromEntries(
    Object.entries(properties).map(([name, schema]) => [name, withoutInnerTitles(schema)]),
  );
}
