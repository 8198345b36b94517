import { mkdirSync, mkdtempSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterAll, describe, expect, it } from 'vitest';
import { discoverPlugins } from './discover-plugins.ts';
import { loadServer } from './load-server.ts';
import { readManifest } from './read-manifest.ts';

const root = mkdtempSync(join(tmpdir(), 'mortise-plugins-'));
afterAll(() => rmSync(root, { recursive: true }));

const good = {
  name: 'sample',
  version: '1.0.0',
  label: { 'zh-CN': '示例', en: 'Sample' },
  platform: '^0.1.0',
};

function folder(manifest: unknown, name = 'sample', files: Record<string, string> = {}): string {
  const path = join(mkdtempSync(join(root, 'case-')), name);
  mkdirSync(path);
  writeFileSync(
    join(path, 'plugin.json'),
    typeof manifest === 'string' ? manifest : JSON.stringify(manifest),
  );
  for (const [file, text] of Object.entries(files)) writeFileSync(join(path, file), text);
  return path;
}

describe('manifest of a plugin (PLG-01, PLG-02)', () => {
  it('reads a sound manifest', async () => {
    expect((await readManifest(folder(good))).manifest).toEqual(good);
  });

  it.each([
    ['no JSON', '{ "name": ', /plugin\.json/],
    ['an unknown member', { ...good, hooks: {} }, /additional/],
    ['a missing label', { ...good, label: undefined }, /label/],
    ['another name than its folder', { ...good, name: 'other' }, /folder must be named other/],
    ['a version that is none', { ...good, version: 'one' }, /version/],
    ['a range that is none', { ...good, platform: 'newest' }, /no version range/],
    ['a server file outside its folder', { ...good, server: '../x.ts' }, /pattern/],
  ])('refuses %s', async (_case, manifest, message) => {
    await expect(readManifest(folder(manifest))).rejects.toThrow(message);
  });

  it('finds the plugins of a folder and leaves other folders alone', async () => {
    const path = folder(good);
    mkdirSync(join(path, '..', 'not-a-plugin'));
    const found = await discoverPlugins(join(path, '..'), '0.1.0');
    expect(found.map((each) => each.manifest.name)).toEqual(['sample']);
  });

  it('loads the server part and refuses one that declares what there is not', async () => {
    const manifest = { ...good, server: 'index.mjs' };
    const sound = folder(manifest, 'sample', {
      'index.mjs': 'export default { hooks: { customer: { beforeWrite() {} } } }',
    });
    expect((await loadServer(await readManifest(sound))).hooks).toHaveProperty('customer');
    const wrong = folder(manifest, 'sample', {
      'index.mjs': 'export default { hooks: { customer: { afterWrit() {} } } }',
    });
    await expect(loadServer(await readManifest(wrong))).rejects.toThrow(/afterWrit/);
    const broken = folder(manifest, 'sample', { 'index.mjs': 'throw new Error("cannot start")' });
    await expect(loadServer(await readManifest(broken))).rejects.toThrow(/cannot start/);
  });
});
