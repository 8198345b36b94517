import { mkdtemp, readFile, rm, symlink, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { fileURLToPath, pathToFileURL } from 'node:url';
import { createConfig, lintFromString } from '@redocly/openapi-core';
import openapiTypescript, { astToString } from 'openapi-typescript';
import ts from 'typescript';
import { afterAll, beforeAll, expect, it } from 'vitest';
import { FIXED } from '../../core/src/http/openapi/fixed-paths.ts';
import { SHAPES } from '../../core/src/http/openapi/fixed-schemas.ts';
import { startTestServer, TEST_ADMIN, type TestServer } from '../../core/src/http/test-server.ts';
import { describeEngines } from '../../core/src/testing/databases.ts';

const HERE = fileURLToPath(new URL('.', import.meta.url));
/**
 * Advice that is not followed: `/{id}/transitions` and `/values/{field}` cannot be taken for one another, since an id is
 * a UUID; lines of an order are written inside it, their schemas stand for themselves.
 */
const LEFT: ReadonlySet<string> = new Set(['no-ambiguous-paths', 'no-unused-components']);

interface MainJob {
  mainJob(address: string, username: string, password: string): Promise<Readonly<Record<string, unknown>>>;
}

describeEngines('INT-09 the published description of the API', (open, engine) => {
  let server: TestServer;
  let description: string;
  let folder: string;
  beforeAll(async () => {
    server = await startTestServer(open);
    const admin = await server.administrator();
    description = JSON.stringify((await admin.get('/api/v1/openapi.json')).body);
    folder = await mkdtemp(join(tmpdir(), 'mortise-openapi-'));
    await symlink(join(HERE, '..', '..', 'node_modules'), join(folder, 'node_modules'));
  });
  afterAll(async () => {
    await server?.close();
    if (folder) await rm(folder, { recursive: true });
  });

  it('ENG-17 has no error and no open warning for an independent linter', async () => {
    const config = await createConfig({ extends: ['recommended'] });
    const found = await lintFromString({ source: description, absoluteRef: '/openapi.json', config });
    const open = found
      .filter(({ severity, ruleId }) => severity === 'error' || !LEFT.has(ruleId))
      .map(({ ruleId, message }) => `${ruleId}: ${message}`);
    expect(open).toEqual([]);
  });

  it('describes only paths that are there', () => {
    const known = new Set(FIXED.map(({ method, path }) => `${method} ${path}`));
    expect(Object.keys(SHAPES).filter((key) => !known.has(key))).toEqual([]);
  });

  // Types are made and checked for a quarter of a minute; the engine makes no difference to them.
  it.runIf(engine === 'pglite')(
    'INT-03 lets a client that an independent tool has generated do the main job',
    { timeout: 120_000 },
    async () => {
      const types = await openapiTypescript(description, { silent: true });
      await writeFile(join(folder, 'schema.ts'), astToString(types));
      const job = await readFile(join(HERE, 'main-job.ts.txt'), 'utf8');
      await writeFile(join(folder, 'main-job.ts'), job);
      const options: ts.CompilerOptions = {
        target: ts.ScriptTarget.ES2023,
        module: ts.ModuleKind.NodeNext,
        moduleResolution: ts.ModuleResolutionKind.NodeNext,
        allowImportingTsExtensions: true,
        strict: true,
        noEmit: true,
        skipLibCheck: true,
        types: [],
        lib: ['lib.es2023.d.ts', 'lib.dom.d.ts', 'lib.dom.iterable.d.ts'],
      };
      const program = ts.createProgram([join(folder, 'main-job.ts')], options);
      const faults = ts
        .getPreEmitDiagnostics(program)
        .map(({ messageText }) => ts.flattenDiagnosticMessageText(messageText, '\n'));
      expect(faults).toEqual([]);

      const plain = ts.transpileModule(job, { compilerOptions: { ...options, noEmit: false } }).outputText;
      await writeFile(join(folder, 'main-job.mjs'), plain);
      const { mainJob } = (await import(pathToFileURL(join(folder, 'main-job.mjs')).href)) as MainJob;
      expect(await mainJob(server.address, TEST_ADMIN.username, TEST_ADMIN.password)).toEqual({
        refused: [401, 'MRT_SESSION_CREDENTIALS'],
        before: 0,
        made: [201, '通达食品有限公司'],
        changed: [200, 120],
        conflict: [409, 'MRT_RECORD_CONFLICT'],
        listed: [120],
        gone: 204,
      });
    },
  );
});
