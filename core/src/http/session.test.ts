import { afterAll, beforeAll, expect, it } from 'vitest';
import { describeEngines } from '../testing/databases.ts';
import type { MeAnswer, ProblemBody } from './contract.ts';
import { startTestServer, TEST_ADMIN, type TestClient, type TestServer } from './test-server.ts';

describeEngines('sessions over HTTP', (open) => {
  let server: TestServer;
  beforeAll(async () => {
    server = await startTestServer(open);
  });
  afterAll(() => server?.close());

  async function addUser(username: string, password: string, mustChange = false): Promise<string> {
    const admin = await server.administrator();
    const made = await admin.post('/api/v1/records/user', {
      username,
      display_name: username,
      roles: ['employee'],
    });
    expect(made.status).toBe(201);
    const id = String(made.body['id']);
    expect(
      (await admin.post(`/api/v1/users/${id}/password`, { password, must_change: mustChange })).status,
    ).toBe(204);
    return id;
  }
  const me = (client: TestClient) => client.get<MeAnswer & ProblemBody>('/api/v1/me');

  it('SEC-12 signs in with a cookie that scripts cannot read, and tells who one is', async () => {
    const client = server.client();
    const answer = await client.signIn();
    expect(answer.status).toBe(200);
    expect(answer.body).toMatchObject({
      user: { username: 'admin' },
      model: { version: server.app.changes.current().version },
    });
    expect(answer.headers.getSetCookie()[0]).toMatch(/httponly/i);
    expect(answer.headers.getSetCookie()[0]).toMatch(/samesite=lax/i);
    const who = await me(client);
    expect(who.body.user).toMatchObject({ username: 'admin', must_change_password: false });
    expect(who.body.user.unit).not.toBeNull();
    expect(who.body.roles.map((role) => role.name)).toEqual(['administrator']);
    expect(who.body.functions).toContain('metadata.configure');
  });

  it('SEC-12 answers an unknown name and a wrong password alike', async () => {
    const unknown = await server.client().signIn('nobody', 'some password');
    const wrong = await server.client().signIn('admin', 'some password');
    expect(unknown.status).toBe(401);
    expect(wrong.body).toEqual(unknown.body);
  });

  it('SEC-12 locks after repeated failures, even for the right password, and unknown names as well', async () => {
    await addUser('locked.one', 'right password 1');
    for (const username of ['locked.one', 'ghost.one']) {
      const statuses: number[] = [];
      for (let attempt = 0; attempt < 6; attempt += 1)
        statuses.push((await server.client().signIn(username, 'wrong')).status);
      expect(statuses).toEqual([401, 401, 401, 401, 401, 429]);
    }
    const locked = await server.client().signIn('locked.one', 'right password 1');
    expect(locked.body.code).toBe('MRT_SESSION_LOCKED');
    expect(Number(locked.headers.get('Retry-After'))).toBeGreaterThan(0);
  });

  it('SEC-12 counts a burst of parallel guesses in full', async () => {
    await addUser('burst', 'right password 1');
    const answers = await Promise.all(
      Array.from({ length: 12 }, () => server.client().signIn('burst', 'wrong')),
    );
    expect(answers.filter(({ status }) => status === 401).length).toBe(5);
    expect(answers.filter(({ status }) => status === 429).length).toBe(7);
  });

  it('NF-SEC-01 refuses a write without the CSRF token, with another one, and from another site', async () => {
    const client = await server.administrator();
    const patch = { body: { settings: { theme: 'dark' } } };
    const { csrf } = client;
    client.csrf = '';
    expect((await client.request('PATCH', '/api/v1/me', patch)).body).toMatchObject({
      code: 'MRT_SESSION_CSRF',
      status: 403,
    });
    client.csrf = 'x'.repeat(csrf.length);
    expect((await client.request('PATCH', '/api/v1/me', patch)).status).toBe(403);
    client.csrf = csrf;
    expect(
      (await client.request('PATCH', '/api/v1/me', { ...patch, headers: { 'Sec-Fetch-Site': 'cross-site' } }))
        .status,
    ).toBe(403);
    expect((await client.request('PATCH', '/api/v1/me', patch)).status).toBe(200);
  });

  it('FM-04 signs out: the old cookie opens nothing', async () => {
    const client = await server.administrator();
    const { cookie } = client;
    expect((await client.request('DELETE', '/api/v1/session')).status).toBe(204);
    expect((await me(client)).status).toBe(401);
    client.cookie = cookie;
    expect((await me(client)).body.code).toBe('MRT_SESSION_REQUIRED');
  });

  it('FM-03 changes the password: asks for the old one, checks the policy, ends other sessions and keeps this one', async () => {
    await addUser('changer', 'first password 1');
    const here = server.client();
    const there = server.client();
    await here.signIn('changer', 'first password 1');
    await there.signIn('changer', 'first password 1');
    const change = (old: string, next: string) =>
      here.post<ProblemBody>('/api/v1/me/password', { old, new: next });
    expect((await change('guess', 'second password 2')).body.code).toBe('MRT_PASSWORD_WRONG');
    expect((await change('first password 1', 'short')).body.code).toBe('MRT_PASSWORD_WEAK');
    expect((await change('first password 1', 'second password 2')).status).toBe(204);
    expect((await me(here)).status).toBe(200);
    expect((await me(there)).status).toBe(401);
    expect((await server.client().signIn('changer', 'first password 1')).status).toBe(401);
    expect((await server.client().signIn('changer', 'second password 2')).status).toBe(200);
  });

  it('SEC-12 lets a user whose password an administrator has set do nothing before changing it', async () => {
    await addUser('novice', 'given password 1', true);
    const client = server.client();
    await client.signIn('novice', 'given password 1');
    expect((await me(client)).body.user.must_change_password).toBe(true);
    expect((await client.get<ProblemBody>('/api/v1/records/user')).body.code).toBe('MRT_PASSWORD_CHANGE');
    expect(
      (await client.post('/api/v1/me/password', { old: 'given password 1', new: 'own password 2' })).status,
    ).toBe(204);
    expect((await client.get<ProblemBody>('/api/v1/records/user')).body.code).not.toBe('MRT_PASSWORD_CHANGE');
  });

  it('SEC-13 does not let a user without the function set passwords', async () => {
    const id = await addUser('victim', 'victim password 1');
    await addUser('attacker', 'attacker password 1');
    const client = server.client();
    await client.signIn('attacker', 'attacker password 1');
    expect(
      (await client.post<ProblemBody>(`/api/v1/users/${id}/password`, { password: 'taken over 1' })).body
        .code,
    ).toBe('MRT_ACCESS_FUNCTION');
  });

  it('ends the sessions of a user who is disabled at once', async () => {
    const id = await addUser('leaver', 'leaver password 1');
    const client = server.client();
    await client.signIn('leaver', 'leaver password 1');
    const admin = await server.administrator();
    const record = await admin.get(`/api/v1/records/user/${id}`);
    const patched = await admin.request('PATCH', `/api/v1/records/user/${id}`, {
      body: { status: 'disabled' },
      headers: { 'If-Match': record.headers.get('ETag') ?? '' },
    });
    expect(patched.status).toBe(200);
    expect((await me(client)).status).toBe(401);
    expect((await server.client().signIn('leaver', 'leaver password 1')).status).toBe(401);
  });

  it('DM-USR-05 keeps personal settings, merged, and refuses what is none', async () => {
    const client = await server.administrator();
    const save = (settings: unknown) =>
      client.request<MeAnswer & ProblemBody>('PATCH', '/api/v1/me', { body: { settings } });
    await save({ locale: 'en', views: { 'customer.main': { columns: ['name'] } } });
    const saved = await save({ theme: 'dark', views: { 'contact.main': { sort: 'name' } } });
    expect(saved.body.settings).toMatchObject({
      locale: 'en',
      theme: 'dark',
      views: { 'customer.main': { columns: ['name'] }, 'contact.main': { sort: 'name' } },
    });
    expect((await save({ theme: 'pink' })).body.errors[0]?.path).toBe('/settings/theme');
    expect((await save({ locale: null, theme: null, views: null })).body.settings).toEqual({});
  });

  it('I18N-01 speaks the language of the settings, else of the browser', async () => {
    const chinese = await server.client().get<ProblemBody>('/api/v1/me', { 'Accept-Language': 'zh-CN' });
    const english = await server.client().get<ProblemBody>('/api/v1/me', { 'Accept-Language': 'en' });
    expect([chinese.body.detail, english.body.detail]).toEqual(['请先登录。', 'Sign in first.']);
  });

  it('refuses a sign-in that is not JSON or has other members', async () => {
    const client = server.client();
    const form = await client.request<ProblemBody>('POST', '/api/v1/session', {
      raw: { text: 'username=admin', type: 'application/x-www-form-urlencoded' },
    });
    expect(form.status).toBe(400);
    const more = await client.request<ProblemBody>('POST', '/api/v1/session', {
      body: { ...TEST_ADMIN, remember: true },
    });
    expect(more.body).toMatchObject({ code: 'MRT_REQUEST_MALFORMED', errors: [{ path: '/remember' }] });
  });
});
