import { afterAll, beforeAll, expect, it } from 'vitest';
import { createStandings } from '../session/standings.ts';
import { describeEngines } from '../testing/databases.ts';
import type { ConflictsAnswer, PreviewAnswer, ProblemBody } from './contract.ts';
import { startTestServer, type TestClient, type TestServer } from './test-server.ts';

const EVERYTHING = {
  query: 'all',
  read: 'all',
  create: 'all',
  update: 'all',
  delete: 'all',
  restore: 'all',
  void: 'all',
};

describeEngines('groups, personal grants and teams', (open) => {
  let server: TestServer;
  let admin: TestClient;
  let hq: string;

  beforeAll(async () => {
    server = await startTestServer(open);
    admin = await server.administrator();
    const units = await admin.get('/api/v1/records/unit?fields=id');
    hq = String((units.body['items'] as { id: string }[])[0]!.id);
    const role = (name: string, document: object) => ({
      kind: 'role',
      name,
      document: { name, label: { 'zh-CN': `${name}角色`, en: `${name} role` }, grants: {}, ...document },
    });
    await apply([
      role('viewer', {
        grants: { customer: { entity: 'customer', actions: { query: 'all', read: 'all' } } },
      }),
      role('chief_viewer', { inherits: { viewer: true }, functions: { export: true } }),
      role('clerk', {
        functions: { 'users.configure': true },
        grants: {
          user: { entity: 'user', actions: { query: 'all', read: 'all', create: 'all', update: 'all' } },
          groups: {
            entity: 'user_group',
            actions: EVERYTHING,
          },
          grants: {
            entity: 'user_grant',
            actions: EVERYTHING,
          },
        },
      }),
      role('role_writer', { functions: { 'roles.configure': true } }),
      role('teamwork', {
        grants: { customer: { entity: 'customer', actions: { query: 'team', read: 'team' } } },
      }),
    ]);
  });
  afterAll(() => server?.close());

  async function apply(changes: readonly object[]): Promise<void> {
    const applied = await admin.post('/api/v1/metadata/apply', { note: 'roles', changes });
    if (applied.status !== 200) throw new Error(JSON.stringify(applied.body));
  }
  async function make(client: TestClient, entity: string, input: object) {
    return await client.post<ProblemBody & { id: string }>(`/api/v1/records/${entity}`, input);
  }
  async function made(entity: string, input: object): Promise<string> {
    const answer = await make(admin, entity, input);
    expect(answer.body, JSON.stringify(answer.body)).toMatchObject({ version: 1 });
    return answer.body.id;
  }
  async function change(client: TestClient, entity: string, id: string, patch: object) {
    const record = await client.get(`/api/v1/records/${entity}/${id}?fields=id`);
    return await client.request<ProblemBody>('PATCH', `/api/v1/records/${entity}/${id}`, {
      body: patch,
      headers: { 'If-Match': record.headers.get('ETag') ?? '' },
    });
  }
  async function person(username: string, more: object): Promise<{ id: string; client: TestClient }> {
    const id = await made('user', { username, display_name: `Name of ${username}`, unit: hq, ...more });
    const password = `${username} password 1`;
    expect((await admin.post(`/api/v1/users/${id}/password`, { password, must_change: false })).status).toBe(
      204,
    );
    const client = server.client();
    expect((await client.signIn(username, password)).status).toBe(200);
    return { id, client };
  }
  const sees = async (client: TestClient, id: string): Promise<number> =>
    (await client.get(`/api/v1/records/customer/${id}`)).status;
  const why = async (user: string, query: string): Promise<Record<string, unknown>> =>
    (await admin.get<Record<string, unknown>>(`/api/v1/access/explain?user=${user}&${query}`)).body;

  it('SEC-02 begins with an administrator and an operator group; SEC-03 puts a new account into the latter', async () => {
    const { body } = await admin.get<{ items: { id: string; kind: string; roles: string[] }[] }>(
      '/api/v1/records/user_group?fields=kind,roles&sort=sort',
    );
    expect(body.items).toMatchObject([
      { kind: 'administrator', roles: ['administrator'] },
      { kind: 'operator', roles: ['operator'] },
    ]);
    const fresh = await person('fresh', {});
    const me = await fresh.client.get<{ roles: { name: string }[] }>('/api/v1/me');
    expect(me.body.roles.map(({ name }) => name)).toEqual(['operator']);
    expect((await fresh.client.get('/api/v1/records/business_team')).status).toBe(200);
    expect((await fresh.client.get('/api/v1/records/user_group')).status).toBe(403);
  });

  it('SEC-03 gives the roles of a group, of the groups it is in, and what they inherit, at the next request', async () => {
    const customer = await made('customer', { name: 'Nested Ltd' });
    const outer = await made('user_group', { name: 'Outer', roles: ['chief_viewer'] });
    const middle = await made('user_group', { name: 'Middle', within: [outer] });
    const inner = await made('user_group', { name: 'Inner' });
    const member = await person('member', { groups: [inner] });
    expect(await sees(member.client, customer)).toBe(404);
    expect((await change(admin, 'user_group', inner, { within: [middle] })).status).toBe(200);
    expect(await sees(member.client, customer)).toBe(200);
    const me = await member.client.get<{ roles: { name: string }[]; functions: string[] }>('/api/v1/me');
    expect(me.body.roles.map(({ name }) => name)).toEqual(['chief_viewer', 'viewer']);
    expect(me.body.functions).toContain('export');

    const told = await why(member.id, `action=read&entity=customer&id=${customer}`);
    expect(told['allowed']).toBe(true);
    const function_ = await why(member.id, 'action=function:export');
    expect(function_['allowed']).toBe(true);

    const circle = await change(admin, 'user_group', outer, { within: [inner] });
    expect(circle.status).toBe(422);
    expect(circle.body.errors).toMatchObject([{ path: '/within', code: 'MRT_VALUE_CYCLE' }]);

    expect((await change(admin, 'user_group', outer, { roles: [] })).status).toBe(200);
    expect(await sees(member.client, customer)).toBe(404);
    await change(admin, 'user_group', outer, { roles: ['viewer'] });
    expect(await sees(member.client, customer)).toBe(200);
    expect((await admin.post(`/api/v1/records/user_group/${middle}/void`)).status).toBe(200);
    expect(await sees(member.client, customer)).toBe(404);
  });

  it('SEC-03 has a change in force on a node that had kept how it was', async () => {
    const group = await made('user_group', { name: 'Nodes', roles: [] });
    const user = { id: crypto.randomUUID(), roles: [], groups: [group], unit: null };
    const { db, changes } = server.app;
    const other = createStandings(db, changes);
    const mark = async () =>
      (await db.query<{ mark: string }>({ text: 'select mark::text from mortise.standing' }))[0]!.mark;
    const before = await mark();
    const kept = await other.of(user, before);
    expect(kept.roles).toEqual([]);
    expect(await other.of(user, before)).toBe(kept);
    await change(admin, 'user_group', group, { roles: ['viewer'] });
    expect((await other.of(user, await mark())).roles).toEqual(['viewer']);
  });

  it('SEC-06 lets nobody come to a power by a group or a personal grant that he lacks', async () => {
    const clerk = await person('clerk', { roles: ['clerk'] });
    const { body } = await admin.get<{ items: { id: string }[] }>(
      '/api/v1/records/user_group?filter={"kind":"administrator"}',
    );
    const high = body.items[0]!.id;
    const joined = await change(clerk.client, 'user', clerk.id, { groups: [high] });
    expect(joined.body.errors).toMatchObject([{ path: '/groups', code: 'MRT_VALUE_ROLE_HIGHER' }]);
    const nested = await make(clerk.client, 'user_group', { name: 'Sly', within: [high] });
    expect(nested.body.errors).toMatchObject([{ path: '/within', code: 'MRT_VALUE_ROLE_HIGHER' }]);
    const given = await make(clerk.client, 'user_group', { name: 'Sly', roles: ['administrator'] });
    expect(given.body.errors).toMatchObject([{ path: '/roles/0', code: 'MRT_VALUE_ROLE_HIGHER' }]);
    const own = { user: clerk.id, about: 'function', function: 'roles.configure', reason: 'sly' };
    expect((await make(clerk.client, 'user_grant', own)).body.errors).toMatchObject([
      { path: '/function', code: 'MRT_VALUE_ROLE_HIGHER' },
    ]);
    expect((await make(clerk.client, 'user_grant', { ...own, function: 'export' })).status).toBe(201);
    const password = { password: 'another password 1', must_change: false };
    const chief = await person('chief', { roles: [], groups: [high] });
    expect((await clerk.client.post(`/api/v1/users/${chief.id}/password`, password)).status).toBe(403);
  });

  it('SEC-06 lets nobody bring back a grant or group with a power that he lacks, nor make such a group the default', async () => {
    const sly = await person('sly', { roles: ['clerk'] });
    const act = (client: TestClient, entity: string, id: string, action: string) =>
      action === 'delete'
        ? client.request<ProblemBody>('DELETE', `/api/v1/records/${entity}/${id}`)
        : client.post<ProblemBody>(`/api/v1/records/${entity}/${id}/${action}`, {});
    const higher = (answer: { status: number; body: ProblemBody }): void => {
      expect(answer.status, JSON.stringify(answer.body)).toBe(422);
      expect(answer.body.errors[0]?.code).toBe('MRT_VALUE_ROLE_HIGHER');
    };
    const done = (answer: { status: number; body: ProblemBody }): void =>
      expect([200, 204], JSON.stringify(answer.body)).toContain(answer.status);
    const grant = { user: sly.id, about: 'function', function: 'roles.configure', reason: 'over' };
    const given = await made('user_grant', grant);
    const high = await made('user_group', { name: 'High', roles: ['administrator'] });
    const nested = await made('user_group', { name: 'Nested high', within: [high] });
    for (const [entity, id] of [
      ['user_grant', given],
      ['user_group', nested],
    ] as const)
      for (const [away, back] of [
        ['delete', 'restore'],
        ['void', 'unvoid'],
      ] as const) {
        done(await act(admin, entity, id, away));
        higher(await act(sly.client, entity, id, back));
        done(await act(admin, entity, id, back));
        done(await act(sly.client, entity, id, away));
        done(await act(admin, entity, id, back));
      }
    done(await act(admin, 'user_grant', given, 'delete'));

    // A group and a grant without powers come and go.
    const low = await made('user_group', { name: 'Low', roles: ['viewer'] });
    const small = await made('user_grant', { ...grant, function: 'export' });
    for (const [entity, id] of [
      ['user_grant', small],
      ['user_group', low],
    ] as const)
      for (const action of ['void', 'unvoid', 'delete', 'restore'])
        done(await act(sly.client, entity, id, action));

    const set = await change(sly.client, 'user_group', high, { is_default: true });
    expect(set.body.errors).toMatchObject([{ path: '/is_default', code: 'MRT_VALUE_ROLE_HIGHER' }]);
    expect((await change(sly.client, 'user_group', low, { is_default: true })).status).toBe(200);
    expect((await change(sly.client, 'user_group', low, { is_default: false })).status).toBe(200);
  });

  it('SEC-06 lets nobody lift a refusal of a power, by deleting, voiding or changing it, also many at once', async () => {
    const barred = await person('barred', { roles: ['clerk', 'role_writer'] });
    const id = await made('user_grant', {
      user: barred.id,
      effect: 'deny',
      about: 'function',
      function: 'roles.configure',
      reason: 'not he',
    });
    const path = `/api/v1/records/user_grant/${id}`;
    const answers = [
      await barred.client.request<ProblemBody>('DELETE', path),
      await barred.client.post<ProblemBody>(`${path}/void`, {}),
      await change(barred.client, 'user_grant', id, {
        about: 'action',
        entity: 'customer',
        action: 'read',
        scope: 'all',
      }),
      await change(barred.client, 'user_grant', id, { function: 'export' }),
    ];
    for (const answer of answers) {
      expect(answer.status, JSON.stringify(answer.body)).toBe(422);
      expect(answer.body.errors).toMatchObject([{ path: '/function', code: 'MRT_VALUE_ROLE_HIGHER' }]);
    }
    const { version } = (await admin.get<{ version: number }>(path)).body;
    for (const operation of ['delete', 'void']) {
      const bulk = { operation, items: [{ id, version }] };
      const answer = await barred.client.post<ProblemBody>('/api/v1/records/user_grant/bulk', bulk);
      expect(answer.status, JSON.stringify(answer.body)).toBe(422);
      expect(JSON.stringify(answer.body)).toContain('MRT_VALUE_ROLE_HIGHER');
    }
    expect((await admin.get(`${path}?fields=deleted_at,about`)).body).toMatchObject({
      about: 'function',
      deleted_at: null,
    });
    expect((await admin.request('DELETE', path)).status).toBe(204);
  });

  it('SEC-04 puts a personal refusal before a personal right before roles, by name and date', async () => {
    const customer = await made('customer', { name: 'Personal Ltd', website: 'https://personal.example' });
    const wu = await person('wu', { roles: ['viewer'] });
    const grant = { user: wu.id, reason: '退休交接', entity: 'customer', action: 'read', scope: 'all' };
    expect(await sees(wu.client, customer)).toBe(200);
    const refusal = await made('user_grant', { ...grant, effect: 'deny' });
    await made('user_grant', { ...grant, effect: 'deny', action: 'query', until: '2001-01-01' });
    // He may still query it, and so know of it; what it holds is not shown.
    const known = await wu.client.get<Record<string, unknown>>(`/api/v1/records/customer/${customer}`);
    expect(known.body).toMatchObject({ name: 'Personal Ltd' });
    expect(known.body['website']).toBeUndefined();
    const told = await why(wu.id, `action=read&entity=customer&id=${customer}`);
    expect(told['allowed']).toBe(false);
    expect(told['sentence']).toContain('退休交接');
    expect(told['reasons']).toContainEqual(
      expect.objectContaining({
        effect: 'deny',
        refuses: true,
        personal: expect.objectContaining({ id: refusal }),
      }),
    );

    await made('user_grant', { ...grant, effect: 'deny', action: 'query' });
    expect(await sees(wu.client, customer)).toBe(404);
    const fang = await person('fang', { roles: [] });
    await made('user_grant', { ...grant, user: fang.id, effect: 'allow', until: '2999-12-31' });
    expect(await sees(fang.client, customer)).toBe(200);
    await made('user_grant', {
      user: fang.id,
      effect: 'deny',
      about: 'field',
      entity: 'customer',
      field: 'website',
      level: 'hidden',
      scope: 'all',
      reason: 'not his',
    });
    const shown = await fang.client.get<Record<string, unknown>>(`/api/v1/records/customer/${customer}`);
    expect(shown.body['name']).toBe('Personal Ltd');
    expect(shown.body['website']).toBeUndefined();
    const bad = await make(admin, 'user_grant', { ...grant, entity: 'nothing' });
    expect(bad.body.errors).toMatchObject([{ path: '/entity', code: 'MRT_VALUE_CHOICE' }]);
    expect((await make(admin, 'user_grant', { ...grant, reason: '' })).status).toBe(422);
  });

  it('SEC-11 reaches the records of the members of a business team while it lasts', async () => {
    const left = await person('left', { roles: ['teamwork'] });
    const right = await person('right', { roles: ['teamwork'] });
    const customer = await made('customer', { name: 'Team Ltd', owner: right.id });
    expect(await sees(left.client, customer)).toBe(404);
    const team = await made('business_team', { name: 'Fair 2026', leader: left.id, members: [right.id] });
    expect(await sees(left.client, customer)).toBe(200);
    await change(admin, 'business_team', team, { end_on: '2001-01-01' });
    expect(await sees(left.client, customer)).toBe(404);
  });

  it('SEC-05 refuses a condition that does not fit, with the place of the fault, and roles that inherit themselves', async () => {
    const plan = async (document: object) =>
      await admin.post<ProblemBody>('/api/v1/metadata/plan', {
        note: 'x',
        changes: [
          {
            kind: 'role',
            name: 'viewer',
            document: { name: 'viewer', label: { 'zh-CN': '看', en: 'V' }, grants: {}, ...document },
          },
        ],
      });
    const when = (condition: string, entity = 'customer') => ({
      grants: { a: { entity, actions: { read: 'all' }, when: condition } },
    });
    const cases: readonly (readonly [string, RegExp])[] = [
      ["name == 'x' && nothing", /第 16 个字符/],
      ['name', /MRT_DOC_EXPRESSION/],
      ['owner.unit == user.unit', /第 1 个字符/],
      ["under(province, '11')", /第 1 个字符/],
    ];
    for (const [condition, message] of cases) {
      const { status, body } = await plan(when(condition));
      expect(status, condition).toBe(422);
      expect(JSON.stringify(body), condition).toMatch(message);
      expect(body.errors?.[0]?.path).toMatch(/grants\/a\/when$/);
    }
    expect((await plan(when("name == 'x'", '*'))).status).toBe(422);
    const circle = await plan({ inherits: { chief_viewer: true } });
    expect(circle.body.errors).toContainEqual(
      expect.objectContaining({ code: 'MRT_DOC_CYCLE', path: 'role/viewer#/inherits/chief_viewer' }),
    );
    expect((await plan(when("customer_status == 'x'"))).status).toBe(200);
  });

  it('SEC-04 previews what a user sees: menu, records, fields, functions, and asks for the right to', async () => {
    const own = await person('viewed', { roles: ['viewer'] });
    const { status, body } = await admin.get<PreviewAnswer>(`/api/v1/access/preview?user=${own.id}`);
    expect(status).toBe(200);
    const customer = body.entities.find(({ name }) => name === 'customer')!;
    const list = await own.client.get<{ total: number }>('/api/v1/records/customer?count=exact&limit=1');
    expect(customer.count).toBe(list.body.total);
    expect(customer.actions).toEqual({ query: 'all', read: 'all' });
    expect(customer.fields.find(({ name }) => name === 'name')?.level).toBe('read');
    const model = await own.client.get<{ menus: unknown }>('/api/v1/model');
    expect(body.menus).toEqual(model.body.menus);
    expect(body.entities.some(({ name }) => name === 'user_grant')).toBe(false);
    expect((await own.client.get(`/api/v1/access/preview?user=${own.id}`)).status).toBe(403);
    expect((await admin.get('/api/v1/access/preview?user=nobody')).status).toBe(404);
  });

  it('SEC-10 lists grants that do nothing, refusals that meet allowances, and duties that should be apart', async () => {
    const grants = {
      all: { entity: 'customer', actions: { query: 'all', read: 'all' } },
      idle: { entity: 'customer', actions: { read: 'own' } },
      lost: { entity: 'product', actions: { read: 'own' } },
      no: { entity: 'product', effect: 'deny', actions: { query: 'all', read: 'all' } },
    };
    const label = { 'zh-CN': '杂', en: 'Mixed' };
    await apply([
      { kind: 'role', name: 'mixed', document: { name: 'mixed', label, grants } },
      {
        kind: 'role',
        name: 'seller',
        document: {
          name: 'seller',
          label,
          grants: { p: { entity: 'product', actions: { query: 'all', read: 'all' } } },
        },
      },
    ]);
    const torn = await person('torn', { roles: ['mixed', 'seller', 'department_manager', 'reviewer'] });
    await made('user_grant', {
      user: torn.id,
      entity: 'customer',
      action: 'read',
      scope: 'own',
      reason: 'idle too',
    });
    const { body } = await admin.get<ConflictsAnswer>('/api/v1/access/conflicts');
    const found = (kind: string, more: object) =>
      expect(body.items).toContainEqual(expect.objectContaining({ kind, ...more }));
    found('shadowed', { role: 'mixed', grant: 'idle' });
    found('contradicted', { role: 'mixed', grant: 'lost' });
    const user = expect.objectContaining({ id: torn.id });
    found('contradicted', { role: 'mixed', entity: 'product', user });
    found('shadowed', { user, personal: expect.objectContaining({ reason: 'idle too' }) });
    found('duty', { user });
    expect(body.items.some(({ role, grant }) => role === 'mixed' && grant === 'all')).toBe(false);
    expect((await torn.client.get('/api/v1/access/conflicts')).status).toBe(403);
  });
});
