import { createServer, get, type IncomingMessage } from 'node:http';
import type { AddressInfo } from 'node:net';
import { buffer } from 'node:stream/consumers';
import { gunzipSync } from 'node:zlib';
import Koa from 'koa';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import type { HttpState } from '../state.ts';
import { compressJson } from './compress-json.ts';

const long = { items: Array.from({ length: 1000 }, (_, n) => ({ id: n, name: `榫卯客户${n}号有限公司` })) };
const koa = new Koa<HttpState>();
koa.use(compressJson());
koa.use((http) => {
  if (http.path === '/long') http.body = long;
  if (http.path === '/short') http.body = { id: 1 };
  if (http.path === '/bytes') http.body = Buffer.alloc(100_000);
});
const server = createServer(koa.callback());
beforeAll(() => new Promise<void>((resolve) => server.listen(0, '127.0.0.1', resolve)));
afterAll(() => server.close());

async function ask(path: string, encoding: string): Promise<{ answer: IncomingMessage; body: Buffer }> {
  const { port } = server.address() as AddressInfo;
  const answer = await new Promise<IncomingMessage>((resolve) => {
    get({ host: '127.0.0.1', port, path, headers: { 'Accept-Encoding': encoding } }, resolve);
  });
  return { answer, body: await buffer(answer) };
}

describe('JSON answers', () => {
  it('NF-PERF-02 are compressed when they are long and the client can read it', async () => {
    const { answer, body } = await ask('/long', 'gzip, deflate');
    expect(answer.headers).toMatchObject({ 'content-encoding': 'gzip', vary: 'Accept-Encoding' });
    expect(answer.headers['content-type']).toContain('application/json');
    expect(Number(answer.headers['content-length'])).toBe(body.length);
    expect(JSON.parse(gunzipSync(body).toString())).toEqual(long);
  });

  it.each([
    ['/long', 'identity'],
    ['/short', 'gzip'],
    ['/bytes', 'gzip'],
  ])('are sent as they are otherwise: %s for %s', async (path, encoding) => {
    const { answer, body } = await ask(path, encoding);
    expect(answer.statusCode).toBe(200);
    expect(answer.headers['content-encoding']).toBeUndefined();
    if (path !== '/bytes') expect(JSON.parse(body.toString())).toEqual(path === '/long' ? long : { id: 1 });
  });
});
