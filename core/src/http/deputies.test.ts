import { afterAll, beforeAll, expect, it } from 'vitest';
import { describeEngines } from '../testing/databases.ts';
import type { HistoryEntry, ProblemBody, RecordData, TodoAnswer, TransitionsAnswer } from './contract.ts';
import { startTestServer, type TestClient, type TestServer } from './test-server.ts';

interface Person {
  readonly id: string;
  readonly client: TestClient;
}

const DAY = 86_400_000;
const day = (from: number): string => new Date(Date.now() + from * DAY).toISOString().slice(0, 10);

describeEngines('deputies of colleagues who are away', (open) => {
  let server: TestServer;
  let admin: TestClient;
  let author: Person;
  let reviewer: Person;
  let deputy: Person;

  beforeAll(async () => {
    server = await startTestServer(open);
    admin = await server.administrator();
    const one = await make('unit', { name: '一部', code: 'one' });
    const two = await make('unit', { name: '二部', code: 'two' });
    author = await person('author', one, ['employee']);
    reviewer = await person('reviewer', two, ['reviewer']);
    deputy = await person('deputy', two, ['employee']);
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
  const name = (who: Person, more: object = {}) =>
    who.client.post<ProblemBody & { id: string }>('/api/v1/records/deputy', {
      deputy: deputy.id,
      start_on: day(-1),
      end_on: day(3),
      reason: '休假',
      ...more,
    });
  const absent = (): string => `/api/v1/me/absent/${reviewer.id}/records/customer`;
  const todoOf = async ({ client }: Person): Promise<TodoAnswer['groups']> =>
    (await client.get<TodoAnswer>('/api/v1/me/todo')).body.groups;
  const step = (who: Person, id: string, transition: string, base = '/api/v1/records/customer') =>
    who.client.post<ProblemBody>(`${base}/${id}/transitions/${transition}`, { opinion: '核对无误' });

  it('SEC-16 lets nobody name himself, a deputy for another, or one for nothing', async () => {
    const faults = async (more: object) => (await name(reviewer, more)).body.errors?.map(({ path }) => path);
    expect(await faults({ deputy: reviewer.id })).toEqual(['/deputy']);
    expect(await faults({ end_on: day(-3) })).toEqual(['/end_on']);
    expect(await faults({ todo: false })).toEqual(['/todo']);
    expect((await name(reviewer, { owner: author.id })).status).toBe(403);
  });

  it('SEC-16 gives a deputy what waits, for the time, and records what he does as done for the other', async () => {
    const customer = await make(
      'customer',
      { name: '四川春泉酒业有限公司', address: '机密巷' },
      author.client,
    );
    const other = await make('customer', { name: '北京饮料有限公司' }, author.client);
    const entered = await make('customer', { name: '成都食品有限公司' }, deputy.client);
    expect((await todoOf(deputy)).some((group) => group.absent)).toBe(false);
    expect((await deputy.client.get(absent())).status).toBe(404);

    const made = await name(reviewer);
    expect(made.status).toBe(201);
    const groups = (await todoOf(deputy)).filter((group) => group.absent);
    expect(groups).toMatchObject([
      { entity: 'customer', state: 'unreviewed', absent: { id: reviewer.id, name: 'Name of reviewer' } },
    ]);
    // What the deputy entered himself waits for the reviewer, not for the deputy in his place.
    const list = await deputy.client.get<{ items: RecordData[] }>(`${absent()}?fields=name&sort=name`);
    expect(list.body.items.map(({ id }) => id).sort()).toEqual([customer, other].sort());
    expect((await deputy.client.get(`${absent()}/${entered}`)).status).toBe(404);
    // He reads it there and nowhere else.
    expect((await deputy.client.get<RecordData>(`${absent()}/${customer}`)).body).toMatchObject({
      address: '机密巷',
    });
    expect((await deputy.client.get(`/api/v1/records/customer/${customer}?fields=address`)).status).toBe(200);
    expect(
      (await deputy.client.get<RecordData>(`/api/v1/records/customer/${customer}`)).body,
    ).not.toHaveProperty('address');
    expect((await step(deputy, customer, 'first_pass')).status).not.toBe(200);
    const offered = await deputy.client.get<TransitionsAnswer>(`${absent()}/${customer}/transitions`);
    expect(offered.body.transitions.find((each) => each.name === 'first_pass')?.allowed).toBe(true);

    expect((await step(deputy, customer, 'first_pass', absent())).status).toBe(200);
    const history = await admin.get<{ items: HistoryEntry[] }>(
      `/api/v1/records/customer/${customer}/history`,
    );
    expect(history.body.items[0]).toMatchObject({
      action: 'transition',
      by: deputy.id,
      byName: 'Name of deputy',
      behalf: { id: reviewer.id, name: 'Name of reviewer' },
    });
    const record = await admin.get<RecordData>(`/api/v1/records/customer/${customer}`);
    expect(record.body).toMatchObject({ first_reviewer: deputy.id, updated_by: deputy.id });

    // Several eyes: neither he in whose place it was done, nor the deputy again.
    expect((await step(reviewer, customer, 'second_pass')).body.code).toBe('MRT_TRANSITION_DENIED');
    expect((await step(deputy, customer, 'second_pass', absent())).status).toBe(404);
    expect((await step(deputy, entered, 'first_pass', absent())).status).toBe(404);

    await admin.request('DELETE', `/api/v1/records/deputy/${made.body.id}`);
    expect((await deputy.client.get(absent())).status).toBe(404);
    expect((await step(deputy, other, 'first_pass', absent())).status).toBe(404);
  });

  it('SEC-16 counts neither before nor after its days, nor for an account that is switched off', async () => {
    await name(reviewer, { start_on: day(2), end_on: day(3) });
    await name(reviewer, { start_on: day(-5), end_on: day(-2) });
    expect((await deputy.client.get(absent())).status).toBe(404);
  });

  it('SEC-16 tells the deputy of what the other is asked', async () => {
    await name(author);
    const boss = await person('boss', await make('unit', { name: '总部', code: 'hq2' }), ['decision_maker']);
    const task = await make('task', { title: '回访', owner: author.id }, boss.client);
    const assigned = await boss.client.post(`/api/v1/records/task/${task}/transitions/assign`);
    expect(assigned.status, JSON.stringify(assigned.body)).toBe(200);
    const told = await deputy.client.get<{ items: { text: { en: string }; record: object | null }[] }>(
      '/api/v1/me/notifications',
    );
    // Of the record itself he is told nothing: whether he may see it is seen in his inbox.
    expect(told.body.items).toMatchObject([{ record: null }]);
    expect(told.body.items[0]?.text.en).toMatch(/^For Name of author: /);
  });

  it('SEC-16 reaches the records of the other when he says so, by the own rights', async () => {
    const customer = await make('customer', { name: '上海饮料有限公司', address: '机密路' }, author.client);
    const read = async () =>
      (await deputy.client.get<RecordData>(`/api/v1/records/customer/${customer}`)).body['address'];
    expect(await read()).toBeUndefined();
    const made = await name(author, { records: true });
    expect(await read()).toBe('机密路');
    const why = await admin.get<{ reasons: { scope: string; holds: boolean }[] }>(
      `/api/v1/access/explain?user=${deputy.id}&action=read&entity=customer&id=${customer}`,
    );
    expect(why.body.reasons.filter(({ holds }) => holds)).toMatchObject([{ scope: 'standin' }]);
    await author.client.request('DELETE', `/api/v1/records/deputy/${made.body.id}`);
    expect(await read()).toBeUndefined();
  });

  it('SEC-16 lets no deputy lengthen his time, take what he looks after, or use it by a token', async () => {
    const customer = await make('customer', { name: '重庆食品有限公司', address: '机密里' }, author.client);
    const path = `/api/v1/records/customer/${customer}`;
    const made = await name(author, { records: true });
    const patch = async (at: string, body: object) => {
      const { headers } = await admin.get(`${at}?fields=id`);
      const ifMatch = { 'If-Match': headers.get('ETag') ?? '' };
      return (await deputy.client.request('PATCH', at, { body, headers: ifMatch })).status;
    };
    expect(await patch(path, { address: '机密里 2 号' })).toBe(200);
    const { unit } = (await admin.get<RecordData>(`/api/v1/records/user/${deputy.id}?fields=unit`)).body;
    for (const place of [{ owner: deputy.id }, { unit }, { province: '11' }])
      expect(await patch(path, place), JSON.stringify(place)).toBe(403);
    expect(await patch(`/api/v1/records/deputy/${made.body.id}`, { end_on: day(300) })).toBe(404);

    const token = await deputy.client.post<{ token: string }>('/api/v1/me/tokens', { name: 't' });
    const byToken = await server
      .client()
      .get<RecordData>(path, { Authorization: `Bearer ${token.body.token}` });
    expect(byToken.status).toBe(200);
    expect(byToken.body).not.toHaveProperty('address');
    await author.client.request('DELETE', `/api/v1/records/deputy/${made.body.id}`);
  });

  it('SEC-16 lets nobody who does not look after users write the deputies of others', async () => {
    const document = {
      name: 'meddler',
      label: { 'zh-CN': 'x', en: 'x' },
      grants: {
        deputy: { entity: 'deputy', actions: { query: 'all', read: 'all', create: 'all', update: 'all' } },
        user: { entity: 'user', actions: { query: 'all', read: 'all' } },
      },
    };
    const changes = [{ kind: 'role', name: 'meddler', document }];
    expect((await admin.post('/api/v1/metadata/apply', { note: 'x', changes })).status).toBe(200);
    const meddler = await person('meddler', await make('unit', { name: '四部', code: 'four' }), ['meddler']);
    expect((await name(meddler, { owner: author.id })).body.code).toBe('MRT_ACCESS_FUNCTION');
    expect((await name(meddler)).status).toBe(201);
  });

  it('SEC-16 SCN-09 passes no deputy on to a successor: what a leaver named ends', async () => {
    const leaver = await person('leaver', await make('unit', { name: '三部', code: 'three' }), ['employee']);
    const made = await name(leaver, { records: true });
    const path = `/api/v1/users/${leaver.id}/hand-over`;
    const preview = await admin.post<{ items: { entity: string }[] }>(path, {
      to: [author.id],
      preview: true,
    });
    expect(preview.status, JSON.stringify(preview.body)).toBe(200);
    expect(preview.body.items.map(({ entity }) => entity)).not.toContain('deputy');
    const done = await admin.post(path, { to: [author.id], disable: true });
    expect(done.status, JSON.stringify(done.body)).toBe(200);
    const row = await admin.get<RecordData>(`/api/v1/records/deputy/${made.body.id}`);
    expect(row.body).toMatchObject({ owner: leaver.id, is_void: true });
    const told = await admin.get<{ items: HistoryEntry[] }>(`/api/v1/records/deputy/${made.body.id}/history`);
    expect(told.body.items[0]?.changes).toMatchObject({ is_void: { new: true } });
  });
});
