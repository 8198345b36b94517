import { afterAll, beforeAll, expect, it } from 'vitest';
import { describeEngines } from '../testing/databases.ts';
import type { ProblemBody, RecordData } from './contract.ts';
import { startTestServer, type TestClient, type TestServer } from './test-server.ts';

interface Person {
  readonly id: string;
  readonly client: TestClient;
}

const SECRET = '机密巷';

describeEngines('shared records, supervisors, territories and department filters', (open) => {
  let server: TestServer;
  let admin: TestClient;
  let wang: Person;
  let zhao: Person;
  let head: Person;
  let north: string;
  let two: string;
  let customer: string;

  beforeAll(async () => {
    server = await startTestServer(open);
    admin = await server.administrator();
    const one = await make('unit', { name: '一部', code: 'one' });
    two = await make('unit', { name: '二部', code: 'two' });
    north = await make('unit', { name: '二部北区', code: 'north', parent: two });
    const role = (name: string, scope: string) => ({
      kind: 'role',
      name,
      document: {
        name,
        label: { 'zh-CN': name, en: name },
        grants: { customer: { entity: 'customer', actions: { query: scope, read: scope } } },
      },
    });
    const reader = {
      kind: 'role',
      name: 'reader',
      document: {
        name: 'reader',
        label: { 'zh-CN': 'reader', en: 'reader' },
        grants: {
          customer: { entity: 'customer', actions: { query: 'own', read: 'own', update: 'own' } },
          user: { entity: 'user', actions: { query: 'all', read: 'all' } },
        },
      },
    };
    const applied = await admin.post('/api/v1/metadata/apply', {
      note: 'roles',
      changes: [role('leader', 'subordinates'), role('ranger', 'territory'), reader],
    });
    if (applied.status !== 200) throw new Error(JSON.stringify(applied.body));
    wang = await person('wang', one, ['employee']);
    zhao = await person('zhao', north, ['reader']);
    head = await person('head', two, ['employee']);
    customer = await make(
      'customer',
      { name: '四川春泉酒业有限公司', address: `成都市${SECRET} 1 号`, province: '51' },
      wang.client,
    );
  });
  afterAll(() => server?.close());

  async function make(entity: string, values: object, client = admin): Promise<string> {
    const made = await client.post<RecordData>(`/api/v1/records/${entity}`, values);
    if (made.status !== 201) throw new Error(JSON.stringify(made.body));
    return String(made.body['id']);
  }
  async function person(username: string, unit: string, roles: readonly string[]): Promise<Person> {
    const id = await make('user', { username, display_name: `Name of ${username}`, unit, roles });
    const password = `${username} of a unit 1`;
    await admin.post(`/api/v1/users/${id}/password`, { password, must_change: false });
    const client = server.client();
    expect((await client.signIn(username, password)).status).toBe(200);
    return { id, client };
  }
  const at = (id = customer): string => `/api/v1/records/customer/${id}`;
  const share = (client: TestClient, wish: object, id = customer) =>
    client.post<ProblemBody & { id: string }>(`${at(id)}/shares`, wish);
  const read = async (client: TestClient, id = customer): Promise<RecordData | null> => {
    const answer = await client.get<RecordData>(at(id));
    return answer.status === 200 ? answer.body : null;
  };
  const change = async (client: TestClient, patch: object, id = customer): Promise<number> => {
    const { headers } = await admin.get(`${at(id)}?fields=id`);
    const answer = await client.request('PATCH', at(id), {
      body: patch,
      headers: { 'If-Match': headers.get('ETag') ?? '' },
    });
    return answer.status;
  };
  const names = async (client: TestClient, sort = 'name', filter = '{}'): Promise<unknown[]> => {
    const { body } = await client.get<{ items: RecordData[] }>(
      `/api/v1/records/customer?fields=name&sort=${sort}&filter=${encodeURIComponent(filter)}`,
    );
    return body.items.map(({ name }) => name);
  };
  const why = async (user: string, query: string) =>
    (
      await admin.get<{ allowed: boolean; sentence: string; reasons: { scope: string; holds: boolean }[] }>(
        `/api/v1/access/explain?user=${user}&entity=customer&${query}`,
      )
    ).body;
  /** What a person finds of the customer by every road that leads to records. */
  const roads = async ({ client }: Person): Promise<Record<string, unknown>> => {
    const aggregate = await client.post<{ items: RecordData[] }>('/api/v1/records/customer/aggregate', {
      groupBy: ['address'],
      measures: { n: { fn: 'count' } },
    });
    const counted = await client.get<{ total: number }>('/api/v1/records/customer?count=exact&limit=1');
    const searched = await client.get<{ items: unknown[] }>(
      `/api/v1/records/customer?search=${encodeURIComponent(SECRET)}`,
    );
    return {
      list: (await names(client)).length,
      sorted: (await names(client, 'name,province')).length,
      filtered: (await names(client, 'name', '{"province":"51"}')).length,
      count: counted.body.total,
      group: JSON.stringify(aggregate.body.items).includes(SECRET),
      search: searched.body.items.length,
      history: (await client.get(`${at()}/history`)).status,
      transitions: (await client.get(`${at()}/transitions`)).status,
    };
  };
  const NOTHING = { list: 0, sorted: 0, filtered: 0, count: 0, group: false, search: 0, history: 404 };
  const IT = { list: 1, sorted: 1, filtered: 1, count: 1, group: true, search: 1, history: 200 };

  it('SEC-07 shares a record with a person by every road, until it is taken back or over', async () => {
    expect(await roads(zhao)).toMatchObject({ ...NOTHING, transitions: 404 });
    const shared = await share(wang.client, { user: zhao.id, level: 'read' });
    expect(shared.status).toBe(201);
    expect(await roads(zhao)).toMatchObject({ ...IT, transitions: 200 });
    expect(await change(zhao.client, { address: '别处' })).toBe(403);

    const told = await why(zhao.id, `action=read&id=${customer}`);
    expect(told.allowed).toBe(true);
    expect(told.reasons.find(({ holds }) => holds)).toMatchObject({ scope: 'shared' });
    const who = await admin.get<{ items: { user: { id: string }; reasons: { scope: string }[] }[] }>(
      `/api/v1/access/who?entity=customer&id=${customer}`,
    );
    const entry = who.body.items.find(({ user }) => user.id === zhao.id);
    expect(entry?.reasons.map(({ scope }) => scope)).toContain('shared');

    const list = await wang.client.get<{ items: { id: string; to: { name: string }; expired: boolean }[] }>(
      `${at()}/shares`,
    );
    expect(list.body.items).toMatchObject([{ to: { name: 'Name of zhao' }, level: 'read', expired: false }]);
    expect((await zhao.client.get(`${at()}/shares`)).status).toBe(403);

    await server.app.db.query({ text: `update mortise.record_share set until = current_date - 2` });
    expect(await roads(zhao)).toMatchObject(NOTHING);
    expect((await why(zhao.id, `action=read&id=${customer}`)).allowed).toBe(false);
    await share(wang.client, { user: zhao.id, level: 'read', until: '2999-12-31' });
    expect(await roads(zhao)).toMatchObject(IT);
    const gone = await wang.client.request('DELETE', `${at()}/shares/${list.body.items[0]!.id}`);
    expect(gone.status).toBe(204);
    expect(await roads(zhao)).toMatchObject(NOTHING);

    const { body } = await admin.get<{ items: { action: string; share?: object }[] }>(`${at()}/history`);
    expect(body.items.flatMap(({ action, share: of }) => (of ? [[action, of]] : []))).toMatchObject([
      ['unshare', { old: { to: 'Name of zhao', until: '2999-12-31' }, new: null }],
      ['share', { old: { to: 'Name of zhao' }, new: { until: '2999-12-31' } }],
      ['share', { old: null, new: { to: 'Name of zhao', level: 'read', until: null } }],
    ]);
  });

  it('SEC-07 shares with a department and those below it, also to change the record', async () => {
    await share(wang.client, { unit: two, level: 'write' });
    expect(await read(zhao.client)).not.toBeNull();
    expect(await change(zhao.client, { address: `成都市${SECRET} 2 号` })).toBe(200);
    expect((await zhao.client.request('DELETE', at())).status).toBe(403);
    // What is lent is not taken: neither owner nor department nor territory (his own would be within his reach).
    for (const place of [{ owner: zhao.id }, { unit: north }, { province: '11' }])
      expect(await change(zhao.client, place)).toBe(403);
    const { headers } = await admin.get(`${at()}?fields=id`);
    const version = Number((headers.get('ETag') ?? '').replaceAll(/\D/g, ''));
    const bulk = await zhao.client.post<ProblemBody>('/api/v1/records/customer/bulk', {
      operation: 'update',
      items: [{ id: customer, version, owner: zhao.id }],
    });
    expect(bulk.status).toBe(403);
    const { body } = await wang.client.get<{ items: { id: string }[] }>(`${at()}/shares`);
    await wang.client.request('DELETE', `${at()}/shares/${body.items[0]!.id}`);
    expect(await read(zhao.client)).toBeNull();
  });

  it('SEC-07 lets nobody share what he may not, nor more than he has', async () => {
    expect((await share(zhao.client, { user: head.id, level: 'read' })).status).toBe(404);
    expect((await share(head.client, { user: zhao.id, level: 'read' })).status).toBe(403);
    expect((await share(wang.client, { user: wang.id, level: 'read' })).body.errors).toMatchObject([
      { path: '/to' },
    ]);
    expect(
      (await share(wang.client, { user: zhao.id, level: 'read', until: '2020-01-01' })).body.errors,
    ).toMatchObject([{ path: '/until' }]);
    const nobody = '00000000-0000-7000-8000-000000000000';
    expect((await share(wang.client, { user: nobody, level: 'read' })).status).toBe(422);

    // Wang is refused the address: what he shares does not show it, though Zhao reads it in his own customers.
    const refusal = await make('user_grant', {
      user: wang.id,
      effect: 'deny',
      about: 'field',
      entity: 'customer',
      field: 'address',
      level: 'hidden',
      scope: 'all',
      reason: 'test',
    });
    expect((await share(wang.client, { user: zhao.id, level: 'write' })).status).toBe(201);
    const seen = await read(zhao.client);
    expect(seen).toMatchObject({ name: '四川春泉酒业有限公司' });
    expect(seen).not.toHaveProperty('address');
    expect(await roads(zhao)).toMatchObject({ list: 1, group: false, search: 0 });
    expect(await change(zhao.client, { address: '别处' })).toBe(403);
    expect(await change(zhao.client, { name: '四川春泉酒业有限公司' })).toBe(200);
    expect(await why(zhao.id, `action=read&field=address&id=${customer}`)).toMatchObject({ allowed: false });
    await admin.request('DELETE', `/api/v1/records/user_grant/${refusal}`);
    const { body } = await wang.client.get<{ items: { id: string }[] }>(`${at()}/shares`);
    await wang.client.request('DELETE', `${at()}/shares/${body.items[0]!.id}`);
  });

  it('SEC-05 reaches the records of the people below one in the supervisor tree, at the next request', async () => {
    const chief = await person('chief', two, ['leader']);
    const chiefStaff = await make('staff', { name: '主管', user: chief.id });
    // Somebody without an account stands between them.
    const between = await make('staff', { name: '组长', supervisor: chiefStaff });
    expect(await names(chief.client)).toEqual([]);
    await make('staff', { name: '小王', user: wang.id, supervisor: between });
    expect(await names(chief.client)).toEqual(['四川春泉酒业有限公司']);
    expect(await read(chief.client)).not.toBeNull();
    expect(await change(chief.client, { address: '别处' })).toBe(403);
    expect(await why(chief.id, `action=read&id=${customer}`)).toMatchObject({
      allowed: true,
      reasons: [{ scope: 'subordinates', holds: true }],
    });
  });

  it('SEC-05 reaches the records in the regions one answers for', async () => {
    const ranger = await person('ranger', two, ['ranger']);
    const staff = await make('staff', { name: '片区', user: ranger.id, regions: ['51'] });
    const other = await make('customer', { name: '北京饮料有限公司', province: '11' });
    expect(await names(ranger.client)).toEqual(['四川春泉酒业有限公司']);
    expect(await read(ranger.client, other)).toBeNull();
    expect(await why(ranger.id, `action=read&id=${customer}`)).toMatchObject({ allowed: true });
    const record = await admin.get(`/api/v1/records/staff/${staff}?fields=id`);
    await admin.request('PATCH', `/api/v1/records/staff/${staff}`, {
      body: { regions: ['11'] },
      headers: { 'If-Match': record.headers.get('ETag') ?? '' },
    });
    expect(await names(ranger.client)).toEqual(['北京饮料有限公司']);
    expect(await why(ranger.id, `action=read&id=${customer}`)).toMatchObject({ allowed: false });
    const plan = await admin.post<ProblemBody>('/api/v1/metadata/plan', {
      note: 'no territory',
      changes: [
        {
          kind: 'role',
          name: 'lost',
          document: {
            name: 'lost',
            label: { 'zh-CN': 'x', en: 'x' },
            grants: { journal: { entity: 'journal', actions: { read: 'territory' } } },
          },
        },
      ],
    });
    expect(plan.body.errors).toMatchObject([{ code: 'MRT_DOC_TERRITORY' }]);
  });

  it('SEC-09 shows the members of a department only what its filter lets through, over all roles', async () => {
    const wide = await person('wide', north, ['decision_maker']);
    expect((await names(wide.client)).length).toBe(2);
    const wrong = await admin.post<ProblemBody>('/api/v1/records/department_filter', {
      of_unit: two,
      entity: 'customer',
      condition: 'no_field == 1',
      note: 'test',
    });
    expect(wrong.body.errors).toMatchObject([{ path: '/condition' }]);
    const filter = await make('department_filter', {
      of_unit: two,
      entity: 'customer',
      condition: "province == '11'",
      note: 'test',
    });
    expect(await names(wide.client)).toEqual(['北京饮料有限公司']);
    expect(await read(wide.client)).toBeNull();
    expect(await change(wide.client, { address: '别处' })).toBe(404);
    expect((await wide.client.get(`${at()}/history`)).status).toBe(404);
    const created = await wide.client.post<ProblemBody>('/api/v1/records/customer', {
      name: '上海食品有限公司',
      province: '31',
    });
    expect(created.status).toBe(403);
    const told = await why(wide.id, `action=read&id=${customer}`);
    expect(told.allowed).toBe(false);
    expect(told.sentence).toContain('二部');
    // Others are not concerned; a share does not go round it.
    expect(await read(wang.client)).not.toBeNull();
    await share(wang.client, { user: wide.id, level: 'read' });
    expect(await read(wide.client)).toBeNull();
    const who = await admin.get<{ items: { user: { id: string } }[] }>(
      `/api/v1/access/who?entity=customer&id=${customer}`,
    );
    expect(who.body.items.map(({ user }) => user.id)).not.toContain(wide.id);
    await admin.request('DELETE', `/api/v1/records/department_filter/${filter}`);
    expect(await read(wide.client)).not.toBeNull();
  });

  it('SEC-06 brings no account back with powers that one lacks', async () => {
    const applied = await admin.post('/api/v1/metadata/apply', {
      note: 'clerk',
      changes: [
        {
          kind: 'role',
          name: 'user_clerk',
          document: {
            name: 'user_clerk',
            label: { 'zh-CN': 'x', en: 'x' },
            functions: { 'users.configure': true, merge: true },
            grants: {
              user: {
                entity: 'user',
                actions: { query: 'all', read: 'all', update: 'all', delete: 'all', restore: 'all' },
              },
            },
          },
        },
      ],
    });
    expect(applied.status).toBe(200);
    const clerk = await person('clerk', two, ['user_clerk']);
    const boss = await person('bigboss', two, ['administrator']);
    const user = `/api/v1/records/user/${boss.id}`;
    const patch = async (client: TestClient, status: string) => {
      const { headers } = await admin.get(`${user}?fields=id`);
      return await client.request<ProblemBody>('PATCH', user, {
        body: { status },
        headers: { 'If-Match': headers.get('ETag') ?? '' },
      });
    };
    expect((await patch(clerk.client, 'disabled')).status).toBe(200);
    expect((await patch(clerk.client, 'active')).body.errors).toMatchObject([
      { path: '/status', code: 'MRT_VALUE_ROLE_HIGHER' },
    ]);
    expect((await clerk.client.request('DELETE', user)).status).toBe(204);
    const restored = await clerk.client.post<ProblemBody>(`${user}/restore`);
    expect(restored.body.errors).toMatchObject([{ code: 'MRT_VALUE_ROLE_HIGHER' }]);
    expect((await admin.post(`${user}/restore`)).status).toBe(200);
    expect((await patch(admin, 'active')).status).toBe(200);
  });

  it('SEC-06 lets nobody widen what he sees by staff records, his own or by merging them', async () => {
    const everything = { query: 'all', read: 'all', update: 'all', delete: 'all', restore: 'all' };
    const applied = await admin.post('/api/v1/metadata/apply', {
      note: 'hr',
      changes: [
        {
          kind: 'role',
          name: 'hr',
          document: {
            name: 'hr',
            label: { 'zh-CN': 'x', en: 'x' },
            functions: { merge: true },
            grants: {
              staff: { entity: 'staff', actions: everything },
              user: { entity: 'user', actions: everything },
            },
          },
        },
      ],
    });
    expect(applied.status).toBe(200);
    const hr = await person('hr', two, ['hr']);
    const own = await make('staff', { name: '人事', user: hr.id });
    const other = await make('staff', { name: '小赵', user: zhao.id });
    const patch = async (id: string, body: object) => {
      const { headers } = await admin.get(`/api/v1/records/staff/${id}?fields=id`);
      return await hr.client.request<ProblemBody>('PATCH', `/api/v1/records/staff/${id}`, {
        body,
        headers: { 'If-Match': headers.get('ETag') ?? '' },
      });
    };
    expect((await patch(own, { regions: ['51'] })).body.errors).toMatchObject([{ path: '/regions' }]);
    expect((await patch(other, { supervisor: own })).body.errors).toMatchObject([{ path: '/supervisor' }]);
    expect((await patch(other, { regions: ['51'] })).status).toBe(200);
    // Nor by whose record one below him is, by bringing one back, or by the superiors of accounts.
    const below = await make('staff', { name: '空缺', supervisor: own });
    expect((await patch(below, { user: head.id })).body.errors).toMatchObject([{ path: '/user' }]);
    const gone = await make('staff', { name: '旧', supervisor: own, user: head.id });
    await admin.request('DELETE', `/api/v1/records/staff/${gone}`);
    const back = await hr.client.post<ProblemBody>(`/api/v1/records/staff/${gone}/restore`);
    expect(back.body.errors).toMatchObject([{ code: 'MRT_VALUE_ROLE_HIGHER' }]);
    const account = `/api/v1/records/user/${head.id}`;
    const led = await hr.client.request<ProblemBody>('PATCH', account, {
      body: { supervisor: hr.id },
      headers: { 'If-Match': (await admin.get(`${account}?fields=id`)).headers.get('ETag') ?? '' },
    });
    expect(led.body.errors).toMatchObject([{ path: '/supervisor' }]);
    const merged = await hr.client.post<ProblemBody>('/api/v1/records/staff/merge', {
      survivor: own,
      records: [
        { id: own, version: 1 },
        { id: other, version: 2 },
      ],
    });
    expect(merged.body.code).toBe('MRT_ACCESS_FUNCTION');
  });

  it('SEC-07 ENG-16 tells a share as no version of the record and no step of its workflow', async () => {
    const boss = await person('boss', two, ['reviewer']);
    const task = await make('customer', { name: '历史饮料有限公司', address: '甲' }, wang.client);
    const before = await admin.get(`${at(task)}?fields=id`);
    const stale = { 'If-Match': before.headers.get('ETag') ?? '' };
    const step = await boss.client.post(`${at(task)}/transitions/first_pass`, { opinion: '核对无误' });
    expect(step.status, JSON.stringify(step.body)).toBe(200);
    expect((await share(wang.client, { user: zhao.id, level: 'write' }, task)).status).toBe(201);
    const { body } = await admin.get<{ items: { action: string; steps: unknown[] }[] }>(
      `${at(task)}/history`,
    );
    expect(body.items.map(({ action, steps }) => [action, steps.length])).toEqual([
      ['share', 0],
      ['transition', 1],
      ['create', 0],
    ]);
    // The share comes with a version that is there already: it stands for none that left no row.
    const merged = await admin.request('PATCH', at(task), { body: { address: '乙' }, headers: stale });
    expect(merged.status).toBe(200);
  });
});
