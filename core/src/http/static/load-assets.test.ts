import { createHash } from 'node:crypto';
import { mkdirSync, mkdtempSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { brotliDecompressSync } from 'node:zlib';
import { afterAll, describe, expect, it } from 'vitest';
import { inlineScriptSources, loadAssets } from './load-assets.ts';

const folder = mkdtempSync(join(tmpdir(), 'mortise-dist-'));
afterAll(() => rmSync(folder, { recursive: true }));
mkdirSync(join(folder, 'assets'));
const script = 'console.log("榫卯");'.repeat(200);
writeFileSync(
  join(folder, 'index.html'),
  '<script type="importmap">{"imports":{}}</script><script type="module" src="/assets/a.js"></script>',
);
writeFileSync(join(folder, 'assets', 'index-Ab3_9xYz.js'), script);
writeFileSync(join(folder, 'favicon.svg'), '<svg/>');
writeFileSync(join(folder, '.sources'), 'x');

describe('files of the browser application', () => {
  it('are found by their path, hidden ones and unknown types are not served', async () => {
    expect([...(await loadAssets(folder)).keys()].sort()).toEqual([
      '/assets/index-Ab3_9xYz.js',
      '/favicon.svg',
      '/index.html',
    ]);
  });

  it('are kept for ever only when their name carries a hash', async () => {
    const assets = await loadAssets(folder);
    expect(assets.get('/assets/index-Ab3_9xYz.js')?.immutable).toBe(true);
    expect(assets.get('/index.html')?.immutable).toBe(false);
  });

  it('are compressed without loss', async () => {
    const content = await (await loadAssets(folder)).get('/assets/index-Ab3_9xYz.js')?.content('br');
    expect(brotliDecompressSync(content ?? Buffer.alloc(0)).toString()).toBe(script);
  });

  it('NF-SEC-01 names the inline scripts of the page by their hash, and only those', async () => {
    expect(await inlineScriptSources(await loadAssets(folder))).toEqual([
      `sha256-${createHash('sha256').update('{"imports":{}}').digest('base64')}`,
    ]);
  });

  it('are none where nothing was built', async () => {
    expect((await loadAssets(join(folder, 'nowhere'))).size).toBe(0);
  });
});
