import { mkdirSync, mkdtempSync, rmSync, writeFileSync } from 'node:fs';
import { createServer, type Server } from 'node:http';
import type { AddressInfo } from 'node:net';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import Koa from 'koa';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import type { HttpState } from '../state.ts';
import { loadAssets } from './load-assets.ts';
import { serveAssets } from './serve-assets.ts';

const folder = mkdtempSync(join(tmpdir(), 'mortise-dist-'));
let server: Server;
let address = '';

beforeAll(async () => {
  mkdirSync(join(folder, 'assets'));
  writeFileSync(join(folder, 'index.html'), '<!doctype html><title>page</title>');
  writeFileSync(join(folder, 'assets', 'index-Ab3_9xYz.js'), 'export {};'.repeat(500));
  const koa = new Koa<HttpState>();
  koa.use(serveAssets(await loadAssets(folder)));
  server = createServer(koa.callback());
  await new Promise<void>((resolve) => server.listen(0, '127.0.0.1', resolve));
  address = `http://127.0.0.1:${(server.address() as AddressInfo).port}`;
});
afterAll(() => {
  server.close();
  rmSync(folder, { recursive: true });
});

const get = (path: string, headers: Record<string, string> = {}) => fetch(`${address}${path}`, { headers });

describe('serving the browser application', () => {
  it.each(['/', '/list/customer.all', '/records/customer/new', '/a/b/c'])(
    'answers the screen %s with the page, asked for anew each time',
    async (path) => {
      const answer = await get(path);
      expect(answer.headers.get('Cache-Control')).toBe('no-cache');
      expect(await answer.text()).toContain('<title>page</title>');
    },
  );

  it.each([
    '/assets/missing-Ab3_9xYz.js',
    '/favicon.ico',
    '/robots.txt',
    '/index.js.map',
    '/calendar/mrtcal_x.ics',
    '/api/v1/model',
    '/health/live',
  ])('never answers %s with the page', async (path) => {
    expect((await get(path)).status).toBe(404);
  });

  it.each(['/../package.json', '/..%2fpackage.json', '/assets/../../package.json'])(
    'stays inside its folder: %s',
    async (path) => {
      expect(await (await get(path)).text()).not.toContain('"name"');
    },
  );

  it('lets hashed files be kept for ever, compressed when the client can read it', async () => {
    const answer = await get('/assets/index-Ab3_9xYz.js', { 'Accept-Encoding': 'br' });
    expect(answer.headers.get('Cache-Control')).toContain('immutable');
    expect(answer.headers.get('Content-Encoding')).toBe('br');
    expect(Number(answer.headers.get('Content-Length'))).toBeLessThan(500);
    expect(await answer.text()).toContain('export {};');
  });

  it('answers 304 to who has the page already', async () => {
    const etag = (await get('/')).headers.get('ETag') ?? '';
    expect((await get('/', { 'If-None-Match': etag, 'Cache-Control': 'max-age=0' })).status).toBe(304);
  });
});
