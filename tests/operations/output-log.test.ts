import { afterAll, beforeAll, expect, it } from 'vitest';
import { systemContext } from '../../core/src/app/create-context.ts';
import type {
  OutputLogAnswer,
  ProblemBody,
  QuotasAnswer,
  UnusualAnswer,
} from '../../core/src/http/contract.ts';
import { startTestServer, type TestClient, type TestServer } from '../../core/src/http/test-server.ts';
import { describeEngines } from '../../core/src/testing/databases.ts';

const PASSWORD = 'correct horse 12';
type Data = Readonly<Record<string, unknown>>;

describeEngines('what leaves the system', (open) => {
  let server: TestServer;
  let admin: TestClient;
  let seller: TestClient;
  let sellerId: string;
  let ids: readonly string[];

  const print = (chosen: readonly string[], client: TestClient = seller, more: Data = {}) =>
    client.post<Data & ProblemBody>('/api/v1/print', {
      template: 'common.list',
      entity: 'customer',
      ids: chosen,
      fields: ['name'],
      ...more,
    });
  const logOf = async (query = '', client: TestClient = admin) =>
    await client.get<OutputLogAnswer & ProblemBody>(`/api/v1/output-log${query}`);
  const limit = async (quotas: Data): Promise<void> => {
    const stored = await admin.get<{ document: Data; base: string }>(
      '/api/v1/metadata/documents/settings/installation',
    );
    const applied = await admin.post<Data>('/api/v1/metadata/apply', {
      changes: [
        {
          kind: 'settings',
          name: 'installation',
          base: stored.body.base,
          document: { ...stored.body.document, quotas },
        },
      ],
      note: 'quotas',
    });
    if (applied.status !== 200) throw new Error(JSON.stringify(applied.body));
  };

  beforeAll(async () => {
    server = await startTestServer(open);
    admin = await server.administrator();
    const { app } = server;
    const context = systemContext(app.changes.current(), app.administrator, 'demo');
    const user = await app.records.create(context, 'user', {
      username: 'seller',
      display_name: '销售员',
      roles: ['employee'],
      unit: app.administrator.unit,
    });
    sellerId = String(user['id']);
    await app.sessions.setPassword(sellerId, PASSWORD, { mustChange: false });
    seller = server.client();
    const entered = await seller.signIn('seller', PASSWORD);
    if (entered.status !== 200) throw new Error(JSON.stringify(entered.body));
    const made: string[] = [];
    for (let n = 0; n < 8; n += 1)
      made.push(
        String(
          (await app.records.create(context, 'customer', { name: `限额${n}号`, owner: sellerId }))['id'],
        ),
      );
    ids = made;
    await limit({ print: { perJob: 5, perDay: 6, roles: { administrator: { perJob: 'unlimited' } } } });
  });
  afterAll(async () => await server.close());

  it('SEC-08 logs each print with who, when, what and the question, and counts the same records once a day', async () => {
    const first = await print(ids.slice(0, 4));
    expect(first.status, JSON.stringify(first.body)).toBe(200);
    // Another look at the same preview, in another order, takes nothing more away.
    expect((await print(ids.slice(0, 4).toReversed())).status).toBe(200);
    const { body } = await logOf(`?user=${sellerId}&kind=print`);
    expect(body.total).toBe(2);
    expect(body.items.map(({ records, counted }) => [records, counted])).toEqual([
      [4, 0],
      [4, 4],
    ]);
    expect(body.items[1]).toMatchObject({
      user: sellerId,
      userName: '销售员',
      kind: 'print',
      entity: 'customer',
      template: 'common.list',
      format: 'html',
      refused: null,
      query: { ids: ids.slice(0, 4), fields: ['name'] },
    });
    const page = await seller.request('GET', String(first.body['url']));
    expect(page.status).toBe(200);
  });

  it('SEC-08 refuses above the limit of a job and of a day, logs it, and lets a release pass once', async () => {
    const job = await print(ids.slice(0, 6));
    expect(job.status).toBe(403);
    expect(job.body).toMatchObject({
      code: 'MRT_OUTPUT_QUOTA_JOB',
      kind: 'print',
      limit: 'perJob',
      allowed: 5,
      asked: 6,
    });
    const day = await print(ids.slice(4, 7));
    expect(day.body).toMatchObject({ code: 'MRT_OUTPUT_QUOTA_DAY', allowed: 6, used: 4, asked: 3 });
    expect((await logOf(`?user=${sellerId}&refused=true`)).body.items.map(({ refused }) => refused)).toEqual([
      'perDay',
      'perJob',
    ]);
    const wish = { user: sellerId, kind: 'print', records: 3, reason: '展会要用' };
    expect((await seller.post('/api/v1/output-log/releases', wish)).status).toBe(403);
    const released = await admin.post<Data>('/api/v1/output-log/releases', wish);
    expect(released.status, JSON.stringify(released.body)).toBe(201);
    expect((await print(ids.slice(4, 7))).status).toBe(200);
    // Once only, and it has used up nothing of the day: two more are left.
    expect((await print(ids.slice(5, 8))).body.code).toBe('MRT_OUTPUT_QUOTA_DAY');
    expect((await print(ids.slice(6, 8))).status).toBe(200);
    expect((await logOf(`?user=${sellerId}`)).body.items.filter((each) => each.released)).toHaveLength(1);
    for (const faulty of [
      { ...wish, user: server.app.administrator.id },
      { ...wish, records: 0 },
      { ...wish, kind: 'fax' },
      { ...wish, user: 'x' },
    ])
      expect((await admin.post('/api/v1/output-log/releases', faulty)).status).toBeGreaterThanOrEqual(400);
    // The administrator's role has no limit of a job, but the day's as everybody.
    expect((await print(ids, admin)).body).toMatchObject({ code: 'MRT_OUTPUT_QUOTA_DAY', asked: 8 });
  });

  it('WF-12 asks for a release of what was refused, which another approves once', async () => {
    const { app } = server;
    const context = systemContext(app.changes.current(), app.administrator, 'demo');
    const refused = await print(ids);
    const entry = String(refused.body['entry']);
    const ask = (body: Data, client = seller) =>
      client.post<Data & ProblemBody>('/api/v1/output-log/requests', body);
    expect((await ask({ entry, purpose: ' ' })).status).toBe(400);
    expect((await ask({ entry: sellerId, purpose: '展会' })).status).toBe(409);
    expect((await ask({ entry, purpose: '展会' }, admin)).status).toBe(409);
    const asked = await ask({ entry, purpose: '展会要用' });
    expect(asked.status, JSON.stringify(asked.body)).toBe(201);
    const id = String(asked.body['id']);
    const read = await app.records.read(context, 'output_request', id);
    expect(read).toMatchObject({ owner: sellerId, row_count: 8, kind: 'print', status: 'requested' });
    const step = (name: string, client: TestClient, more: Data = {}) =>
      client.post<Data & ProblemBody>(`/api/v1/records/output_request/${id}/transitions/${name}`, more);
    expect((await step('approve_request', seller)).status).toBe(403);
    expect((await print(ids)).status).toBe(403);
    const approved = await step('approve_request', admin);
    expect(approved.status, JSON.stringify(approved.body)).toBe(200);
    // Of these records, and once.
    expect((await print(ids.slice(0, 7))).status).toBe(403);
    expect((await print(ids)).status).toBe(200);
    const other = await ask({ entry: String((await print(ids)).body['entry']), purpose: '再来' });
    expect(other.status).toBe(409);
  });

  it('SEC-08 finds no room twice for two prints at once', async () => {
    const { app } = server;
    const context = systemContext(app.changes.current(), app.administrator, 'demo');
    const user = await app.records.create(context, 'user', {
      username: 'hasty',
      display_name: '急性子',
      roles: ['employee'],
      unit: app.administrator.unit,
    });
    await app.sessions.setPassword(String(user['id']), PASSWORD, { mustChange: false });
    const hasty = server.client();
    await hasty.signIn('hasty', PASSWORD);
    const own: string[] = [];
    for (let n = 0; n < 8; n += 1)
      own.push(
        String((await app.records.create(context, 'customer', { name: `急${n}`, owner: user['id'] }))['id']),
      );
    const answers = await Promise.all([print(own.slice(0, 4), hasty), print(own.slice(4, 8), hasty)]);
    expect(answers.map(({ status }) => status).sort()).toEqual([200, 403]);
  });

  it('AUD-01 AUD-02 shows the log to auditors alone; the database refuses to change, remove or empty it', async () => {
    expect((await logOf('', seller)).body.code).toBe('MRT_ACCESS_FUNCTION');
    expect((await seller.get('/api/v1/output-log/unusual')).status).toBe(403);
    expect((await server.client().get('/api/v1/output-log')).status).toBe(401);
    for (const query of ['?kind=fax', '?from=2026-13-01', '?limit=0', '?nonsense=1'])
      expect((await logOf(query)).status).toBe(400);
    const today = new Date(Date.now() + 8 * 3_600_000).toISOString().slice(0, 10);
    expect((await logOf(`?from=${today}&to=${today}`)).body.total).toBeGreaterThan(0);
    expect((await logOf('?to=2020-01-01')).body.total).toBe(0);
    for (const text of [
      `update mortise.output_log set records = 0`,
      'delete from mortise.output_log',
      'truncate mortise.output_log',
    ])
      await expect(server.app.db.query({ text })).rejects.toThrow(/append-only/);
  });

  it('SEC-08 limits of a person go before those of his groups, these before those of roles; all told in the log', async () => {
    const { app } = server;
    const context = systemContext(app.changes.current(), app.administrator, 'demo');
    const group = await app.records.create(context, 'user_group', { name: '市场组', roles: ['employee'] });
    const user = await app.records.create(context, 'user', {
      username: 'grouped',
      display_name: '组员',
      groups: [group['id']],
      unit: app.administrator.unit,
    });
    const id = String(user['id']);
    await app.sessions.setPassword(id, PASSWORD, { mustChange: false });
    const member = server.client();
    await member.signIn('grouped', PASSWORD);
    const own: string[] = [];
    for (let n = 0; n < 8; n += 1)
      own.push(
        String((await app.records.create(context, 'customer', { name: `组员${n}`, owner: id }))['id']),
      );
    const put = (client: TestClient, path: string, body: Data) =>
      client.request<ProblemBody>('PUT', `/api/v1/output-quotas/${path}`, { body });
    expect((await print(own.slice(0, 6), member)).body.code).toBe('MRT_OUTPUT_QUOTA_JOB');
    expect(
      (await put(admin, `group/${String(group['id'])}`, { print: { perJob: 7, perDay: 'unlimited' } }))
        .status,
    ).toBe(204);
    expect((await print(own.slice(0, 6), member)).status).toBe(200);
    expect((await put(admin, `user/${id}`, { print: { perJob: 2 } })).status).toBe(204);
    expect((await print(own.slice(5, 8), member)).body).toMatchObject({
      code: 'MRT_OUTPUT_QUOTA_JOB',
      allowed: 2,
    });
    // The person has no limit of a day: there the group's holds, which has none.
    expect((await print(own.slice(6, 8), member)).status).toBe(200);
    const read = await admin.get<QuotasAnswer>('/api/v1/output-quotas');
    expect(read.body.subjects).toMatchObject([
      { subject: 'group', name: '市场组', limits: { print: { perJob: 7, perDay: 'unlimited' } } },
      { subject: 'user', name: '组员', limits: { print: { perJob: 2, perDay: null } } },
    ]);
    expect(read.body.today.find((each) => each.user === id)).toMatchObject({ records: 8, refused: 2 });
    expect((await put(admin, `user/${server.app.administrator.id}`, {})).body.code).toBe('MRT_RECORD_STATE');
    expect((await put(member, `user/${id}`, {})).status).toBe(403);
    expect((await put(admin, `user/${id}`, { print: { perJob: -5 } })).status).toBe(400);
    expect((await put(admin, 'user/x', {})).status).toBe(404);
    expect((await put(admin, `user/${id}`, {})).status).toBe(204);
    expect((await admin.get<QuotasAnswer>('/api/v1/output-quotas')).body.subjects).toHaveLength(1);
    expect((await member.get('/api/v1/output-quotas')).status).toBe(403);
    const logged = await admin.get<{ items: readonly Data[] }>('/api/v1/audit-log?action=quota');
    expect(logged.body.items).toHaveLength(3);
  });

  it('SEC-08 warns of what went against a limit and of far more than usual', async () => {
    await server.app.db.query({
      text: `insert into mortise.output_log (id, at, user_id, user_name, kind, entity, records, counted, fingerprint, query, source)
        select gen_random_uuid(), now() - n * interval '1 day', $1::uuid, '销售员', 'export', 'customer',
          case when n = 1 then 900 else 20 end, case when n = 1 then 900 else 20 end, 'f' || n, '{}', 'screen'
        from generate_series(1, 20) n`,
      values: [sellerId],
    });
    const { items } = (await admin.get<UnusualAnswer>('/api/v1/output-log/unusual')).body;
    expect(items.find(({ why, user }) => why === 'refused' && user === sellerId)).toMatchObject({
      kind: 'print',
    });
    expect(items.filter(({ why, kind }) => why === 'much' && kind === 'export')).toMatchObject([
      { user: sellerId, records: 900, usual: 20 },
    ]);
  });
});
