import { afterAll, beforeAll, expect, it } from 'vitest';
import { countDemo, noteComplete } from '../demo/demo-state.ts';
import { describeEngines } from '../testing/databases.ts';
import type {
  DictionaryView,
  DocumentAnswer,
  EntityView,
  ModelAnswer,
  PlanAnswer,
  PluginsAnswer,
  ProblemBody,
  SetupAnswer,
} from './contract.ts';
import { startTestServer, type TestClient, type TestServer } from './test-server.ts';

const META = '/api/v1/metadata';

describeEngines('the model over HTTP', (open) => {
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

  const document = async (kind: string, name: string) =>
    (await admin.get<DocumentAnswer>(`${META}/documents/${kind}/${name}`)).body;
  const entity = async (client: TestClient, name: string) =>
    (await client.get<EntityView>(`/api/v1/model/entities/${name}`)).body;
  const model = async (client: TestClient) => (await client.get<ModelAnswer>('/api/v1/model')).body;

  /** Reads server-sent events until one of that name has come. */
  async function nextEvent(
    client: TestClient,
    name: string,
    trigger: () => Promise<unknown>,
  ): Promise<unknown> {
    const response = await fetch(`${server.address}/api/v1/events`, { headers: { Cookie: client.cookie } });
    const reader = (response.body ?? new ReadableStream()).pipeThrough(new TextDecoderStream()).getReader();
    let text = (await reader.read()).value ?? '';
    while (!text.includes('event: metadata')) text += (await reader.read()).value ?? '';
    text = '';
    await trigger();
    for (;;) {
      const found = new RegExp(`event: ${name}\\ndata: (.*)\\n\\n`).exec(text);
      if (found) {
        await reader.cancel();
        return JSON.parse(found[1] ?? 'null');
      }
      const { value, done } = await reader.read();
      if (done) throw new Error(`the stream ended before ${name}`);
      text += value;
    }
  }

  it('SCN-07 an administrator adds a field: planned, applied, told to others, and used by them at once', async () => {
    const found = await document('entity', 'contact');
    const properties = found.document['properties'] as Record<string, unknown>;
    const wechat = { field: 'text', maxLength: 50, label: { 'zh-CN': '企业微信号', en: 'Work WeChat' } };
    const changes = [
      {
        kind: 'entity',
        name: 'contact',
        base: found.base,
        document: { ...found.document, properties: { ...properties, work_wechat: wechat } },
      },
    ];
    const planned = await admin.post<PlanAnswer>(`${META}/plan`, { changes, note: '加企业微信号' });
    expect(planned).toMatchObject({ status: 200 });
    expect(planned.body.plan.map(({ operation }) => operation)).toContain('field.add');
    expect(planned.body.sql.join('\n')).toContain('work_wechat');
    expect((await entity(clerk, 'contact')).fields.map(({ name }) => name)).not.toContain('work_wechat');

    const before = (await model(admin)).version;
    const heard = await nextEvent(clerk, 'metadata', () =>
      admin.post(`${META}/apply`, { token: planned.body.token }),
    );
    expect(heard).toEqual({ version: before + 1 });
    expect((await entity(clerk, 'contact')).fields.find(({ name }) => name === 'work_wechat')).toMatchObject({
      type: 'text',
      level: 'write',
      def: { maxLength: 50 },
    });

    const customer = await admin.post('/api/v1/records/customer', { name: '微信酒业' });
    const contact = await admin.post('/api/v1/records/contact', {
      name: '张三',
      customer: customer.body['id'],
      work_wechat: 'zhangsan',
    });
    expect(contact).toMatchObject({ status: 201 });
    const old = await admin.post<ProblemBody>(`${META}/apply`, { token: planned.body.token });
    expect(old.body).toMatchObject({ status: 409, code: 'MRT_PLAN_STALE' });
  });

  it('DICT-60 a value added to a dictionary is there at once, without a new model version', async () => {
    const found = await document('dictionary', 'info_source');
    const values = found.document['values'] as Record<string, unknown>;
    const version = (await model(admin)).version;
    const changes = [
      {
        kind: 'dictionary',
        name: 'info_source',
        base: found.base,
        document: {
          ...found.document,
          values: { ...values, wechat_group: { label: { 'zh-CN': '微信群', en: 'WeChat group' } } },
        },
      },
    ];
    const heard = await nextEvent(clerk, 'dictionary', () =>
      admin.post(`${META}/apply`, { changes, note: '微信群' }),
    );
    expect(heard).toEqual({ name: 'info_source' });
    const view = await clerk.get<DictionaryView>('/api/v1/model/dictionaries/info_source');
    expect(view.body.values.map(({ code }) => code)).toContain('wechat_group');
    expect((await model(admin)).version).toBe(version);
  });

  it('ENG-01 refuses a bad document with the path of the fault, and changes nothing', async () => {
    const found = await document('entity', 'contact');
    const properties = found.document['properties'] as Record<string, unknown>;
    const bad = {
      ...found.document,
      properties: { ...properties, x: { field: 'txet', label: { 'zh-CN': '坏', en: 'Bad' } } },
    };
    const version = (await model(admin)).version;
    const answer = await admin.post<ProblemBody>(`${META}/apply`, {
      changes: [{ kind: 'entity', name: 'contact', document: bad }],
      note: '',
    });
    expect(answer.body).toMatchObject({ status: 422, code: 'MRT_DOCUMENT_INVALID' });
    expect(answer.body.errors[0]?.path).toContain('/properties/x');
    expect((await model(admin)).version).toBe(version);
  });

  it('ENG-07 takes a version back', async () => {
    const start = (await model(admin)).version;
    const found = await document('menu', 'help');
    await admin.post(`${META}/apply`, {
      changes: [
        {
          kind: 'menu',
          name: 'help',
          base: found.base,
          document: { ...found.document, label: { 'zh-CN': '帮忙', en: 'Help' } },
        },
      ],
      note: '',
    });
    expect((await document('menu', 'help')).document['label']).toMatchObject({ 'zh-CN': '帮忙' });
    expect((await admin.post(`${META}/versions/${start}/revert`)).status).toBe(200);
    expect((await document('menu', 'help')).document['label']).toEqual(found.document['label']);
    const versions = await admin.get<{ items: readonly { version: number }[] }>(`${META}/versions`);
    expect(versions.body.items[0]?.version).toBe(start + 2);
  });

  it.each([
    ['POST', `${META}/plan`, { changes: [{ kind: 'role', name: 'employee', document: null }] }],
    ['POST', `${META}/apply`, { changes: [{ kind: 'entity', name: 'contact', document: null }] }],
    ['GET', `${META}/documents`, undefined],
    ['GET', `${META}/versions`, undefined],
    ['GET', '/api/v1/plugins', undefined],
    ['POST', '/api/v1/plugins/advertising/disable', {}],
    ['POST', '/api/v1/setup', {}],
  ])('SEC-06 refuses %s %s to who may not configure', async (method, path, body) => {
    const answer = await clerk.request<ProblemBody>(method, path, body === undefined ? {} : { body });
    expect(answer.body).toMatchObject({ status: 403, code: 'MRT_ACCESS_FUNCTION' });
  });

  it.each([
    ['an unknown kind', { changes: [{ kind: 'table', name: 'x', document: {} }] }],
    ['no document', { changes: [{ kind: 'entity', name: 'x' }] }],
    ['no changes', { changes: [] }],
    ['another member', { changes: [{ kind: 'entity', name: 'x', document: null }], force: true }],
  ])('refuses a plan with %s', async (_case, body) => {
    expect((await admin.post(`${META}/plan`, body)).status).toBe(400);
  });

  it('SCN-11 a plugin disabled takes its menus and entities away, enabled brings them and the data back', async () => {
    const adEntities = async () =>
      (await model(admin)).entities.map(({ name }) => name).filter((name) => name.startsWith('ad_'));
    const before = await adEntities();
    expect(before.length).toBeGreaterThan(0);
    const off = await admin.post<PluginsAnswer>('/api/v1/plugins/advertising/disable');
    expect(off.body.items.find(({ name }) => name === 'advertising')?.enabled).toBe(false);
    expect(await adEntities()).toEqual([]);
    expect(JSON.stringify((await model(admin)).menus)).not.toContain('ad_order');
    expect((await admin.get<ProblemBody>(`/api/v1/records/${before[0]}`)).body.code).toBe(
      'MRT_ENTITY_UNKNOWN',
    );
    await admin.post('/api/v1/plugins/advertising/enable');
    expect(await adEntities()).toEqual(before);
    expect((await admin.post<ProblemBody>('/api/v1/plugins/nothing/enable')).body.code).toBe(
      'MRT_PLUGIN_UNKNOWN',
    );
  });

  it('MENU-08 shows a person only what he may use, in the order of UI-03', async () => {
    const mine = await model(clerk);
    const all = await model(admin);
    expect(all.menus.map(({ name }) => name).slice(0, 4)).toEqual([
      'file',
      'settings',
      'customer_file',
      'customer_management',
    ]);
    const pages = (menus: ModelAnswer['menus']) =>
      [...JSON.stringify(menus).matchAll(/"page":"([\w.-]+)"/g)].map(([, page]) => page);
    expect(pages(all.menus)).toContain('settings.fields');
    expect(pages(mine.menus)).not.toContain('settings.fields');
    expect(mine.entities.find(({ name }) => name === 'customer')?.actions).not.toContain('delete');
  });

  it('SEC-05 leaves fields a person may not see out of the entity, its forms and its lists', async () => {
    // The entry clerk has no grant on personal fields.
    const made = await admin.post('/api/v1/records/user', {
      username: 'entry',
      display_name: 'Entry',
      roles: ['entry_clerk'],
    });
    await admin.post(`/api/v1/users/${String(made.body['id'])}/password`, {
      password: 'entry password 1',
      must_change: false,
    });
    const entry = server.client();
    await entry.signIn('entry', 'entry password 1');
    const seen = await entity(entry, 'contact');
    const everything = await entity(admin, 'contact');
    const names = new Set(seen.fields.map(({ name }) => name));
    const hidden = everything.fields.map(({ name }) => name).filter((name) => !names.has(name));
    for (const name of hidden) expect(JSON.stringify([seen.forms, seen.views])).not.toContain(`"${name}":{`);
  });

  it('answers 304 to who has the view already', async () => {
    for (const path of [
      '/api/v1/model',
      '/api/v1/model/entities/customer',
      '/api/v1/model/dictionaries/industry',
      '/api/v1/model/dictionaries/$roles',
    ]) {
      const first = await admin.get(path);
      expect({ path, status: first.status }).toEqual({ path, status: 200 });
      // fetch would add "no-cache" by itself, which a browser's cache does not.
      const again = { 'If-None-Match': first.headers.get('ETag') ?? '', 'Cache-Control': 'max-age=0' };
      expect((await admin.get(path, again)).status).toBe(304);
    }
  });

  it('describes itself: one schema an entity, every reference leads somewhere', async () => {
    const { body } = await admin.get('/api/v1/openapi.json');
    expect(body).toMatchObject({ openapi: '3.1.0' });
    const { schemas } = body['components'] as { schemas: Record<string, unknown> };
    expect(Object.keys(schemas)).toEqual(
      expect.arrayContaining(['Customer', 'CustomerCreate', 'CustomerPatch', 'Contact', 'Problem']),
    );
    const names = [...JSON.stringify(body).matchAll(/"#\/components\/schemas\/(\w+)"/g)].map(
      ([, name]) => name ?? '',
    );
    expect(names.filter((name) => !Object.hasOwn(schemas, name))).toEqual([]);
  });

  it('finishes the first-run wizard once, and goes on when the sample data wished for is there already', async () => {
    await noteComplete(server.app.db, 0);
    expect((await server.client().get<SetupAnswer>('/api/v1/setup')).body).toMatchObject({
      firstRun: true,
      locale: 'zh-CN',
    });
    const done = await admin.post<SetupAnswer>('/api/v1/setup', {
      productName: { 'zh-CN': '糖酒', en: 'Sugar & Wine' },
      demo: true,
    });
    expect(done.status).toBe(200);
    expect(await countDemo(server.app.db)).toBe(0);
    expect(done.body).toMatchObject({ firstRun: false, productName: { en: 'Sugar & Wine' } });
    expect((await server.client().get<SetupAnswer>('/api/v1/setup')).body.productName['zh-CN']).toBe('糖酒');
    expect((await admin.post<ProblemBody>('/api/v1/setup', {})).status).toBe(409);
  });
});
