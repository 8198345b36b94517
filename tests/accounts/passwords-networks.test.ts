import { afterAll, beforeAll, expect, it } from 'vitest';
import { systemContext } from '../../core/src/app/create-context.ts';
import type { AuditAnswer, PasswordRulesAnswer, ProblemBody } from '../../core/src/http/contract.ts';
import { startTestServer, type TestClient, type TestServer } from '../../core/src/http/test-server.ts';
import { describeEngines } from '../../core/src/testing/databases.ts';

const FIRST = 'correct horse 12';
type Data = Readonly<Record<string, unknown>>;
/** What a proxy in front says of where the request came from; before it, what a client made up. */
const from = (address: string) => ({ 'X-Forwarded-For': `10.0.0.1, ${address}` });

describeEngines('passwords and networks', (open) => {
  let server: TestServer;
  let admin: TestClient;
  let seller: TestClient;
  let sellerId: string;

  const settings = async (change: Data, headers: Readonly<Record<string, string>> = {}) => {
    const path = '/api/v1/metadata/documents/settings/installation';
    const stored = await admin.get<{ document: Data; base: string }>(path, headers);
    const { document, base } = stored.body;
    return await admin.request<Data & ProblemBody>('POST', '/api/v1/metadata/apply', {
      headers,
      body: {
        changes: [{ kind: 'settings', name: 'installation', base, document: { ...document, ...change } }],
        note: '',
      },
    });
  };
  const signIn = async (password: string, headers: Readonly<Record<string, string>> = {}) =>
    await server.client().request<ProblemBody>('POST', '/api/v1/session', {
      headers,
      body: { username: 'seller', password },
    });
  const change = async (old: string, next: string) =>
    await seller.post<ProblemBody>('/api/v1/me/password', { old, new: next });

  beforeAll(async () => {
    server = await startTestServer(open, { MORTISE_TRUST_PROXY: '1' });
    admin = await server.administrator();
    const { app } = server;
    const user = await app.records.create(
      systemContext(app.changes.current(), app.administrator, 'demo'),
      'user',
      { username: 'seller', display_name: '销售员', roles: ['employee'], unit: app.administrator.unit },
    );
    sellerId = String(user['id']);
    await app.sessions.setPassword(sellerId, FIRST, { mustChange: false });
    seller = server.client();
    await seller.signIn('seller', FIRST);
  });
  afterAll(async () => await server.close());

  it('SEC-12 a password is judged by the rules of the settings, all broken ones said at once', async () => {
    expect(
      (await settings({ passwords: { minLength: 12, classes: 3, history: 2, refuseName: true } })).status,
    ).toBe(200);
    const { rules } = (await seller.get<PasswordRulesAnswer>('/api/v1/me/password')).body;
    expect(rules.map(({ code }) => code.replace('MRT_PASSWORD_', ''))).toEqual([
      'LENGTH',
      'CLASSES',
      'NAME',
      'COMMON',
      'USED',
    ]);
    const weak = await change(FIRST, 'Seller12');
    expect(weak.status).toBe(422);
    expect(weak.body.errors.map(({ path, code }) => [path, code])).toEqual([
      ['/new', 'MRT_PASSWORD_LENGTH'],
      ['/new', 'MRT_PASSWORD_NAME'],
    ]);
    for (const { message } of weak.body.errors) expect(weak.body.detail).toContain(message);
    const set = await admin.post<ProblemBody>(`/api/v1/users/${sellerId}/password`, { password: 'short' });
    expect(set.body.errors[0]?.path).toBe('/password');
    expect((await settings({ passwords: { minLength: 4 } })).status).toBe(422);
  });

  it('SEC-12 the present and the last password are not taken again', async () => {
    const [second, third] = ['Second horse 22', 'Third horse 333'];
    expect((await change(FIRST, FIRST)).body.errors.map(({ code }) => code)).toEqual(['MRT_PASSWORD_USED']);
    expect((await change(FIRST, second)).status).toBe(204);
    expect((await change(second, second)).body.code).toBe('MRT_PASSWORD_WEAK');
    expect((await change(second, third)).status).toBe(204);
    expect((await change(third, second)).body.errors.map(({ code }) => code)).toEqual(['MRT_PASSWORD_USED']);
    expect((await change(third, 'Fourth horse 4444')).status).toBe(204);
    expect((await change('Fourth horse 4444', second)).status).toBe(204);
  });

  it('SEC-12 an old password must be changed by a person; his programs go on', async () => {
    const made = await seller.post<{ token: string }>('/api/v1/me/tokens', { name: 'program' });
    await settings({ passwords: { maxAgeDays: 90 } });
    expect((await seller.get('/api/v1/records/customer')).status).toBe(200);
    await server.app.db.query({
      text: `update mortise.credential set changed_at = now() - interval '91 days' where user_id = $1::uuid`,
      values: [sellerId],
    });
    expect((await seller.get<ProblemBody>('/api/v1/records/customer')).body.code).toBe('MRT_PASSWORD_CHANGE');
    const bearer = { Authorization: `Bearer ${made.body.token}` };
    expect((await server.client().get('/api/v1/records/customer', bearer)).status).toBe(200);
    expect((await change('Second horse 22', 'Fifth horse 55555')).status).toBe(204);
    expect((await seller.get('/api/v1/records/customer')).status).toBe(200);
    await settings({ passwords: {} });
  });

  it('NF-SEC-01 a role is used from its networks only: sign-in, sessions and tokens', async () => {
    const made = await seller.post<{ token: string }>('/api/v1/me/tokens', { name: 'network' });
    const bearer = { Authorization: `Bearer ${made.body.token}` };
    expect((await settings({ networks: { roles: { employee: { '192.0.2.0/24': true } } } })).status).toBe(
      200,
    );
    const list = '/api/v1/records/customer';
    const password = 'Fifth horse 55555';
    for (const [address, status] of [
      ['192.0.2.7', 200],
      ['198.51.100.7', 403],
    ] as const) {
      expect((await signIn(password, from(address))).status, address).toBe(status);
      expect((await seller.get(list, from(address))).status, address).toBe(status);
      expect((await server.client().get(list, { ...bearer, ...from(address) })).status, address).toBe(status);
    }
    const refused = await signIn(password, from('198.51.100.7'));
    expect(refused.body).toMatchObject({ code: 'MRT_SESSION_ADDRESS' });
    expect(refused.body.detail).toContain('198.51.100.7');
    // Who does not know the password is not told that it is the place.
    expect((await signIn('wrong horse', from('198.51.100.7'))).body.code).toBe('MRT_SESSION_CREDENTIALS');
    const { items } = (
      await admin.get<AuditAnswer>(`/api/v1/audit-log?user=${sellerId}&address=198.51.100.7`)
    ).body;
    expect(new Set(items.map(({ action, detail }) => detail['reason'] ?? detail['code'] ?? action))).toEqual(
      new Set(['address', 'password', 'MRT_SESSION_ADDRESS']),
    );
  });

  it('NF-SEC-01 networks of a person take the place of those of his roles', async () => {
    const path = `/api/v1/records/user/${sellerId}`;
    const write = async (client: TestClient, networks: string) => {
      const { version } = (await admin.get<{ version: number }>(path)).body;
      return await client.request<ProblemBody>('PATCH', path, {
        body: { networks },
        headers: { 'If-Match': `"${version}"` },
      });
    };
    const faulty = await write(admin, '198.51.100.0/33');
    expect(faulty.body.errors).toMatchObject([{ path: '/networks', code: 'MRT_VALUE_NETWORK' }]);
    expect((await write(admin, '198.51.100.0/24；2001:db8::/32')).status).toBe(200);
    expect((await signIn('Fifth horse 55555', from('198.51.100.7'))).status).toBe(200);
    expect((await signIn('Fifth horse 55555', from('2001:db8::5'))).status).toBe(200);
    expect((await signIn('Fifth horse 55555', from('192.0.2.7'))).status).toBe(403);
    expect((await write(admin, '')).status).toBe(200);
  });

  it('NF-SEC-01 nobody shuts himself out, and the networks must be some', async () => {
    const own = await settings({ networks: { roles: { administrator: { '192.0.2.0/24': true } } } });
    expect(own.status).toBe(422);
    expect(own.body.errors).toMatchObject([
      { path: 'settings/installation#/networks/roles', code: 'MRT_NETWORK_OWN' },
    ]);
    const faulty = await settings({ networks: { roles: { employee: { '192.0.2.0/40': true } } } });
    expect(faulty.body.errors).toMatchObject([{ code: 'MRT_DOC_NETWORK' }]);
    const adminId = server.app.administrator.id;
    const { version } = (await admin.get<{ version: number }>(`/api/v1/records/user/${adminId}`)).body;
    const patched = await admin.request<ProblemBody>('PATCH', `/api/v1/records/user/${adminId}`, {
      body: { networks: '192.0.2.0/24' },
      headers: { 'If-Match': `"${version}"` },
    });
    expect(patched.body.errors).toMatchObject([{ path: '/networks', code: 'MRT_NETWORK_OWN' }]);
    // From inside the network it is allowed; from outside it then holds for the administrator as well.
    const inside = await settings(
      { networks: { roles: { administrator: { '192.0.2.0/24': true } } } },
      from('192.0.2.9'),
    );
    expect(inside.status, JSON.stringify(inside.body)).toBe(200);
    expect((await admin.get('/api/v1/me')).status).toBe(403);
    expect((await admin.get('/api/v1/me', from('192.0.2.9'))).status).toBe(200);
  });
});
