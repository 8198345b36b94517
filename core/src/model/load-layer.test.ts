import { mkdtemp, mkdir, writeFile, rm } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterEach, beforeEach, describe, expect, it } from 'vitest';
import { loadLayer } from './load-layer.ts';

describe('loadLayer', () => {
  let root = '';
  beforeEach(async () => {
    root = join(await mkdtemp(join(tmpdir(), 'mortise-layer-')), 'metadata');
    await mkdir(join(root, 'entities'), { recursive: true });
  });
  afterEach(() => rm(join(root, '..'), { recursive: true, force: true }));
  const write = (file: string, text: string): Promise<void> => writeFile(join(root, 'entities', file), text);

  it('reads the documents of every kind in the order of their files', async () => {
    await write('b.json', '{ "name": "b" }');
    await write('a.json', '{ "name": "a" }');
    const layer = await loadLayer(root, 'plugin:x');
    expect(layer.documents.map((d) => `${d.kind}/${d.name}`)).toEqual(['entity/a', 'entity/b']);
  });

  it.each([
    [
      'a key that stands twice',
      'a.json',
      '{ "name": "a", "properties": { "x": 1, "x": 2 } }',
      'MRT_DOC_DUPLICATE',
    ],
    ['broken JSON, with its line', 'a.json', '{\n "name": "a",\n}', 'MRT_DOC_SYNTAX'],
    ['a file not named like its document', 'a.json', '{ "name": "b" }', 'MRT_DOC_NAME'],
    ['a document without a name', 'a.json', '{}', 'MRT_DOC_NAME'],
  ])('ENG-01 refuses %s', async (_, file, text, code) => {
    await write(file, text);
    await expect(loadLayer(root, 'base')).rejects.toMatchObject({
      code: 'MRT_DOCUMENT_INVALID',
      faults: expect.arrayContaining([expect.objectContaining({ code })]),
    });
  });
});
