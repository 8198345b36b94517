import { type ChildProcess, spawn } from 'node:child_process';
import { once } from 'node:events';
import { mkdirSync, mkdtempSync, readFileSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { dirname, join } from 'node:path';
import { afterAll, beforeAll, expect, it } from 'vitest';
import { readFileLayers } from '../app/read-file-layers.ts';
import { compose } from '../change/compose.ts';
import { type EntityDocument, FOLDER_OF_KIND } from '../model/documents.ts';
import { generateTypes } from '../model/generate-types.ts';
import type { Layer } from '../model/layer.ts';
import { label, sampleLayer } from '../testing/sample-documents.ts';

const root = mkdtempSync(join(tmpdir(), 'mortise-types-'));
const file = join(root, 'records.ts');
/** The command in a process of its own, over the documents of `root`. */
const RUN = `
  const { types } = await import(${JSON.stringify(new URL('./types.ts', import.meta.url).href)});
  const args = ['--out', 'records.ts', '--watch'];
  const root = ${JSON.stringify(root)};
  process.exitCode = await types({ args, environment: {}, root, cwd: root, print: (line) => console.log(line) });
`;
/** A busy machine is slow to start a process. */
const PATIENCE = { timeout: 60_000, interval: 50 };

function save(layer: Layer): void {
  for (const { kind, name, document } of layer.documents) {
    const path = join(root, 'metadata', FOLDER_OF_KIND[kind], `${name}.json`);
    mkdirSync(dirname(path), { recursive: true });
    writeFileSync(path, JSON.stringify(document));
  }
}

/** The types of what lies in the files now. */
async function rebuilt(): Promise<string> {
  const { model } = compose(await readFileLayers(root), new Map(), new Map(), 1, {});
  return await generateTypes(model);
}

/** The sample with one more field on visits. */
function changed(definition: object): Layer {
  const { documents, name } = sampleLayer();
  return {
    name,
    documents: documents.map((each) => {
      if (each.kind !== 'entity' || each.name !== 'visit') return each;
      const entity = each.document as EntityDocument;
      const properties = { ...entity.properties, weather: definition } as EntityDocument['properties'];
      return { ...each, document: { ...entity, properties } };
    }),
  };
}

beforeAll(() => {
  writeFileSync(join(root, 'package.json'), JSON.stringify({ version: '0.1.0' }));
  save(sampleLayer());
});
let child: ChildProcess | undefined;
afterAll(() => {
  child?.kill('SIGKILL');
  rmSync(root, { recursive: true, force: true });
});

it('ENG-15 types --watch keeps the file current, tells a faulty document, and stops when it is told to', async () => {
  child = spawn(process.execPath, ['--input-type=module', '-e', RUN], {
    stdio: ['ignore', 'pipe', 'inherit'],
    env: { ...process.env, MORTISE_LOCALE: 'en' },
  });
  const ended = once(child, 'close');
  let said = '';
  child.stdout?.setEncoding('utf8').on('data', (part: string) => (said += part));
  const written = (): string => {
    try {
      return readFileSync(file, 'utf8');
    } catch {
      return '';
    }
  };
  const plain = await rebuilt();
  await expect.poll(written, PATIENCE).toBe(plain);

  save(changed({ field: 'text', label: label('Weather'), maxLength: 20 }));
  const withWeather = await rebuilt();
  await expect.poll(written, PATIENCE).toBe(withWeather);
  expect(withWeather).toContain('weather?: ');

  save(changed({ field: 'wind', label: label('Weather') }));
  await expect.poll(() => said, PATIENCE).toContain('entity/visit#/properties/weather/field');
  expect(written()).toBe(withWeather);

  save(sampleLayer());
  await expect.poll(written, PATIENCE).toBe(plain);
  child.kill('SIGTERM');
  expect(await ended).toEqual([0, null]);
}, 120_000);
