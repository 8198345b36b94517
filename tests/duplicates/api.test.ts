import { afterAll, beforeAll, expect, it } from 'vitest';
import { startTestServer, type TestClient, type TestServer } from '../../core/src/http/test-server.ts';
import { describeEngines } from '../../core/src/testing/databases.ts';
import type { DuplicateCandidate } from '../../core/src/duplicates/duplicates.ts';
import type { Row } from '../../core/src/store/database.ts';

const PASSWORD = 'correct horse 12';

describeEngines('duplicates over the API', (open) => {
  let server: TestServer;
  let admin: TestClient;
  let lone: TestClient;
  const ids = new Map<string, string>();

  const make = async (entity: string, input: Record<string, unknown>): Promise<string> => {
    const answer = await admin.post(`/api/v1/records/${entity}`, input);
    expect(answer.status, JSON.stringify(answer.body)).toBe(201);
    return String(answer.body['id']);
  };
  const ask = async (
    client: TestClient,
    entity: string,
    question: Record<string, unknown>,
  ): Promise<readonly DuplicateCandidate[]> => {
    const answer = await client.post<{ items: readonly DuplicateCandidate[] }>(
      `/api/v1/records/${entity}/duplicates`,
      question,
    );
    expect(answer.status, JSON.stringify(answer.body)).toBe(200);
    return answer.body.items;
  };
  const names = (items: readonly DuplicateCandidate[]): readonly unknown[] =>
    items.map(({ display }) => display);

  beforeAll(async () => {
    server = await startTestServer(open);
    admin = await server.administrator();
    const place = { country: 'CN', province: '51', city: '510100' };
    const customers: Record<string, Record<string, unknown>> = {
      jiamei: {
        name: '成都佳美食品有限公司',
        ...place,
        phone: '028-85551234',
        address: '四川省成都市人民路 12 号',
        tax_code: '91510100MA6C8E7T1M',
      },
      chongqing: { name: '重庆佳美食品有限公司' },
      branch: { name: '成都佳美食品有限公司北京分公司' },
      packing: { name: '成都佳美包装有限公司' },
      first: { name: '泸州春常在酒业一厂' },
    };
    for (const [key, input] of Object.entries(customers)) {
      const answer = await admin.post('/api/v1/records/customer', input);
      if (answer.status !== 201) throw new Error(`${key}: ${JSON.stringify(answer.body)}`);
      ids.set(key, String(answer.body['id']));
    }
    ids.set(
      'zhang',
      await make('contact', { name: '张国强', customer: ids.get('jiamei'), mobile: '13812345678' }),
    );
    await server.app.changes.apply(server.app.administrator, {
      note: 'a clerk who knows only his own',
      accept: ['none'],
      changes: [
        {
          kind: 'role',
          name: 'lone_clerk',
          document: {
            name: 'lone_clerk',
            label: { 'zh-CN': '独行录入员', en: 'Lone clerk' },
            grants: {
              customer: {
                entity: 'customer',
                actions: { query: 'own', read: 'own', create: 'own' },
                fields: { '*': 'write', tax_code: 'hidden' },
              },
            },
          },
        },
      ],
    });
    const user = await make('user', {
      username: 'lone',
      display_name: 'Lone',
      roles: ['lone_clerk'],
      unit: server.app.administrator.unit,
    });
    await admin.post(`/api/v1/users/${user}/password`, { password: PASSWORD, must_change: false });
    lone = server.client();
    const entered = await lone.signIn('lone', PASSWORD);
    if (entered.status !== 200) throw new Error(JSON.stringify(entered.body));
  });
  afterAll(async () => await server.close());

  it.each([
    '佳美食品（成都）有限责任公司',
    '四川省成都市佳美食品公司',
    '成都佳美食品股份有限公司',
    '成都佳美食品',
    'ＣＤ成都佳美食品有限公司'.slice(2),
    '成都家美食品有限公司',
  ])('ENT-02 SCN-06 finds 成都佳美食品有限公司 by %s', async (name) => {
    const items = await ask(admin, 'customer', { name });
    expect(items[0]).toMatchObject({ id: ids.get('jiamei'), readable: true, city: '成都市' });
    expect(names(items)).toEqual(['成都佳美食品有限公司']);
  });

  it('ENT-02 tells the exact ones first and says why', async () => {
    const [item] = await ask(admin, 'customer', { name: '成都佳美食品公司', phone: '+86 28 8555 1234' });
    expect(item).toMatchObject({
      exact: true,
      score: 1,
      reasons: [
        { field: 'name', kind: 'same' },
        { field: 'phone', kind: 'same' },
      ],
      owner: expect.any(String),
      lastActivity: expect.stringMatching(/^\d{4}-\d{2}-\d{2}$/),
    });
  });

  it('ENT-01 finds by phone, address and tax code alone', async () => {
    for (const question of [
      { phone: '（028）8555 1234转3' },
      { address: '成都市人民路１２号' },
      { tax_code: '91510100ma6c8e7t1m' },
    ])
      expect(names(await ask(admin, 'customer', question)), JSON.stringify(question)).toEqual([
        '成都佳美食品有限公司',
      ]);
  });

  it('NF-DQ-01 does not take a branch, another city, trade or works for the same', async () => {
    expect(names(await ask(admin, 'customer', { name: '泸州春常在酒业二厂' }))).toEqual([]);
    expect(names(await ask(admin, 'customer', { name: '佳美包装（成都）公司' }))).toEqual([
      '成都佳美包装有限公司',
    ]);
    expect(names(await ask(admin, 'customer', { name: '贵阳佳美食品有限公司' }))).toEqual([]);
  });

  it('leaves out the record that is edited, void ones and the recycle bin', async () => {
    const id = await make('customer', { name: '绵阳青果乐园食品有限公司' });
    const question = { name: '绵阳青果乐园食品公司' };
    expect(await ask(admin, 'customer', { ...question, exclude: id })).toEqual([]);
    expect(await ask(admin, 'customer', question)).toHaveLength(1);
    await admin.post(`/api/v1/records/customer/${id}/void`, { reason: 'typed twice' });
    expect(await ask(admin, 'customer', question)).toEqual([]);
    await admin.post(`/api/v1/records/customer/${id}/unvoid`, { reason: 'not so' });
    expect(await ask(admin, 'customer', question)).toHaveLength(1);
    await admin.request('DELETE', `/api/v1/records/customer/${id}?reason=test`);
    expect(await ask(admin, 'customer', question)).toEqual([]);
  });

  it('ENT-01 keeps keys with a new record, the same as those made of the stored one', async () => {
    const { db, duplicates } = server.app;
    await duplicates.settle();
    const made = [
      await make('customer', {
        name: ' 绵阳市涪江老窖酒业（集团）有限责任公司 ',
        phone: '0816-2233445',
        tax_code: '91510700MA6C8E7T2X',
      }),
      await make('contact', { name: '欧阳若兰', customer: ids.get('packing'), mobile: '139 0813 5566' }),
    ];
    const keysOf = () =>
      db.query<Row & { keys: readonly number[] }>({
        text: 'select k.entity, k.keys from mortise.duplicate_key k where k.record_id = any($1::uuid[]) order by k.entity',
        values: [made],
      });
    const waiting = await db.query({
      text: 'select record_id from mortise.duplicate_pending where record_id = any($1::uuid[])',
      values: [made],
    });
    expect(waiting).toEqual([]);
    const atOnce = await keysOf();
    expect(atOnce.map(({ keys }) => keys.length > 3)).toEqual([true, true]);
    await db.query({
      text: `insert into mortise.duplicate_pending (entity, record_id)
        select entity, record_id from mortise.duplicate_key where record_id = any($1::uuid[])`,
      values: [made],
    });
    await db.query({
      text: `update mortise.duplicate_key set keys = '{1}' where record_id = any($1::uuid[])`,
      values: [made],
    });
    await duplicates.settle();
    expect(await keysOf()).toEqual(atOnce);
  });

  it('follows a change of the name', async () => {
    const id = await make('customer', { name: '德阳十面埋伏餐饮有限公司' });
    const changed = await admin.request('PATCH', `/api/v1/records/customer/${id}`, {
      body: { name: '德阳学习力餐饮有限公司' },
      headers: { 'If-Match': '"1"' },
    });
    expect(changed.status, JSON.stringify(changed.body)).toBe(200);
    expect(await ask(admin, 'customer', { name: '德阳十面埋伏餐饮' })).toEqual([]);
    expect(names(await ask(admin, 'customer', { name: '学习力餐饮(德阳)公司' }))).toEqual([
      '德阳学习力餐饮有限公司',
    ]);
  });

  it('SEC-15 tells who may not know of the record five facts and no id', async () => {
    const [item, ...others] = await ask(lone, 'customer', { name: '成都佳美食品公司' });
    expect(others).toEqual([]);
    expect(item).toEqual({
      score: 1,
      exact: true,
      reasons: [{ field: 'name', kind: 'same' }],
      display: '成都佳美食品有限公司',
      city: '成都市',
      owner: expect.anything(),
      unit: item?.unit,
      lastActivity: expect.any(String),
      readable: false,
    });
  });

  it('SEC-15 does not answer by a field that is hidden from the asker', async () => {
    expect(await ask(lone, 'customer', { tax_code: '91510100MA6C8E7T1M' })).toEqual([]);
    const refused = await lone.post('/api/v1/records/contact/duplicates', { name: '张国强' });
    expect(refused.status).toBe(403);
  });

  it('CON-06 knows a person by name within the enterprise, or by his number', async () => {
    const zhang = { display: '张国强', id: ids.get('zhang') };
    expect(await ask(admin, 'contact', { name: '張國強', customer: ids.get('jiamei') })).toMatchObject([
      { ...zhang, exact: true, identifying: { customer: '成都佳美食品有限公司' } },
    ]);
    expect(await ask(admin, 'contact', { name: '张国强', customer: ids.get('packing') })).toEqual([]);
    expect(await ask(admin, 'contact', { name: '李四', office_phone: '+86 138-1234-5678' })).toMatchObject([
      zhang,
    ]);
    expect(await ask(admin, 'contact', { name: '章国强', customer: ids.get('jiamei') })).toMatchObject([
      zhang,
    ]);
  });

  it('ENG-03 lets a checked field change its type, and checks a field as soon as it is marked', async () => {
    const { changes, administrator } = server.app;
    const licence = async (maxLength: number): Promise<void> => {
      const { document } = changes.document('entity', 'customer');
      const properties = document['properties'] as Record<string, unknown>;
      const label = { 'zh-CN': '许可证号', en: 'Licence' };
      const field = { field: 'text', label, maxLength, duplicateCheck: 'code' };
      await changes.apply(administrator, {
        note: `licence of ${maxLength}`,
        accept: ['none', 'locks', 'rewrites'],
        changes: [
          {
            kind: 'entity',
            name: 'customer',
            document: { ...document, properties: { ...properties, licence: field } },
          },
        ],
      });
    };
    await licence(20);
    await make('customer', { name: '自贡荷源盐业有限公司', licence: 'SC-1065 1010' });
    const question = { licence: 'sc１０６５1010' };
    expect(await ask(admin, 'customer', question)).toMatchObject([
      { display: '自贡荷源盐业有限公司', exact: true, reasons: [{ field: 'licence', kind: 'same' }] },
    ]);
    await licence(40);
    expect(await ask(admin, 'customer', question)).toHaveLength(1);
    expect(names(await ask(admin, 'customer', { name: '成都佳美食品公司' }))).toEqual([
      '成都佳美食品有限公司',
    ]);
  });

  it('answers odd questions with no candidates or a problem', async () => {
    expect(await ask(admin, 'customer', {})).toEqual([]);
    expect(await ask(admin, 'customer', { name: 7, address: null, phone: '…', nonsense: ['x'] })).toEqual([]);
    expect(await ask(admin, 'customer', { name: '(' })).toEqual([]);
    expect(await ask(admin, 'customer', { name: `${'很长'.repeat(5000)}公司` })).toEqual([]);
    expect(await ask(admin, 'journal', { name: '成都佳美食品公司' })).toEqual([]);
    expect((await admin.post('/api/v1/records/nothing/duplicates', {})).status).toBe(404);
    expect((await admin.post('/api/v1/records/customer/duplicates', { exclude: '1' })).status).toBe(400);
    expect((await server.client().post('/api/v1/records/customer/duplicates', {})).status).toBe(401);
  });
});
