import { afterAll, beforeAll, expect, it } from 'vitest';
import { startTestServer, type TestClient, type TestServer } from '../../core/src/http/test-server.ts';
import { describeEngines } from '../../core/src/testing/databases.ts';
import type { Judgement } from '../../core/src/duplicates/duplicates.ts';
import type { LikelyDuplicates } from '../../core/src/duplicates/confirm-duplicates.ts';

const PASSWORD = 'correct horse 12';
const CUSTOMER = '/api/v1/records/customer';

type Refusal = LikelyDuplicates & { readonly code: string };

describeEngines('saving in spite of likely duplicates', (open) => {
  let server: TestServer;
  let admin: TestClient;
  let lone: TestClient;
  let jiamei: string;

  const post = (client: TestClient, input: Record<string, unknown>) =>
    client.post<Refusal & Record<string, unknown>>(CUSTOMER, input);
  const refusal = async (client: TestClient, input: Record<string, unknown>): Promise<Refusal> => {
    const answer = await post(client, input);
    expect(answer.status, JSON.stringify(answer.body)).toBe(409);
    expect(answer.body.code).toBe('MRT_RECORD_DUPLICATES');
    return answer.body;
  };
  const patch = (id: string, version: number, body: Record<string, unknown>) =>
    admin.request<Refusal & Record<string, unknown>>('PATCH', `${CUSTOMER}/${id}`, {
      body,
      headers: { 'If-Match': `"${version}"` },
    });
  const judged = async (client: TestClient, id: string): Promise<readonly Judgement[]> =>
    (await client.get<{ items: readonly Judgement[] }>(`${CUSTOMER}/${id}/judgements`)).body.items;
  const count = async (name: string): Promise<unknown> => {
    const filter = encodeURIComponent(JSON.stringify({ name }));
    const answer = await admin.get(`${CUSTOMER}?filter=${filter}&count=exact`);
    return answer.body['total'];
  };

  beforeAll(async () => {
    server = await startTestServer(open);
    admin = await server.administrator();
    jiamei = String((await post(admin, { name: '成都佳美食品有限公司', phone: '028-85551234' })).body['id']);
    await server.app.changes.apply(server.app.administrator, {
      note: 'a clerk who knows only his own and may confirm nothing',
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
                fields: { '*': 'write' },
              },
            },
          },
        },
      ],
    });
    const user = await admin.post('/api/v1/records/user', {
      username: 'lone',
      display_name: 'Lone',
      roles: ['lone_clerk'],
      unit: server.app.administrator.unit,
    });
    await admin.post(`/api/v1/users/${String(user.body['id'])}/password`, {
      password: PASSWORD,
      must_change: false,
    });
    lone = server.client();
    const entered = await lone.signIn('lone', PASSWORD);
    if (entered.status !== 200) throw new Error(JSON.stringify(entered.body));
  });
  afterAll(async () => await server.close());

  it('ENT-03 asks first, and keeps the confirmation, the person, the time and the pair', async () => {
    const name = '佳美食品（成都）有限公司';
    const asked = await refusal(admin, { name });
    expect(asked).toMatchObject({ mayConfirm: true, candidates: [{ id: jiamei, exact: true }] });
    expect(await count(name)).toBe(0);

    const made = await post(admin, {
      name,
      $confirm: { duplicates: asked.confirm, reason: '两家不同的公司' },
    });
    expect(made.status, JSON.stringify(made.body)).toBe(201);
    const id = String(made.body['id']);
    const pair = {
      by: server.app.administrator.id,
      byName: expect.stringMatching(/./),
      reason: '两家不同的公司',
    };
    expect(await judged(admin, id)).toEqual([
      { ...pair, id: jiamei, display: '成都佳美食品有限公司', readable: true, at: expect.any(String) },
    ]);
    expect(await judged(admin, jiamei)).toMatchObject([{ ...pair, id }]);

    // A pair judged different is not asked again, on neither side and not while typing.
    const again = await patch(id, 1, { name: '佳美食品(成都)公司', phone: '028-85551234' });
    expect(again.status, JSON.stringify(again.body)).toBe(200);
    const typed = await admin.post<{ items: readonly unknown[] }>(`${CUSTOMER}/duplicates`, {
      name,
      exclude: id,
    });
    expect(typed.body.items).toEqual([]);
    await admin.request('DELETE', `${CUSTOMER}/${id}`);
  });

  it('ENT-03 asks when a change makes a duplicate, and only then', async () => {
    const made = await post(admin, { name: '绵阳青果乐园饮料有限公司' });
    const id = String(made.body['id']);
    expect((await patch(id, 1, { address: '绵阳市人民路 3 号' })).status).toBe(200);
    const refused = await patch(id, 2, { name: '成都佳美食品公司' });
    expect(refused.body).toMatchObject({ code: 'MRT_RECORD_DUPLICATES', candidates: [{ id: jiamei }] });
    // The same value again is no change.
    expect((await patch(jiamei, 1, { name: '成都佳美食品有限公司' })).status).toBe(200);
    expect((await admin.get(`${CUSTOMER}/${id}`)).body['name']).toBe('绵阳青果乐园饮料有限公司');
  });

  it('ENT-04 refuses who has not the right, and tells him no more than he may know', async () => {
    const asked = await refusal(lone, { name: '成都佳美食品' });
    expect(asked.mayConfirm).toBe(false);
    expect(asked.candidates).toMatchObject([{ display: '成都佳美食品有限公司', readable: false }]);
    expect(JSON.stringify(asked)).not.toContain(jiamei);
    const forced = await post(lone, {
      name: '成都佳美食品',
      $confirm: { duplicates: asked.confirm, reason: '不同' },
    });
    expect([forced.status, forced.body.code]).toEqual([403, 'MRT_ACCESS_FUNCTION']);
    expect((await lone.get(`${CUSTOMER}/${jiamei}/judgements`)).status).toBe(404);
  });

  it('ENT-03 does not take a confirmation of other records, nor one without a reason', async () => {
    const name = '成都佳美食品集团';
    const { confirm } = await refusal(admin, { name });
    await refusal(admin, { name, $confirm: { duplicates: 'another', reason: '不同' } });
    for (const wrong of [
      { duplicates: confirm },
      { duplicates: confirm, reason: ' ' },
      { reason: 'x' },
      'yes',
    ])
      expect((await post(admin, { name, $confirm: wrong })).status, JSON.stringify(wrong)).toBe(400);
    const long = await post(admin, { name, $confirm: { duplicates: confirm, reason: 'x'.repeat(501) } });
    expect(long.status).toBe(422);
    expect(await count(name)).toBe(0);
  });

  it('ENT-03 keeps nothing of a confirmation whose write is refused', async () => {
    const name = '成都佳美食品总公司';
    const { confirm } = await refusal(admin, { name });
    const before = (await judged(admin, jiamei)).length;
    const refused = await post(admin, {
      name,
      nonsense: 1,
      $confirm: { duplicates: confirm, reason: '不同' },
    });
    expect(refused.status).toBe(422);
    expect(await judged(admin, jiamei)).toHaveLength(before);
  });

  it('ENT-03 asks for each row of a bulk write, all or nothing or row by row', async () => {
    const rows = [{ name: '遂宁荷叶边服饰有限公司' }, { name: '成都佳美食品股份公司' }];
    const all = await admin.post<Record<string, unknown>>(`${CUSTOMER}/bulk`, {
      operation: 'create',
      items: rows,
    });
    expect(all.status).toBe(409);
    expect(all.body).toMatchObject({
      code: 'MRT_RECORD_DUPLICATES',
      errors: [{ path: '/items/1' }],
      items: [{ index: 1, candidates: [{ id: jiamei }] }],
    });
    expect(await count('遂宁荷叶边服饰有限公司')).toBe(0);

    interface Each {
      results: readonly { id?: string; problem?: Refusal }[];
    }
    const each = await admin.post<Each>(`${CUSTOMER}/bulk`, { operation: 'create', each: true, items: rows });
    expect(each.body.results).toMatchObject([
      { id: expect.any(String) },
      { problem: { code: 'MRT_RECORD_DUPLICATES', candidates: [{ id: jiamei }] } },
    ]);
    const duplicates = each.body.results[1]?.problem?.confirm;
    const items = [{ ...rows[1], $confirm: { duplicates, reason: '股份公司是另一家' } }];
    const done = await admin.post<Each>(`${CUSTOMER}/bulk`, { operation: 'create', items });
    expect(done.status, JSON.stringify(done.body)).toBe(200);
    expect(await judged(admin, String(done.body.results[0]?.id))).toMatchObject([{ id: jiamei }]);
  });

  it('ENT-03 names the row of a bulk write whose record cannot be read', async () => {
    const id = '01890000-0000-7000-8000-00000000dead';
    const items = [
      { id: jiamei, version: 1, name: '成都佳美食品有限公司' },
      { id, version: 1, name: '雅安蒙顶茶叶有限公司' },
    ];
    const answer = await admin.post<Record<string, unknown>>(`${CUSTOMER}/bulk`, {
      operation: 'update',
      items,
    });
    expect(answer.status).toBe(422);
    expect(answer.body['errors']).toMatchObject([{ path: '/items/1' }]);
  });

  it('ENT-03 finds what was entered a moment before, and a repeated create is no duplicate of itself', async () => {
    const id = '01890000-0000-7000-8000-00000000c0de';
    const input = { id, name: '广元剑门豆腐食品有限公司' };
    expect((await post(admin, input)).status).toBe(201);
    expect((await post(admin, input)).status).toBe(201);
    expect((await refusal(admin, { name: '广元剑门豆腐食品公司' })).candidates).toMatchObject([{ id }]);
  });
});
