import { afterAll, beforeAll, expect, it } from 'vitest';
import type {
  BulkAnswer,
  HistoryEntry,
  Operation,
  ProblemBody,
  UndoAnswer,
} from '../../core/src/http/contract.ts';
import { startTestServer, type TestClient, type TestServer } from '../../core/src/http/test-server.ts';
import { describeEngines } from '../../core/src/testing/databases.ts';

const PASSWORD = 'correct horse 12';
const CUSTOMER = '/api/v1/records/customer';

describeEngines('undoing writes of many records', (open) => {
  let server: TestServer;
  let admin: TestClient;
  let clerk: TestClient;

  const made = async (...names: readonly string[]): Promise<readonly string[]> => {
    const answer = await bulk({ operation: 'create', items: names.map((name) => ({ name, profile: '1' })) });
    return answer.results.map(({ id }) => String(id));
  };
  const bulk = async (body: Record<string, unknown>, client: TestClient = admin): Promise<BulkAnswer> => {
    const answer = await client.post<BulkAnswer>(`${CUSTOMER}/bulk`, body);
    expect(answer.status, JSON.stringify(answer.body)).toBe(200);
    return answer.body;
  };
  const read = async (id: string): Promise<Readonly<Record<string, unknown>>> =>
    (await admin.get(`${CUSTOMER}/${id}`)).body;
  const change = async (id: string, body: Record<string, unknown>): Promise<void> => {
    const { version } = await read(id);
    const answer = await admin.request('PATCH', `${CUSTOMER}/${id}`, {
      body,
      headers: { 'If-Match': `"${String(version)}"` },
    });
    expect(answer.status, JSON.stringify(answer.body)).toBe(200);
  };
  const undo = (id: unknown, body: Record<string, unknown> = {}, client: TestClient = admin) =>
    client.post<UndoAnswer & ProblemBody>(`/api/v1/operations/${String(id)}/undo`, body);
  const operations = async (client: TestClient, query = ''): Promise<readonly Operation[]> =>
    (await client.get<{ items: readonly Operation[] }>(`/api/v1/operations${query}`)).body.items;
  const entriesOf = async (id: string): Promise<readonly HistoryEntry[]> =>
    (await admin.get<{ items: readonly HistoryEntry[] }>(`${CUSTOMER}/${id}/history`)).body.items;

  beforeAll(async () => {
    server = await startTestServer(open);
    admin = await server.administrator();
    const user = await admin.post('/api/v1/records/user', {
      username: 'clerk',
      display_name: 'Clerk',
      roles: ['entry_clerk'],
      unit: server.app.administrator.unit,
    });
    await admin.post(`/api/v1/users/${String(user.body['id'])}/password`, {
      password: PASSWORD,
      must_change: false,
    });
    clerk = server.client();
    const entered = await clerk.signIn('clerk', PASSWORD);
    if (entered.status !== 200) throw new Error(JSON.stringify(entered.body));
  });
  afterAll(async () => await server.close());

  it('NF-DQ undoes a mass edit also after later changes, which stay and are listed', async () => {
    const [free, edited, other, gone] = (await made('蓝天糖果', '长江钢铁', '东风汽配', '红星服饰')) as [
      string,
      string,
      string,
      string,
    ];
    const items = [free, edited, other, gone].map((id) => ({
      id,
      version: 1,
      profile: '2',
      address: '新址',
    }));
    const { operation } = await bulk({ operation: 'update', items, reason: '搬家' });
    await change(edited, { profile: '3' });
    await change(other, { profile: '4', address: '又一新址' });
    await admin.request('DELETE', `${CUSTOMER}/${gone}`);

    const preview = await undo(operation, { preview: true });
    expect(preview.status, JSON.stringify(preview.body)).toBe(200);
    expect(preview.body.operation).toBeNull();
    expect(await read(free)).toMatchObject({ profile: '2', version: 2 });
    const done = await undo(operation);
    expect(done.status, JSON.stringify(done.body)).toBe(200);
    // The preview said what then was done.
    expect(done.body.records).toEqual(preview.body.records);

    const of = new Map(done.body.records.map((record) => [record.id, record]));
    expect(of.get(free)).toMatchObject({ display: '蓝天糖果', action: 'change', kept: [], because: null });
    expect([...(of.get(free)?.restored ?? [])].sort()).toEqual(['address', 'profile']);
    expect(of.get(edited)).toMatchObject({ action: 'change', restored: ['address'], kept: ['profile'] });
    expect(of.get(other)).toMatchObject({ action: null, restored: [], because: 'changed' });
    expect(of.get(gone)).toMatchObject({ action: null, because: 'changed' });
    expect(await read(free)).toMatchObject({ profile: '1', address: null, version: 3 });
    expect(await read(edited)).toMatchObject({ profile: '3', address: null });
    expect(await read(other)).toMatchObject({ profile: '4', address: '又一新址' });

    const [entry] = await entriesOf(free);
    expect(entry).toMatchObject({ action: 'update', version: 3 });
    expect(entry?.changes).toMatchObject({
      profile: { old: '2', new: '1' },
      address: { old: '新址', new: null },
    });
    const [undoing, undone] = await operations(admin);
    expect(undoing).toMatchObject({ id: done.body.operation, kind: 'undo', records: 2, mayUndo: false });
    expect(undone).toMatchObject({
      id: operation,
      kind: 'update',
      entity: 'customer',
      records: 4,
      reason: '搬家',
      undoneBy: done.body.operation,
      mayUndo: false,
    });
  });

  it('BIN-01 undoes a deletion, but does not touch what was restored meanwhile', async () => {
    const [one, two] = (await made('西湖茶叶', '北山木业')) as [string, string];
    const { operation } = await bulk({ operation: 'delete', each: true, items: [{ id: one }, { id: two }] });
    expect((await operations(admin))[0]).toMatchObject({ id: operation, kind: 'delete', records: 2 });
    await admin.post(`${CUSTOMER}/${two}/restore`, {});
    await change(two, { profile: '5' });
    const { records } = (await undo(operation)).body;
    expect(records.find(({ id }) => id === one)).toMatchObject({ display: '西湖茶叶', action: 'restore' });
    expect(records.find(({ id }) => id === two)).toMatchObject({ action: null, because: 'changed' });
    expect(await read(one)).toMatchObject({ deleted_at: null, version: 3 });
    expect(await read(two)).toMatchObject({ profile: '5', version: 4 });
  });

  it('undoes a mass creation and a mass void, and keeps what people worked on', async () => {
    const { operation, results } = await bulk({
      operation: 'create',
      items: [{ name: '南岭矿泉' }, { name: '中原面粉' }],
    });
    const [kept, away] = results.map(({ id }) => String(id)) as [string, string];
    await change(kept, { profile: '6' });
    const voiding = await bulk({ operation: 'void', items: [{ id: kept }], reason: '停业' });
    expect((await read(kept))['is_void']).toBe(true);
    expect((await undo(voiding.operation)).body.records).toMatchObject([{ id: kept, action: 'unvoid' }]);
    expect((await read(kept))['is_void']).toBe(false);
    const undone = (await undo(operation)).body.records;
    expect(undone.find(({ id }) => id === away)?.action).toBe('remove');
    expect(undone.find(({ id }) => id === kept)?.because).toBe('changed');
    expect((await read(away))['deleted_at']).not.toBeNull();
    expect((await read(kept))['deleted_at']).toBeNull();
  });

  it('passes what is refused and undoes the rest, in one transaction', async () => {
    const [one, two] = (await made('海河渔具', '天山乳业')) as [string, string];
    const codes = await Promise.all([one, two].map(async (id) => String((await read(id))['customer_code'])));
    const items = [one, two].map((id, n) => ({ id, version: 1, customer_code: `n90${n}` }));
    const { operation } = await bulk({ operation: 'update', items });
    // The former code of the first is taken by somebody else now.
    const [thief] = (await made('秦岭药材')) as [string];
    await change(thief, { customer_code: codes[0] });
    const { records } = (await undo(operation)).body;
    expect(records.find(({ id }) => id === one)).toMatchObject({
      action: null,
      because: 'refused',
      reason: expect.stringMatching(/./),
    });
    expect(records.find(({ id }) => id === two)?.action).toBe('change');
    expect((await read(one))['customer_code']).toBe('n900');
    expect((await read(two))['customer_code']).toBe(codes[1]);
  });

  it('NF-DQ does not spend an operation of which everything was refused: it can be undone later', async () => {
    const [id] = (await made('昆仑玉器')) as [string];
    const code = (await read(id))['customer_code'];
    const { operation } = await bulk({
      operation: 'update',
      items: [{ id, version: 1, customer_code: 'n950' }],
    });
    const [thief] = (await made('祁连毛纺')) as [string];
    await change(thief, { customer_code: code });
    const refused = await undo(operation);
    expect(refused.status, JSON.stringify(refused.body)).toBe(200);
    expect(refused.body).toMatchObject({ operation: null, records: [{ id, because: 'refused' }] });
    expect((await operations(admin))[0]?.kind).not.toBe('undo');
    await change(thief, { customer_code: 'n951' });
    const undone = await undo(operation);
    expect(undone.body, JSON.stringify(undone.body)).toMatchObject({ records: [{ id, action: 'change' }] });
    expect((await read(id))['customer_code']).toBe(code);
  });

  it('SEC-13 shows everybody his own operations, and undoes none twice, by nobody else and through the gate', async () => {
    const [id] = (await made('泰山石材')) as [string];
    const { operation } = await bulk({ operation: 'update', items: [{ id, version: 1, profile: '7' }] });
    expect(await operations(clerk)).toEqual([]);
    expect(await operations(clerk, '?all=true')).toEqual([]);
    expect((await undo(operation, {}, clerk)).status).toBe(404);
    const own = await bulk({ operation: 'create', items: [{ name: '黄山茶厂' }] }, clerk);
    expect((await operations(clerk)).map((each) => each.id)).toEqual([own.operation]);
    expect((await operations(admin)).map((each) => each.id)).not.toContain(own.operation);
    expect((await operations(admin, '?all=true')).map((each) => each.id)).toContain(own.operation);

    const all = await Promise.all([undo(operation), undo(operation)]);
    expect(all.map(({ status }) => status).sort()).toEqual([200, 409]);
    const undoing = all.find(({ status }) => status === 200)?.body.operation;
    expect((await undo(undoing)).body.code).toBe('MRT_RECORD_STATE');
    expect((await undo('nonsense')).status).toBe(404);
    expect((await undo(operation, { dry: true })).status).toBe(400);
    expect((await server.client().get('/api/v1/operations')).status).toBe(401);
  });
});
