import { afterAll, beforeAll, expect, it } from 'vitest';
import { describeEngines } from '../testing/databases.ts';
import type { BulkAnswer, ListAnswer, ProblemBody, RecordData } from './contract.ts';
import { startTestServer, type TestClient, type TestServer } from './test-server.ts';

const AT = '/api/v1/records/customer';

describeEngines('records over HTTP', (open) => {
  let server: TestServer;
  let admin: TestClient;
  beforeAll(async () => {
    server = await startTestServer(open);
    admin = await server.administrator();
  });
  afterAll(() => server?.close());

  const create = async (name: string) => {
    const made = await admin.post<RecordData>(AT, { name });
    expect(made).toMatchObject({ status: 201 });
    return { ...made, id: String(made.body['id']) };
  };
  const patch = (id: string, version: string, body: unknown) =>
    admin.request<ProblemBody & RecordData>('PATCH', `${AT}/${id}`, {
      body,
      headers: version ? { 'If-Match': version } : {},
    });

  it('creates with 201, Location and ETag, and reads it back from there', async () => {
    const made = await create('成都糖酒一号');
    expect(made.headers.get('ETag')).toBe('"1"');
    const read = await admin.get<RecordData>(made.headers.get('Location') ?? '');
    expect(read.body).toMatchObject({ id: made.id, name: '成都糖酒一号', version: 1 });
    expect(read.headers.get('ETag')).toBe('"1"');
  });

  it('DM-COM-11 changes with If-Match only: 428 without, 409 with both versions on a conflict', async () => {
    const { id } = await create('并发酒业');
    expect((await patch(id, '', { name: '甲' })).body).toMatchObject({
      status: 428,
      code: 'MRT_RECORD_VERSION_REQUIRED',
    });
    const first = await patch(id, '"1"', { name: '甲' });
    expect([first.status, first.headers.get('ETag')]).toEqual([200, '"2"']);
    const second = await patch(id, '"1"', { name: '乙' });
    expect(second.body).toMatchObject({ status: 409, code: 'MRT_RECORD_CONFLICT' });
    expect(second.body).toHaveProperty('current');
    expect(second.body).toHaveProperty('yours');
  });

  it('names the place of every fault of a bad record with 422', async () => {
    const answer = await admin.post<ProblemBody>(AT, {
      name: '',
      customer_type: ['nonsense'],
      unheard_of: 1,
    });
    expect(answer.status).toBe(422);
    expect(answer.body.errors.map(({ path }) => path)).toEqual(expect.arrayContaining(['/unheard_of']));
  });

  it('lists with filter, sort, fields, total and display texts', async () => {
    await create('列表蓝天糖果');
    await create('列表长江钢铁');
    const filter = encodeURIComponent(JSON.stringify({ name: { $startsWith: '列表' } }));
    const answer = await admin.get<ListAnswer>(
      `${AT}?filter=${filter}&sort=-created_at&fields=name,owner&count=exact&display=true&limit=1`,
    );
    expect(answer.body.total).toBe(2);
    expect(answer.body.items).toHaveLength(1);
    expect(answer.body.items[0]).toMatchObject({ name: '列表长江钢铁' });
    expect(answer.body.items[0]).toHaveProperty('owner$display');
    const next = await admin.get<ListAnswer>(
      `${AT}?filter=${filter}&sort=-created_at&fields=name,owner&display=true&limit=1&cursor=${encodeURIComponent(answer.body.next ?? '')}`,
    );
    expect(next).toMatchObject({ status: 200 });
    expect(next.body.items[0]).toMatchObject({ name: '列表蓝天糖果' });
  });

  it.each([
    ['limit=1001', 400, 'MRT_REQUEST_LIMIT'],
    ['filtre=x', 400, 'MRT_REQUEST_MALFORMED'],
    ['filter={', 400, 'MRT_REQUEST_MALFORMED'],
    ['fields=nothing', 400, 'MRT_QUERY_FIELD_UNKNOWN'],
  ])('refuses the list ?%s', async (query, status, code) => {
    expect((await admin.get<ProblemBody>(`${AT}?${query}`)).body).toMatchObject({ status, code });
  });

  it('BIN deletes to the recycle bin, restores, voids and re-validates, and keeps it in the history', async () => {
    const { id } = await create('回收站酒业');
    expect((await admin.request('DELETE', `${AT}/${id}?reason=${encodeURIComponent('重复')}`)).status).toBe(
      204,
    );
    const live = await admin.get<ListAnswer>(
      `${AT}?fields=name&filter=${encodeURIComponent(JSON.stringify({ name: '回收站酒业' }))}`,
    );
    expect(live.body.items).toEqual([]);
    const bin = await admin.get<ListAnswer>(`${AT}?fields=name&state=deleted`);
    expect(bin.body.items.map((item) => item['id'])).toContain(id);
    expect((await admin.post(`${AT}/${id}/restore`)).status).toBe(200);
    expect((await admin.post<RecordData>(`${AT}/${id}/void`, { reason: '停业' })).body).toMatchObject({
      is_void: true,
    });
    expect((await admin.post<RecordData>(`${AT}/${id}/unvoid`, { reason: '复业' })).body).toMatchObject({
      is_void: false,
    });
    const history = await admin.get<{ items: readonly { action: string; reason: string | null }[] }>(
      `${AT}/${id}/history`,
    );
    expect(history.body.items.map(({ action }) => action)).toEqual([
      'unvoid',
      'void',
      'restore',
      'delete',
      'create',
    ]);
    expect(history.body.items.find(({ action }) => action === 'delete')?.reason).toBe('重复');
  });

  it('groups and measures', async () => {
    await create('统计酒业');
    const answer = await admin.post<{ items: readonly RecordData[] }>(`${AT}/aggregate`, {
      groupBy: ['importance'],
      measures: { n: { fn: 'count' } },
      filter: { name: '统计酒业' },
    });
    expect(answer.body.items).toHaveLength(1);
    expect(Number(answer.body.items[0]?.['n'])).toBe(1);
    const wrong = await admin.post<ProblemBody>(`${AT}/aggregate`, { measures: { n: { fn: 'median' } } });
    expect(wrong.body).toMatchObject({ status: 400, code: 'MRT_REQUEST_MALFORMED' });
  });

  it('writes many rows all or nothing, or each by itself', async () => {
    const items = [{ name: '批量蓝天糖果' }, { name: '批量长江钢铁', unheard_of: 1 }];
    const refused = await admin.post<ProblemBody>(`${AT}/bulk`, { operation: 'create', items });
    expect(refused.status).toBe(422);
    expect(refused.body.errors[0]?.path).toBe('/items/1/unheard_of');
    const filter = encodeURIComponent(JSON.stringify({ name: { $startsWith: '批量' } }));
    expect((await admin.get<ListAnswer>(`${AT}?filter=${filter}&fields=name`)).body.items).toEqual([]);
    const each = await admin.post<BulkAnswer>(`${AT}/bulk`, { operation: 'create', items, each: true });
    expect(each.body.results[0]).toMatchObject({ version: 1 });
    expect(each.body.results[1]?.problem).toMatchObject({ status: 422 });
  });

  it('SEC-13 answers 404 for an entity that there is not', async () => {
    expect((await admin.get<ProblemBody>('/api/v1/records/custmer')).body).toMatchObject({
      status: 404,
      code: 'MRT_ENTITY_UNKNOWN',
    });
  });
});
