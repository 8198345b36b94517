import { afterAll, beforeAll, expect, it, vi } from 'vitest';
import { describeEngines } from '../testing/databases.ts';
import type { Explanation, WhoAnswer } from '../explain/explanation.ts';
import type { SessionView } from '../session/session.ts';
import type { TokenView } from '../token/token.ts';
import type { MeAnswer, ProblemBody } from './contract.ts';
import { createRouter } from './create-http.ts';
import { startTestServer, type TestClient, type TestServer } from './test-server.ts';

type Made = TokenView & ProblemBody & { readonly token: string };

/** What a visitor who is not signed in may ask, and nothing else. */
const PUBLIC: ReadonlySet<string> = new Set([
  'GET /health/live',
  'GET /health/ready',
  'GET /api/v1/setup',
  'POST /api/v1/session',
  'GET /api/v1/mail/unsubscribe',
  'POST /api/v1/mail/unsubscribe',
  'GET /calendar/:file',
]);
/** Reads that are sent with POST. */
const READS_BY_POST: ReadonlySet<string> = new Set(['POST /api/v1/records/:entity/aggregate']);
const VERBS = ['GET', 'POST', 'PUT', 'PATCH', 'DELETE'] as const;
const NOBODY = '00000000-0000-7000-8000-000000000000';

