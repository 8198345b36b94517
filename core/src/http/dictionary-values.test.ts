import { afterAll, beforeAll, expect, it } from 'vitest';
import { describeEngines } from '../testing/databases.ts';
import type { DictionaryView, ProblemBody, VersionAnswer } from './contract.ts';
import { startTestServer, type TestClient, type TestServer } from './test-server.ts';

const META = '/api/v1/metadata';
const VALUES = '/api/v1/model/dictionaries/customer_source/values';

describeEngines('DICT-00 values that people add while picking one', (open) => {
  let server: TestServer;
  let admin: TestClient;
  let clerk: TestClient;
  beforeAll(async () => {
    server = await startTestServer(open);
    admin = await server.administrator();
    const made = await admin.post('/api/v1/records/user', {
      username: 'clerk',
      display_name: 'Clerk',
      roles: ['employee'],
    });
    await admin.post(`/api/v1/users/${String(made.body['id'])}/password`, {
      password: 'clerk password 1',
      must_change: false,
    });
    clerk = server.client();
    await clerk.signIn('clerk', 'clerk password 1');
  });
  afterAll(() => server?.close());

  const view = async (client: TestClient) =>
    (await client.get<DictionaryView>('/api/v1/model/dictionaries/customer_source')).body;
  async function change(kind: string, name: string, more: Record<string, unknown>): Promise<void> {
    const { body } = await admin.get<{ document: object; base: string }>(`${META}/documents/${kind}/${name}`);
    const changes = [{ kind, name, base: body.base, document: { ...body.document, ...more } }];
    const applied = await admin.post(`${META}/apply`, { note: '', changes });
    expect(applied.status, JSON.stringify(applied.body)).toBe(200);
  }
  const add = (client: TestClient, body: object) =>
    client.post<{ code?: string } & ProblemBody>(VALUES, body);

  it('need a right, and a dictionary that is open to it', async () => {
    expect((await add(clerk, { label: '行业峰会' })).body).toMatchObject({
      status: 403,
      code: 'MRT_ACCESS_FUNCTION',
    });
    expect((await add(admin, { label: '行业峰会' })).body).toMatchObject({
      status: 403,
      code: 'MRT_DICTIONARY_CLOSED',
    });
    await change('dictionary', 'customer_source', { extensible: true });
    expect((await view(admin)).extensible).toBe(true);
    expect((await view(clerk)).extensible).toBe(false);
    const functions = { print: true, 'dictionaries.extend': true };
    await change('role', 'employee', { functions });
    expect((await view(clerk)).extensible).toBe(true);
  });

  it('are there for everybody at once, in the log under the name of who added them', async () => {
    const added = await add(clerk, { label: ' 行业  峰会 ' });
    expect(added.status).toBe(201);
    const code = added.body.code ?? '';
    expect((await view(admin)).values.find((value) => value.code === code)).toMatchObject({
      label: { 'zh-CN': '行业 峰会', en: '行业 峰会' },
      active: true,
    });
    const customer = await clerk.post('/api/v1/records/customer', {
      name: '某某食品有限公司',
      customer_source: code,
    });
    expect(customer.status, JSON.stringify(customer.body)).toBe(201);
    const versions = await admin.get<VersionAnswer>(`${META}/versions`);
    expect(versions.body.items[0]).toMatchObject({ author: 'Clerk' });
  });

  it('are not doubled, also not by two people at once', async () => {
    const both = await Promise.all([
      add(clerk, { label: 'Trade Summit' }),
      add(admin, { label: 'trade summit' }),
    ]);
    expect(both.map(({ body }) => body.code)).toEqual(['trade_summit', 'trade_summit']);
    expect(both.map(({ status }) => status).sort()).toEqual([200, 201]);
    expect((await add(clerk, { label: 'Trade summit' })).status).toBe(200);
  });

  it('are refused with a path: no text, too long, below something that is not there', async () => {
    const faults = async (body: object) => (await add(clerk, body)).body.errors;
    expect(await faults({ label: ' ' })).toMatchObject([{ path: '/label', code: 'MRT_VALUE_LENGTH' }]);
    expect(await faults({ label: 'x'.repeat(101) })).toMatchObject([{ path: '/label' }]);
    expect(await faults({ label: 'x', parent: 'survey' })).toMatchObject([
      { path: '/parent', code: 'MRT_DOC_REFERENCE' },
    ]);
    expect((await clerk.post('/api/v1/model/dictionaries/nothing/values', { label: 'x' })).status).toBe(404);
  });
});
