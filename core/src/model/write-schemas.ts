import { mkdir, readFile, writeFile } from 'node:fs/promises';
import { join } from 'node:path';
import { isDeepStrictEqual } from 'node:util';
import { fieldTypes } from '../fields/registry.ts';
import { publishedSchema, SCHEMA_NAMES } from './schemas/published-schemas.ts';
import type { SchemaName } from './schemas/published-schemas.ts';

/** File of a published schema inside `core/schemas`. */
export function schemaFile(name: SchemaName): string {
  return `${name}.schema.json`;
}

/**
 * Writes the published meta-schemas into `folder`. A file that already says the same is left alone, so that its
 * formatting stays. Gives the names of the files it wrote.
 */
export async function writeSchemas(folder: string): Promise<readonly string[]> {
  await mkdir(folder, { recursive: true });
  const written: string[] = [];
  for (const name of SCHEMA_NAMES) {
    const file = join(folder, schemaFile(name));
    const schema = publishedSchema(name, fieldTypes());
    if (isDeepStrictEqual(await readSchema(file), schema)) continue;
    await writeFile(file, `${JSON.stringify(schema, null, 2)}\n`);
    written.push(schemaFile(name));
  }
  return written;
}

/** The file's JSON, or undefined where there is no readable one: it is written anew either way. */
async function readSchema(file: string): Promise<unknown> {
  try {
    return JSON.parse(await readFile(file, 'utf8')) as unknown;
  } catch {
    return undefined;
  }
}
