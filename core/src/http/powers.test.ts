import { afterAll, beforeAll, expect, it } from 'vitest';
import { describeEngines } from '../testing/databases.ts';
import type { ProblemBody } from './contract.ts';
import { startTestServer, TEST_ADMIN, type TestClient, type TestServer } from './test-server.ts';

const LABEL = { 'zh-CN': '用户管理员', en: 'User clerk' };
const USERS = { entity: 'user', actions: { query: 'all', read: 'all', create: 'all', update: 'all' } };

describeEngines('powers over the platform', (open) => {
  let server: TestServer;
  let admin: TestClient;
  let clerk: TestClient;
  let clerkId: string;

  beforeAll(async () => {
    server = await startTestServer(open);
    admin = await server.administrator();
    const role = (name: string, functions: Record<string, boolean>) => ({
      kind: 'role',
      name,
      document: { name, label: LABEL, grants: { user: USERS }, functions },
    });
    const applied = await admin.post('/api/v1/metadata/apply', {
      note: 'roles',
      changes: [role('user_clerk', { 'users.configure': true }), role('everything', { '*': true })],
    });
    if (applied.status !== 200) throw new Error(JSON.stringify(applied.body));
    clerkId = await addUser('clerk', ['user_clerk']);
    clerk = await signedIn('clerk');
  });
  afterAll(() => server?.close());

  async function addUser(username: string, roles: readonly string[]): Promise<string> {
    const made = await admin.post('/api/v1/records/user', { username, display_name: username, roles });
    expect(made.status).toBe(201);
    const id = String(made.body['id']);
    await admin.post(`/api/v1/users/${id}/password`, {
      password: `${username} password 1`,
      must_change: false,
    });
    return id;
  }
  async function signedIn(username: string): Promise<TestClient> {
    const client = server.client();
    expect((await client.signIn(username, `${username} password 1`)).status).toBe(200);
    return client;
  }
  async function giveRoles(client: TestClient, id: string, roles: readonly string[]) {
    const record = await client.get(`/api/v1/records/user/${id}`);
    return await client.request<ProblemBody>('PATCH', `/api/v1/records/user/${id}`, {
      body: { roles },
      headers: { 'If-Match': record.headers.get('ETag') ?? '' },
    });
  }
  const rolesOf = async (id: string): Promise<unknown> =>
    (await admin.get(`/api/v1/records/user/${id}`)).body['roles'];

  it('SEC-06 lets nobody give a role with a power that he lacks, neither to himself nor to others', async () => {
    const refused = await giveRoles(clerk, clerkId, ['user_clerk', 'administrator']);
    expect(refused.status).toBe(422);
    expect(refused.body.errors).toMatchObject([{ path: '/roles/1', code: 'MRT_VALUE_ROLE_HIGHER' }]);
    expect(await rolesOf(clerkId)).toEqual(['user_clerk']);

    const other = await addUser('other', []);
    expect((await giveRoles(clerk, other, ['administrator'])).status).toBe(422);
    const made = await clerk.post<ProblemBody>('/api/v1/records/user', {
      username: 'second',
      display_name: 'Second',
      roles: ['administrator'],
    });
    expect(made.body.errors).toMatchObject([{ path: '/roles/0', code: 'MRT_VALUE_ROLE_HIGHER' }]);

    expect((await giveRoles(clerk, other, ['employee', 'user_clerk'])).status).toBe(200);
    expect(await rolesOf(other)).toEqual(['employee', 'user_clerk']);
  });

  it('SEC-06 lets nobody write a power that he lacks into a role, also by inheritance or by going back', async () => {
    const role = (name: string, more: object) => ({
      kind: 'role',
      name,
      document: { name, label: LABEL, grants: {}, ...more },
    });
    const apply = (client: TestClient, changes: readonly object[], more: object = {}) =>
      client.post<ProblemBody & { version: number; token: string }>('/api/v1/metadata/apply', {
        note: 'roles',
        changes,
        ...more,
      });
    const lasting = await apply(admin, [
      role('author', { functions: { 'roles.configure': true, 'metadata.configure': true } }),
      role('keeper', { functions: { 'plugins.configure': true } }),
    ]);
    expect(lasting.status, JSON.stringify(lasting.body)).toBe(200);
    await addUser('author', ['author']);
    const author = await signedIn('author');
    const refused = (answer: { status: number; body: ProblemBody }, path: string): void => {
      expect(answer.status, JSON.stringify(answer.body)).toBe(422);
      expect(answer.body.errors).toMatchObject([{ path, code: 'MRT_VALUE_ROLE_HIGHER' }]);
    };
    const own = { 'roles.configure': true, 'metadata.configure': true };
    const higher = { functions: { ...own, 'users.configure': true } };
    refused(await apply(author, [role('author', higher)]), 'role/author#/functions/users.configure');
    refused(await apply(author, [role('new', { functions: { '*': true } })]), 'role/new#/functions/*');
    refused(await apply(author, [role('new', { inherits: { keeper: true } })]), 'role/new#/inherits');
    const planned = { note: 'x', changes: [role('author', higher)] };
    refused(
      await author.post<ProblemBody>('/api/v1/metadata/plan', planned),
      'role/author#/functions/users.configure',
    );
    // The plan of another is judged by the rights of who applies it.
    const { token } = (await admin.post<{ token: string }>('/api/v1/metadata/plan', planned)).body;
    refused(
      await author.post<ProblemBody>('/api/v1/metadata/apply', { token }),
      'role/author#/functions/users.configure',
    );

    // What a role has it keeps; the daily work and own powers are given; powers may be taken away, not given back.
    const kept = await apply(author, [
      role('keeper', { functions: { 'plugins.configure': true, export: true, 'roles.configure': true } }),
    ]);
    expect(kept.status, JSON.stringify(kept.body)).toBe(200);
    expect((await apply(author, [role('keeper', { functions: {} })])).status).toBe(200);
    refused(
      await author.post<ProblemBody>(`/api/v1/metadata/versions/${kept.body.version}/revert`, {}),
      'role/keeper#/functions/plugins.configure',
    );
    expect((await apply(admin, [role('any', { functions: { '*': true } })])).status).toBe(200);
  });

  it('SEC-06 leaves a higher role where it is, and gives it back only from one who holds it', async () => {
    const chief = await addUser('chief', ['administrator']);
    expect((await giveRoles(clerk, chief, ['administrator', 'employee'])).status).toBe(200);
    expect((await giveRoles(clerk, chief, ['employee'])).status).toBe(200);
    expect((await giveRoles(clerk, chief, ['employee', 'administrator'])).status).toBe(422);
    expect((await giveRoles(admin, chief, ['employee', 'administrator'])).status).toBe(200);
  });

  it('SEC-06 takes the wildcard for more than all powers there are, and honours it where it is held', async () => {
    const target = await addUser('target', []);
    expect((await giveRoles(admin, target, ['everything'])).body.errors[0]?.code).toBe(
      'MRT_VALUE_ROLE_HIGHER',
    );
    await setRoles(await addUser('all', []), 'everything');
    const all = await signedIn('all');
    expect((await giveRoles(all, target, ['administrator', 'everything'])).status).toBe(200);
  });

  it('SEC-13 lets nobody set the password of one who holds a wildcard that he lacks', async () => {
    const id = await addUser('lofty', []);
    await setRoles(id, 'everything');
    const set = (password: string) =>
      clerk.post<ProblemBody>(`/api/v1/users/${id}/password`, { password, must_change: false });
    expect((await set('taken over 12')).body.code).toBe('MRT_ACCESS_FUNCTION');
    await setRoles(id, 'employee');
    expect((await set('helped out 12')).status).toBe(204);
  });

  async function setRoles(id: string, role: string): Promise<void> {
    await server.app.db.query({
      text: 'update public."user" set roles = array[$2]::text[] where id = $1',
      values: [id, role],
    });
  }

  it('SEC-12 a reset by an administrator revokes the tokens; an own change keeps them unless asked', async () => {
    const id = await addUser('holder', ['employee']);
    const holder = await signedIn('holder');
    const token = async (): Promise<string> =>
      String((await holder.post('/api/v1/me/tokens', { name: 'script' })).body['token']);
    const status = async (secret: string): Promise<number> =>
      (await server.client().get('/api/v1/me', { Authorization: `Bearer ${secret}` })).status;
    const kept = await token();
    const change = (old: string, next: string, more: object = {}) =>
      holder.post<ProblemBody>('/api/v1/me/password', { old, new: next, ...more });
    expect((await change('holder password 1', 'holder password 2')).status).toBe(204);
    expect(await status(kept)).toBe(200);
    const wrong = await change('guess', 'holder password 3', { revoke_tokens: true });
    expect(wrong.body.code).toBe('MRT_PASSWORD_WRONG');
    expect(await status(kept)).toBe(200);
    expect((await change('holder password 2', 'holder password 3', { revoke_tokens: true })).status).toBe(
      204,
    );
    expect(await status(kept)).toBe(401);
    expect((await holder.get('/api/v1/me')).status).toBe(200);

    const next = await token();
    const others = String((await admin.post('/api/v1/me/tokens', { name: 'mine' })).body['token']);
    const reset = { password: 'holder password 4', must_change: false };
    expect((await admin.post(`/api/v1/users/${id}/password`, reset)).status).toBe(204);
    expect(await status(next)).toBe(401);
    expect(await status(others)).toBe(200);
    const own = (await admin.get<{ user: { id: string } }>('/api/v1/me')).body.user.id;
    await admin.post(`/api/v1/users/${own}/password`, { password: TEST_ADMIN.password, must_change: false });
    expect(await status(others)).toBe(200);
  });
});
