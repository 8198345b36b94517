import { mkdtemp, readFile, rm, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { fileURLToPath } from 'node:url';
import { Ajv2020 } from 'ajv/dist/2020.js';
import { describe, expect, it } from 'vitest';
import { fieldTypes } from '../fields/registry.ts';
import { publishedSchema, SCHEMA_NAMES } from './schemas/published-schemas.ts';
import { schemaFile, writeSchemas } from './write-schemas.ts';

const PUBLISHED = fileURLToPath(new URL('../../schemas', import.meta.url));

describe('the published schemas', () => {
  it.each(SCHEMA_NAMES)(
    'ENG-01 %s: the file is what the program makes (rebuild with `mortise schemas`)',
    async (name) => {
      const file: unknown = JSON.parse(await readFile(join(PUBLISHED, schemaFile(name)), 'utf8'));
      expect(file).toEqual(publishedSchema(name, fieldTypes()));
    },
  );

  it.each(SCHEMA_NAMES)('ENG-01 %s is valid JSON Schema 2020-12 in strict mode', (name) => {
    const ajv = new Ajv2020({ strict: true, allowUnionTypes: true });
    expect(() => ajv.compile(publishedSchema(name, fieldTypes()))).not.toThrow();
  });

  it('are written where they are missing or different, and else left alone', async () => {
    const folder = await mkdtemp(join(tmpdir(), 'mortise-schemas-'));
    try {
      expect(await writeSchemas(folder)).toHaveLength(SCHEMA_NAMES.length);
      expect(await writeSchemas(folder)).toEqual([]);
      await writeFile(join(folder, 'role.schema.json'), 'broken');
      expect(await writeSchemas(folder)).toEqual(['role.schema.json']);
    } finally {
      await rm(folder, { recursive: true });
    }
  });
});
