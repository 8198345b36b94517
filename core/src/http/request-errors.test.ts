import { afterAll, beforeAll, expect, it } from 'vitest';
import { describeEngines } from '../testing/databases.ts';
import type { ProblemBody } from './contract.ts';
import { createRouter, listen } from './create-http.ts';
import { FIXED } from './openapi/fixed-paths.ts';
import { createClient, startTestServer, type TestServer } from './test-server.ts';

const PUBLIC = new Set([
  'GET /health/live',
  'GET /health/ready',
  'POST /api/v1/session',
  'GET /api/v1/setup',
  'GET /api/v1/mail/unsubscribe',
  'POST /api/v1/mail/unsubscribe',
  'GET /calendar/:file',
]);

describeEngines('requests and their errors', (open) => {
  let server: TestServer;
  beforeAll(async () => {
    server = await startTestServer(open);
  });
  afterAll(() => server?.close());

  const routes = () =>
    createRouter(server.app).stack.flatMap((layer) =>
      layer.methods
        .filter((method) => method !== 'HEAD')
        .map((method) => ({ method, path: String(layer.path) })),
    );

  it('SEC-13 answers 401 to the anonymous on every route that is not public', async () => {
    const open401: string[] = [];
    for (const { method, path } of routes()) {
      if (PUBLIC.has(`${method} ${path}`)) continue;
      const filled = path.replace(/:\w+/g, '00000000-0000-7000-8000-000000000000');
      const answer = await server
        .client()
        .request<ProblemBody>(method, filled, method === 'GET' ? {} : { body: {} });
      if (answer.status !== 401 || answer.body.code !== 'MRT_SESSION_REQUIRED')
        open401.push(`${method} ${path} → ${answer.status}`);
    }
    expect(open401).toEqual([]);
  });

  it('documents every route that does not depend on the model, and no other', () => {
    const fixed = new Set(
      routes()
        .filter(({ path }) => !path.startsWith('/api/v1/records/'))
        .map(({ method, path }) => `${method.toLowerCase()} ${path.replace(/:(\w+)/g, '{$1}')}`),
    );
    expect(new Set(FIXED.map(({ method, path }) => `${method} ${path}`))).toEqual(fixed);
  });

  it('answers problems as problem+json with the id of the request', async () => {
    const answer = await server
      .client()
      .get<ProblemBody>('/api/v1/nothing', { 'X-Request-Id': 'my-request-1' });
    expect(answer.status).toBe(404);
    expect(answer.headers.get('Content-Type')).toMatch(/^application\/problem\+json/);
    expect(answer.headers.get('X-Request-Id')).toBe('my-request-1');
    expect(answer.body).toMatchObject({ code: 'MRT_ROUTE_UNKNOWN', status: 404, errors: [] });
    expect(answer.body.type).toContain('MRT_ROUTE_UNKNOWN');
  });

  it('answers 405 with the methods that are allowed', async () => {
    const answer = await server.client().request<ProblemBody>('PUT', '/api/v1/session', { body: {} });
    expect(answer.status).toBe(405);
    expect(answer.headers.get('Allow')).toContain('POST');
  });

  it.each([
    ['malformed JSON', '{"name":', 400, 'MRT_REQUEST_MALFORMED'],
    ['a list instead of an object', '[1]', 400, 'MRT_REQUEST_MALFORMED'],
    [
      'a key that would reach the prototype',
      '{"__proto__":{"roles":["administrator"]}}',
      400,
      'MRT_REQUEST_MALFORMED',
    ],
    [
      'a body nested without end',
      `{"name":${'['.repeat(100_000)}${']'.repeat(100_000)}}`,
      400,
      'MRT_REQUEST_MALFORMED',
    ],
    ['too large a body', `{"name":"${'x'.repeat(1024 * 1024)}"}`, 413, 'MRT_REQUEST_TOO_LARGE'],
  ])('refuses %s', async (_case, text, status, code) => {
    const client = await server.administrator();
    const answer = await client.request<ProblemBody>('POST', '/api/v1/records/customer', {
      raw: { text, type: 'application/json' },
    });
    expect(answer.body).toMatchObject({ status, code });
  });

  it('answers NUL characters, ids that are none and figures without a name with 4xx, never 500', async () => {
    const client = await server.administrator();
    const status = async (method: string, path: string, body: unknown): Promise<number> =>
      (await client.request(method, path, method === 'GET' ? {} : { body })).status;
    const aggregate = '/api/v1/records/customer/aggregate';
    const change = { kind: 'dictionary', name: 'gender', document: { label: 'a\0' } };
    expect(await status('POST', '/api/v1/session', { username: 'a\0', password: 'x' })).toBe(400);
    expect(await status('POST', '/api/v1/metadata/plan', { changes: [change], note: '' })).toBe(400);
    expect(await status('GET', '/api/v1/print/previews/abc', undefined)).toBe(404);
    expect(await status('POST', aggregate, { groupBy: [], measures: { '': { fn: 'count' } } })).toBe(400);
  });

  it('refuses a path that is no percent encoding with 400', async () => {
    const client = await server.administrator();
    expect((await client.get('/api/v1/records/customer/%E0%A4%A')).status).toBe(400);
  });

  it('refuses a path with U+0000 with 400', async () => {
    const client = await server.administrator();
    expect((await client.get('/api/v1/metadata/change-sets/%00')).status).toBe(400);
    expect((await client.post('/api/v1/metadata/steps/%00/retry', {})).status).toBe(400);
  });

  it('UI-09 hides what went wrong inside, and gives an id instead', async () => {
    const broken = {
      ...server.app,
      records: { ...server.app.records, list: () => Promise.reject(new Error('secret: column "x" at /srv')) },
    };
    const other = await listen(broken);
    try {
      const client = createClient(other.address);
      await client.signIn();
      const answer = await client.get<ProblemBody>('/api/v1/records/customer', { 'Accept-Language': 'en' });
      expect(answer.body).toMatchObject({ status: 500, code: 'MRT_INTERNAL' });
      expect(answer.body.detail).toContain(answer.headers.get('X-Request-Id'));
      expect(JSON.stringify(answer.body)).not.toContain('secret');
    } finally {
      await other.close();
    }
  });

  it('NF-SEC-01 sends a strict policy with every answer and lets nothing of the API be stored', async () => {
    const { headers } = await server.client().get('/api/v1/me');
    expect(headers.get('Content-Security-Policy')).toMatch(
      /default-src 'self'.*script-src 'self'.*frame-ancestors 'none'/,
    );
    expect(headers.get('Content-Security-Policy')).not.toMatch(/unsafe/);
    expect(headers.get('X-Content-Type-Options')).toBe('nosniff');
    expect(headers.get('Cache-Control')).toBe('no-store');
  });

  it('is live and ready', async () => {
    expect((await server.client().get('/health/live')).body).toEqual({ status: 'live' });
    expect((await server.client().get('/health/ready')).body).toMatchObject({ status: 'ready' });
  });
});
