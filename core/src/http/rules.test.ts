import { afterAll, beforeAll, expect, it } from 'vitest';
import { describeEngines } from '../testing/databases.ts';
import type {
  AutomationRuleDocument,
  DryRunAnswer,
  HistoryEntry,
  ProblemBody,
  RecordData,
  RulesAnswer,
  RunsAnswer,
} from './contract.ts';
import { startTestServer, type TestClient, type TestServer } from './test-server.ts';

const AT = '/api/v1/records/customer';
const label = { 'zh-CN': '大客户', en: 'Large customers' };

/** Marks customers of a thousand people and more. */
const large = {
  name: 'large_customer',
  label,
  entity: 'customer',
  trigger: { on: 'change', create: true, becomes: 'employee_count >= 1000' },
  roles: { administrator: true },
  actions: {
    mark: { action: 'set', values: { remarks: "'大客户 ' + string(employee_count)" } },
  },
} as unknown as AutomationRuleDocument;

describeEngines('automation rules over HTTP', (open) => {
  let server: TestServer;
  let admin: TestClient;
  beforeAll(async () => {
    server = await startTestServer(open);
    admin = await server.administrator();
  });
  afterAll(() => server?.close());

  const apply = async (document: object, more: object = {}) =>
    await admin.post<ProblemBody & { version: number }>('/api/v1/metadata/apply', {
      changes: [{ kind: 'rule', name: (document as { name: string }).name, document, ...more }],
      note: 'test',
    });
  const create = async (values: object) => (await admin.post<RecordData>(AT, values)).body;
  const runs = async (query = '') =>
    (await admin.get<RunsAnswer>(`/api/v1/rules/runs?rule=large_customer${query}`)).body.items;

  it('ENG-13 tells before a rule goes live what it would have done, and writes nothing', async () => {
    const { id } = await create({ name: '旭日酒业有限公司', employee_count: 10 });
    const update = async (version: number, employee_count: number) =>
      await admin.request('PATCH', `${AT}/${String(id)}`, {
        body: { employee_count },
        headers: { 'If-Match': `"${version}"` },
      });
    await update(1, 2000);
    await update(2, 3000);
    await create({ name: '东风机械制造厂', employee_count: 5000 });
    const asked = await admin.post<DryRunAnswer>('/api/v1/rules/dry-run', { rule: large, days: 7 });
    expect(asked).toMatchObject({ status: 200, body: { looked: 4, fired: 2, isPart: false } });
    expect(asked.body.items.map(({ display, actions }) => [display, actions[0]?.values])).toEqual([
      ['东风机械制造厂', { remarks: '大客户 5000' }],
      ['旭日酒业有限公司', { remarks: '大客户 2000' }],
    ]);
    const read = await admin.get<RecordData>(`${AT}/${String(id)}`);
    expect(read.body).toMatchObject({ version: 3, remarks: null });
    expect(await runs()).toEqual([]);
  });

  it('refuses a rule that does not mean anything, with the place of each fault', async () => {
    const faults = async (change: object): Promise<readonly (readonly [string, string])[]> => {
      const { body } = await apply({ ...large, ...change });
      return (body.errors ?? []).map(({ path, code }) => [path.replace('rule/large_customer#', ''), code]);
    };
    expect(await faults({ when: 'no_such_field == 1' })).toEqual([['/when', 'MRT_DOC_EXPRESSION']]);
    expect(await faults({ when: 'employee_count + 1' })).toEqual([['/when', 'MRT_DOC_EXPRESSION']]);
    expect(await faults({ entity: 'nothing' })).toEqual([['/entity', 'MRT_DOC_REFERENCE']]);
    expect(await faults({ roles: { nobody: true } })).toEqual([['/roles/nobody', 'MRT_DOC_REFERENCE']]);
    expect(
      await faults({ trigger: { on: 'schedule', cron: '99 9 * * *' }, roles: { administrator: true } }),
    ).toEqual([['/trigger/cron', 'MRT_DOC_PATTERN']]);
    expect(await faults({ trigger: { on: 'date', field: 'name' } })).toEqual([
      ['/trigger/field', 'MRT_DOC_REFERENCE'],
    ]);
    expect(await faults({ trigger: { on: 'transition', transitions: { fly: true } } })).toEqual([
      ['/trigger/transitions/fly', 'MRT_DOC_REFERENCE'],
    ]);
    expect(
      await faults({
        actions: {
          a: { action: 'set', values: { nothing: '1', review_status: "'second_passed'" } },
          b: { action: 'webhook', values: {} },
        },
      }),
    ).toEqual(
      expect.arrayContaining([
        ['/actions/a/values/nothing', 'MRT_DOC_REFERENCE'],
        ['/actions/a/values/review_status', 'MRT_DOC_WORKFLOW_FIELD'],
        ['/actions/b/url', 'MRT_DOC_REQUIRED'],
        ['/actions/b/secret', 'MRT_DOC_REQUIRED'],
      ]),
    );
    const dry = await admin.post<ProblemBody>('/api/v1/rules/dry-run', { rule: { ...large, when: '1 +' } });
    expect(dry).toMatchObject({ status: 422, body: { errors: [{ path: '/when' }] } });
  });

  it('ENG-13 goes live by plan and apply, acts, and tells it in log and history', async () => {
    expect((await apply(large)).status).toBe(200);
    const made = await create({ name: '南天食品有限公司', employee_count: 1500 });
    expect(made).toMatchObject({ remarks: '大客户 1500', version: 2 });
    const { body } = await admin.get<{ items: readonly HistoryEntry[] } | readonly HistoryEntry[]>(
      `${AT}/${String(made['id'])}/history`,
    );
    const [last] = 'items' in body ? body.items : body;
    expect(last).toMatchObject({ source: 'rule', rule: 'large_customer', byName: label['zh-CN'] });
    expect(await runs('&state=done')).toMatchObject([
      {
        record: made['id'],
        entity: 'customer',
        actions: [{ name: 'mark', fields: ['remarks'] }],
        deliveries: [],
      },
    ]);
    const listed = await admin.get<RulesAnswer>('/api/v1/rules');
    expect(listed.body.items.find(({ name }) => name === 'large_customer')).toMatchObject({
      active: true,
      runs: 1,
      failed: 0,
    });
  });

  it('ENG-13 is switched off and on as a version of its own', async () => {
    const off = await admin.post('/api/v1/rules/large_customer/switch', { active: false });
    expect(off.status).toBe(200);
    const made = await create({ name: '北海渔业有限公司', employee_count: 1500 });
    expect(made).toMatchObject({ version: 1 });
    expect((await admin.post('/api/v1/rules/large_customer/switch', { active: true })).status).toBe(200);
    expect((await admin.post('/api/v1/rules/nothing/switch', { active: true })).status).toBe(404);
  });

  it('ENG-13 what failed is tried again when its cause is mended', async () => {
    const { document, base } = (
      await admin.get<{ document: object; base: string }>('/api/v1/metadata/documents/rule/large_customer')
    ).body;
    const wrong = { mark: { action: 'set', values: { website: "'not an address'" } } };
    expect((await apply({ ...document, onError: 'log', actions: wrong }, { base })).status).toBe(200);
    const made = await create({ name: '西山矿业有限公司', employee_count: 4000 });
    expect(made).toMatchObject({ version: 1 });
    const [failed] = await runs('&state=failed');
    expect(failed).toMatchObject({ record: made['id'], retriedBy: null });
    const retry = async () =>
      await admin.post<ProblemBody & RecordData>(`/api/v1/rules/runs/${failed?.id}/retry`, {});
    expect((await retry()).status).toBe(422);
    expect((await apply({ ...document, actions: large.actions })).status).toBe(200);
    expect(await retry()).toMatchObject({ status: 200, body: { state: 'done', trigger: 'retry' } });
    expect((await retry()).body).toMatchObject({ code: 'MRT_RULE_NOT_RUN' });
    const read = await admin.get<RecordData>(`${AT}/${String(made['id'])}`);
    expect(read.body).toMatchObject({ remarks: '大客户 4000' });
  });

  it('makes secrets that are told once', async () => {
    const made = await admin.post<{ secret: string }>('/api/v1/rules/secrets/partner', {});
    expect(made.body.secret).toMatch(/^whsec_/);
    const listed = await admin.get<RulesAnswer>('/api/v1/rules');
    expect(listed.body.secrets).toMatchObject([{ name: 'partner' }]);
    expect(JSON.stringify(listed.body)).not.toContain(made.body.secret);
    expect((await admin.post('/api/v1/rules/secrets/No%20name', {})).status).toBe(400);
  });

  it('SEC-06 is for those who may configure, and acts with no power that they lack', async () => {
    await admin.post('/api/v1/metadata/apply', {
      changes: [
        {
          kind: 'role',
          name: 'modeller',
          document: { name: 'modeller', label, grants: {}, functions: { 'metadata.configure': true } },
        },
      ],
      note: 'test',
    });
    const person = async (username: string, role: string): Promise<TestClient> => {
      const made = await admin.post<RecordData>('/api/v1/records/user', {
        username,
        display_name: username,
        roles: [role],
      });
      const password = `${username}-password-1`;
      await admin.post(`/api/v1/users/${String(made.body['id'])}/password`, { password, must_change: false });
      const client = server.client();
      await client.signIn(username, password);
      return client;
    };
    const clerk = await person('clerk', 'employee');
    expect((await clerk.get('/api/v1/rules')).status).toBe(403);
    expect((await clerk.get('/api/v1/rules/runs')).status).toBe(403);
    const modeller = await person('modeller', 'modeller');
    expect((await modeller.get('/api/v1/rules')).status).toBe(200);
    const refused = await modeller.post<ProblemBody>('/api/v1/metadata/plan', {
      changes: [{ kind: 'rule', name: 'mine', document: { ...large, name: 'mine' } }],
    });
    expect(refused).toMatchObject({ status: 403, body: { code: 'MRT_ACCESS_FUNCTION' } });
  });
});