describeEngines('tokens, sessions and explanations over HTTP', (open) => {
  let server: TestServer;
  let admin: TestClient;
  let clerk: TestClient;
  let clerkId: string;

  beforeAll(async () => {
    server = await startTestServer(open);
    admin = await server.administrator();
    const made = await admin.post('/api/v1/records/user', {
      username: 'clerk',
      display_name: 'Clerk',
      roles: ['circulation_clerk'],
    });
    clerkId = String(made.body['id']);
    await admin.post(`/api/v1/users/${clerkId}/password`, {
      password: 'clerk password 1',
      must_change: false,
    });
    clerk = server.client();
    await clerk.signIn('clerk', 'clerk password 1');
  });
  afterAll(() => server?.close());

  const make = async (client: TestClient, wish: object): Promise<Made> =>
    (await client.post<Made>('/api/v1/me/tokens', { name: 'test', ...wish })).body;
  /** A client that knows nothing but a token. */
  const bearer = (token: string) => {
    const client = server.client();
    return <T = ProblemBody>(method: string, path: string, body?: unknown) =>
      client.request<T>(method, path, {
        headers: { Authorization: `Bearer ${token}` },
        ...(body === undefined ? {} : { body }),
      });
  };
  const sql = (text: string, ...values: unknown[]) => server.app.db.query({ text, values });

  it('SEC-12 takes a token where a session is, shows its secret once and stores none', async () => {
    const made = await make(admin, { name: 'script' });
    expect(made.token).toMatch(/^mrt_[\w-]{43}$/);
    const call = bearer(made.token);
    expect((await call<MeAnswer>('GET', '/api/v1/me')).body).toMatchObject({
      user: { username: 'admin' },
      csrf: '',
    });
    // A write needs no CSRF token; its source in the history is the interface, not a screen.
    const unit = await call<{ id: string }>('POST', '/api/v1/records/unit', { name: 'By token' });
    expect(unit.status).toBe(201);
    const history = await admin.get<{ items: { source: string }[] }>(
      `/api/v1/records/unit/${unit.body.id}/history`,
    );
    expect(history.body.items[0]?.source).toBe('api');
    const listed = await admin.get<{ items: TokenView[] }>('/api/v1/me/tokens');
    const shown = listed.body.items.find(({ id }) => id === made.id);
    expect(shown).toMatchObject({
      name: 'script',
      readOnly: false,
      functions: true,
      entities: null,
      expired: false,
    });
    expect(shown?.last_used).not.toBeNull();
    expect(JSON.stringify(listed.body)).not.toContain(made.token);
    const stored = JSON.stringify(await sql('select * from mortise.api_token'));
    expect(stored).not.toContain(made.token);
  });

  it('SEC-12 notes the last use at most once a minute, and asks the database once', async () => {
    const made = await make(admin, {});
    const used = async (): Promise<unknown> =>
      (await sql('select used_at from mortise.api_token where id = $1', made.id))[0]?.['used_at'];
    await bearer(made.token)('GET', '/api/v1/me');
    const first = await used();
    await bearer(made.token)('GET', '/api/v1/me');
    expect(await used()).toBe(first);
    const asked = vi.spyOn(server.app.db, 'query');
    expect((await server.app.tokens.find(made.token))?.token?.id).toBe(made.id);
    expect(asked).toHaveBeenCalledTimes(1);
    asked.mockRestore();
    await sql(`update mortise.api_token set used_at = now() - interval '61 seconds' where id = $1`, made.id);
    await bearer(made.token)('GET', '/api/v1/me');
    expect(String(await used()) > String(first)).toBe(true);
  });

  it('SEC-12 refuses a wrong, revoked or expired token and that of a disabled user with 401, cookie or not', async () => {
    const code = async (token: string): Promise<string> => {
      const answer = await bearer(token)('GET', '/api/v1/me');
      return `${answer.status} ${answer.body.code}`;
    };
    const refused = '401 MRT_TOKEN_INVALID';
    expect(await code('mrt_wrong')).toBe(refused);
    expect(await code('')).toBe(refused);
    expect(await code(`x${(await make(admin, {})).token}`)).toBe(refused);
    const both = await admin.get<ProblemBody>('/api/v1/me', { Authorization: 'Bearer mrt_wrong' });
    expect(both.status).toBe(401);
    expect(both.headers.get('WWW-Authenticate')).toContain('Bearer');

    const revoked = await make(admin, {});
    expect((await clerk.request('DELETE', `/api/v1/me/tokens/${revoked.id}`)).status).toBe(404);
    expect((await admin.request('DELETE', `/api/v1/me/tokens/${revoked.id}`)).status).toBe(204);
    expect(await code(revoked.token)).toBe(refused);
    expect((await admin.request('DELETE', `/api/v1/me/tokens/${revoked.id}`)).status).toBe(404);

    const expired = await make(admin, { expires_on: '2999-01-31' });
    expect(expired.expires).toBe('2999-01-31T16:00:00.000Z');
    expect((await bearer(expired.token)('GET', '/api/v1/me')).status).toBe(200);
    await sql(`update mortise.api_token set expires_at = now() where id = $1`, expired.id);
    expect(await code(expired.token)).toBe(refused);

    const made = await admin.post('/api/v1/records/user', {
      username: 'gone',
      display_name: 'Gone',
      roles: [],
    });
    const id = String(made.body['id']);
    await admin.post(`/api/v1/users/${id}/password`, { password: 'gone password 1', must_change: false });
    const gone = server.client();
    await gone.signIn('gone', 'gone password 1');
    const { token } = await make(gone, {});
    expect((await bearer(token)('GET', '/api/v1/me')).status).toBe(200);
    const read = await admin.get(`/api/v1/records/user/${id}`);
    await admin.request('PATCH', `/api/v1/records/user/${id}`, {
      body: { status: 'disabled' },
      headers: { 'If-Match': read.headers.get('ETag') ?? '' },
    });
    expect(await code(token)).toBe(refused);
  });

  it.each([
    [{ name: '' }, 400],
    [{ expires_on: '2020-01-01' }, 400],
    [{ expires_on: '2999-02-30' }, 400],
    [{ entities: ['no_such'] }, 404],
    [{ readOnly: 'yes' }, 400],
    [{ scope: 'all' }, 400],
  ])('refuses the token %j with %i', async (wish, status) => {
    const before = (await admin.get<{ items: unknown[] }>('/api/v1/me/tokens')).body.items.length;
    expect((await admin.post('/api/v1/me/tokens', { name: 'x', ...wish })).status).toBe(status);
    expect((await admin.get<{ items: unknown[] }>('/api/v1/me/tokens')).body.items.length).toBe(before);
  });

  it('SEC-13 narrows by entities: others, function permissions and their traces are gone', async () => {
    const { token } = await make(admin, { entities: ['unit'] });
    const call = bearer(token);
    expect((await call('GET', '/api/v1/records/unit')).status).toBe(200);
    expect((await call('GET', '/api/v1/records/user')).body.code).toBe('MRT_ACCESS_DENIED');
    expect((await call('GET', `/api/v1/records/user/${clerkId}`)).status).toBe(404);
    expect((await call('GET', '/api/v1/records/unit?filter={"owner.username":"admin"}')).status).toBe(400);
    const rows = await call<{ items: Record<string, unknown>[] }>(
      'GET',
      '/api/v1/records/unit?fields=owner&display=true',
    );
    expect(rows.body.items.every((row) => row['owner$display'] === undefined)).toBe(true);
    const model = await call<{ entities: { name: string }[] }>('GET', '/api/v1/model');
    expect(model.body.entities.map(({ name }) => name)).toEqual(['unit']);
    expect((await call('GET', '/api/v1/metadata/documents')).body.code).toBe('MRT_ACCESS_FUNCTION');
    expect((await call<MeAnswer>('GET', '/api/v1/me')).body.functions).toEqual([]);
    // And it adds nothing: the clerk's token for users shows no more than the clerk sees.
    const { token: own } = await make(clerk, { functions: true });
    expect((await bearer(own)('GET', '/api/v1/sessions')).body.code).toBe('MRT_ACCESS_FUNCTION');
  });

  it('SEC-12 a token neither makes nor lists tokens, nor changes how one signs in', async () => {
    const { token, id } = await make(admin, {});
    const call = bearer(token);
    for (const [method, path, body] of [
      ['GET', '/api/v1/me/tokens'],
      ['POST', '/api/v1/me/tokens', { name: 'child' }],
      ['DELETE', `/api/v1/me/tokens/${id}`],
      ['POST', '/api/v1/me/password', { old: 'a', new: 'b' }],
      ['DELETE', '/api/v1/session'],
    ] as const)
      expect((await call(method, path, body)).body.code).toBe('MRT_TOKEN_REFUSED');
  });

  const routes = (): string[] =>
    createRouter(server.app).stack.flatMap((layer) =>
      layer.methods.filter((method) => method !== 'HEAD').map((method) => `${method} ${String(layer.path)}`),
    );
  const filled = (path: string): string => path.replaceAll(/:\w+/g, NOBODY);

  it('SEC-13 answers an anonymous visitor 401 on every route, and no verb that is not there', async () => {
    const known = new Set(routes());
    expect(known.size).toBeGreaterThan(40);
    const paths = [...new Set([...known].map((route) => route.split(' ')[1]!))];
    const wrong: string[] = [];
    for (const path of paths)
      for (const verb of VERBS) {
        const route = `${verb} ${path}`;
        if (PUBLIC.has(route)) continue;
        const { status } = await server
          .client()
          .request(verb, filled(path), verb === 'GET' ? {} : { body: {} });
        // Another route may fit the same address, as /records/:entity/:id does /records/thing/aggregate.
        const expected = known.has(route) ? [401] : [401, 404, 405];
        if (!expected.includes(status)) wrong.push(`${route} → ${status}`);
      }
    expect(wrong).toEqual([]);
    for (const route of PUBLIC) expect(known.has(route), route).toBe(true);
  });

  it('SEC-13 refuses every write of a read-only token with 403, and nothing has changed', async () => {
    const { token } = await make(admin, { readOnly: true });
    const call = bearer(token);
    const version = server.app.changes.current().version;
    const wrong: string[] = [];
    const reads: number[] = [];
    for (const route of routes()) {
      const [method = '', path = ''] = route.split(' ');
      if (path.startsWith('/health/') || path === '/api/v1/events') continue;
      if (method === 'GET') {
        reads.push((await call(method, filled(path))).status);
        continue;
      }
      const { status, body } = await call(method, filled(path), {});
      const refused = status === 403 && body.code === 'MRT_TOKEN_READ_ONLY';
      if (refused === READS_BY_POST.has(route)) wrong.push(`${route} → ${status} ${body.code}`);
    }
    expect(wrong).toEqual([]);
    expect(reads).not.toContain(401);
    expect(reads.filter((status) => status === 200).length).toBeGreaterThan(8);
    expect(reads.filter((status) => status >= 500)).toEqual([]);
    expect(server.app.changes.current().version).toBe(version);
    const counted = await call<{ items: { n: number }[] }>('POST', '/api/v1/records/unit/aggregate', {
      groupBy: [],
      measures: { n: { fn: 'count' } },
    });
    expect(counted.status).toBe(200);
    const entity = await call<{ actions: string[] }>('GET', '/api/v1/model/entities/unit');
    expect(entity.body.actions).toEqual(['query', 'read', 'print', 'export']);
  });

  it('SEC-12 lists the own sessions with address, agent and the one that asks, and ends another', async () => {
    const here = server.client();
    await here.signIn('clerk', 'clerk password 1');
    const there = server.client();
    await there.signIn('clerk', 'clerk password 1');
    const mine = (client: TestClient) => client.get<{ items: SessionView[] }>('/api/v1/me/sessions');
    const { items } = (await mine(here)).body;
    const other = (await mine(there)).body.items.find(({ current }) => current)!;
    expect(items.filter(({ current }) => current)).toHaveLength(1);
    expect(items.find(({ id }) => id === other.id)).toMatchObject({
      address: expect.stringContaining('127.0.0.1'),
      agent: 'node',
      current: false,
    });
    expect(Object.keys(other).toSorted()).toEqual([
      'address',
      'agent',
      'current',
      'expires',
      'id',
      'last_seen',
      'since',
    ]);
    expect((await admin.request<ProblemBody>('DELETE', `/api/v1/me/sessions/${other.id}`)).body.code).toBe(
      'MRT_SESSION_UNKNOWN',
    );
    expect((await here.request('DELETE', `/api/v1/me/sessions/${other.id}`)).status).toBe(204);
    expect((await there.get('/api/v1/me')).status).toBe(401);
    expect((await here.get('/api/v1/me')).status).toBe(200);

    expect((await here.get<ProblemBody>('/api/v1/sessions')).body.code).toBe('MRT_ACCESS_FUNCTION');
    const all = await admin.get<{ items: SessionView[]; total: number }>(`/api/v1/sessions?user=${clerkId}`);
    expect(all.body.items.length).toBe(all.body.total);
    expect(new Set(all.body.items.map(({ user }) => user.username))).toEqual(new Set(['clerk']));
    expect((await admin.request<ProblemBody>('DELETE', `/api/v1/sessions/${NOBODY}`)).body.code).toBe(
      'MRT_SESSION_UNKNOWN',
    );
    const hers = (await mine(here)).body.items.find(({ current }) => current)!;
    expect((await here.request('DELETE', `/api/v1/sessions/${hers.id}`)).status).toBe(403);
    expect((await admin.request('DELETE', `/api/v1/sessions/${hers.id}`)).status).toBe(204);
    expect((await here.get('/api/v1/me')).status).toBe(401);
    const { total } = (await admin.get<{ total: number }>('/api/v1/sessions?limit=1')).body;
    expect(total).toBeGreaterThan(1);
  });

  const why = (client: TestClient, query: string) =>
    client.get<Explanation & ProblemBody>(`/api/v1/access/explain?${query}`, { 'Accept-Language': 'en' });

  it('SEC-04 explains what a user may do, to an administrator and to oneself', async () => {
    const customer = await admin.post('/api/v1/records/customer', { name: '测试酒业有限公司' });
    expect(customer.status).toBe(201);
    const id = String(customer.body['id']);
    const about = `user=${clerkId}&entity=customer&id=${id}`;
    const read = await why(admin, `${about}&action=read`);
    expect(read.body).toMatchObject({ allowed: true, user: { username: 'clerk' } });
    expect(read.body.sentence).toContain('Circulation clerk');
    const update = await why(clerk, `entity=customer&id=${id}&action=update`);
    expect(update.body).toMatchObject({
      allowed: false,
      reasons: [{ role: 'circulation_clerk', scope: 'own', holds: false }],
    });
    expect(
      (
        await clerk.request('PATCH', `/api/v1/records/customer/${id}`, {
          body: {},
          headers: { 'If-Match': '"1"' },
        })
      ).status,
    ).toBe(403);
    const fieldless = await why(admin, `${about}&action=update&field=customer_code`);
    expect(fieldless.body).toMatchObject({ allowed: false, field: 'customer_code', level: 'read' });
    expect((await why(admin, `user=${clerkId}&action=function:metadata.configure`)).body.allowed).toBe(false);
    expect((await why(admin, `action=function:metadata.configure`)).body.allowed).toBe(true);
    expect((await why(clerk, `entity=customer&action=create`)).body.allowed).toBe(true);

    const who = await admin.get<WhoAnswer>(`/api/v1/access/who?entity=customer&id=${id}`);
    const found = new Map(who.body.items.map((item) => [item.user.username, item]));
    expect(found.get('clerk')).toMatchObject({ query: true, read: true, update: false });
    expect(found.get('admin')).toMatchObject({ query: true, read: true, update: true });
    const page = await admin.get<WhoAnswer>(`/api/v1/access/who?entity=customer&id=${id}&limit=1&offset=1`);
    expect(page.body).toEqual({ items: [who.body.items[1]], total: who.body.total });
  });

  it('SEC-13 explains to nobody what is not his to know', async () => {
    const code = async (client: TestClient, query: string): Promise<string> => {
      const answer = await why(client, query);
      return answer.status === 200 ? 'answered' : `${answer.status} ${answer.body.code}`;
    };
    expect(await code(clerk, `user=${NOBODY}&action=read&entity=customer`)).toBe('403 MRT_ACCESS_FUNCTION');
    expect(await code(admin, `user=${NOBODY}&action=read&entity=customer`)).toBe('404 MRT_USER_UNKNOWN');
    expect(await code(admin, `user=zhang&action=read&entity=customer`)).toBe('404 MRT_USER_UNKNOWN');
    expect(await code(admin, `action=read&entity=custmer`)).toBe('404 MRT_ENTITY_UNKNOWN');
    expect(await code(admin, `action=read&entity=customer&id=${NOBODY}`)).toBe('404 MRT_RECORD_NOT_FOUND');
    expect(await code(admin, `action=read&entity=customer&id=5`)).toBe('404 MRT_RECORD_NOT_FOUND');
    expect(await code(admin, `action=look&entity=customer`)).toBe('400 MRT_REQUEST_MALFORMED');
    expect(await code(admin, `action=read&entity=customer&field=nam`)).toBe('400 MRT_QUERY_FIELD_UNKNOWN');
    expect(await code(admin, `action=delete&entity=customer&field=name`)).toBe('400 MRT_REQUEST_MALFORMED');
    expect(await code(admin, `action=create&entity=customer&id=${NOBODY}`)).toBe('400 MRT_REQUEST_MALFORMED');
    expect((await clerk.get(`/api/v1/access/who?entity=customer&id=${NOBODY}`)).status).toBe(403);
    expect((await admin.get(`/api/v1/access/who?entity=customer&id=${NOBODY}`)).status).toBe(404);
    // A record that exists and that the asker cannot see is no other than one that does not.
    const hidden = await admin.post('/api/v1/records/user', {
      username: 'hidden',
      display_name: 'H',
      roles: [],
    });
    const seen = await clerk.get(`/api/v1/records/user/${String(hidden.body['id'])}`);
    expect(await code(clerk, `action=read&entity=user&id=${String(hidden.body['id'])}`)).toBe(
      seen.status === 200 ? 'answered' : '404 MRT_RECORD_NOT_FOUND',
    );
  });
});
