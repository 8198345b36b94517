import { sync as ical } from 'node-ical';
import { afterAll, beforeAll, expect, it } from 'vitest';
import { systemContext } from '../../core/src/app/create-context.ts';
import type {
  AgendaAnswer,
  NotificationsAnswer,
  ProblemBody,
  RemindersAnswer,
} from '../../core/src/http/contract.ts';
import { startTestServer, type TestClient, type TestServer } from '../../core/src/http/test-server.ts';
import { describeEngines } from '../../core/src/testing/databases.ts';

const PASSWORD = 'correct horse 12';
type Data = Readonly<Record<string, unknown>>;

describeEngines('people’s time', (open) => {
  let server: TestServer;
  let seller: TestClient;
  let sellerId: string;
  let other: TestClient;
  let task: string;

  const add = async (username: string): Promise<{ readonly client: TestClient; readonly id: string }> => {
    const { app } = server;
    const context = systemContext(app.changes.current(), app.administrator, 'demo');
    const user = await app.records.create(context, 'user', {
      username,
      display_name: username,
      roles: ['employee'],
      unit: app.administrator.unit,
    });
    await app.sessions.setPassword(String(user['id']), PASSWORD, { mustChange: false });
    const client = server.client();
    await client.signIn(username, PASSWORD);
    return { client, id: String(user['id']) };
  };
  const make = async (client: TestClient, entity: string, input: Data): Promise<string> => {
    const made = await client.post<Data & ProblemBody>(`/api/v1/records/${entity}`, input);
    if (made.status !== 201) throw new Error(JSON.stringify(made.body));
    return String(made.body['id']);
  };
  const dayFromNow = (days: number): string =>
    new Date(Date.now() + 8 * 3_600_000 + days * 86_400_000).toISOString().slice(0, 10);
  const told = async (client: TestClient): Promise<NotificationsAnswer> => {
    await server.app.automation.settle();
    return (await client.get<NotificationsAnswer>('/api/v1/me/notifications')).body;
  };

  beforeAll(async () => {
    server = await startTestServer(open, { MORTISE_TRUST_PROXY: '1' });
    ({ client: seller, id: sellerId } = await add('seller'));
    ({ client: other } = await add('other'));
    task = await make(seller, 'task', {
      title: '拜访客户;带样刊, 合同',
      owner: sellerId,
      due_at: `${dayFromNow(3)}T02:00:00.000Z`,
    });
    await make(seller, 'appointment', {
      title: '筹备会',
      start_at: `${dayFromNow(2)}T01:00:00.000Z`,
      end_at: `${dayFromNow(2)}T02:30:00.000Z`,
      participants: [sellerId],
    });
    await make(other, 'appointment', {
      title: '别人的私事',
      start_at: `${dayFromNow(2)}T01:00:00.000Z`,
    });
    await make(other, 'appointment', {
      title: '邀请你',
      start_at: `${dayFromNow(4)}T01:00:00.000Z`,
      participants: [sellerId],
    });
    await make(seller, 'journal', { subject: '跟进报价', next_date: dayFromNow(5) });
  });
  afterAll(async () => await server.close());

  it('CAL-01 is one’s own tasks, appointments and planned steps, by the rights of who looks', async () => {
    const { body } = await seller.get<AgendaAnswer & ProblemBody>(
      `/api/v1/me/agenda?from=${dayFromNow(0)}&to=${dayFromNow(20)}`,
    );
    expect(body.entries.map(({ title, isAllDay }) => [title.slice(0, 4), isAllDay]).sort()).toEqual([
      ['拜访客户', false],
      ['筹备会', false],
      ['跟进报价', true],
      ['邀请你', false],
    ]);
    const meeting = body.entries.find(({ title }) => title === '筹备会');
    expect(meeting).toMatchObject({ field: 'start_at', until: { field: 'end_at' }, version: 1 });
    // What begins outside and ends within is there too, what has ended is not.
    const later = `/api/v1/me/agenda?from=${dayFromNow(6)}&to=${dayFromNow(20)}`;
    expect((await seller.get<AgendaAnswer>(later)).body.entries).toEqual([]);
    for (const query of [
      '',
      '?from=x&to=y',
      `?from=${dayFromNow(3)}&to=${dayFromNow(1)}`,
      '?from=2020-01-01&to=2030-01-01',
    ])
      expect((await seller.get(`/api/v1/me/agenda${query}`)).status).toBe(400);
    // A drag writes through the records API by version.
    const moved = await seller.request<Data>('PATCH', `/api/v1/records/task/${task}`, {
      body: { due_at: `${dayFromNow(7)}T02:00:00.000Z` },
      headers: { 'If-Match': '1' },
    });
    expect(moved.status, JSON.stringify(moved.body)).toBe(200);
  });

  it('CAL-01 feeds other programs by a secret address, listed, limited and revoked', async () => {
    const made = await seller.post<{ id: string; path: string } & ProblemBody>('/api/v1/me/feeds', {
      name: '手机',
    });
    expect(made.status, JSON.stringify(made.body)).toBe(201);
    const { path, id } = made.body;
    const reader = server.client();
    const read = () => fetch(new URL(path, server.address));
    const answer = await read();
    expect(answer.headers.get('content-type')).toContain('text/calendar');
    const text = await answer.text();
    expect(text.split('\r\n').every((line) => Buffer.byteLength(line) <= 75)).toBe(true);
    const events = Object.values(ical.parseICS(text)).filter((each) => each?.type === 'VEVENT');
    const of = (title: string) => events.find((event) => String(event['summary']).startsWith(title));
    expect(events).toHaveLength(4);
    expect(of('拜访客户')).toMatchObject({
      summary: '拜访客户;带样刊, 合同',
      start: new Date(`${dayFromNow(7)}T02:00:00.000Z`),
    });
    expect(of('筹备会')).toMatchObject({ end: new Date(`${dayFromNow(2)}T02:30:00.000Z`) });
    expect(of('跟进报价')).toMatchObject({ datetype: 'date' });
    const tokens = await seller.get<{ items: readonly Data[] }>('/api/v1/me/tokens');
    expect(tokens.body.items).toMatchObject([{ id, kind: 'feed', name: '手机', readOnly: true }]);
    // It is no key of the API, and not what anybody could guess.
    const secret = path.slice('/calendar/'.length, -'.ics'.length);
    const asKey = await reader.request('GET', '/api/v1/me', {
      headers: { Authorization: `Bearer ${secret}` },
    });
    expect(asKey.status).toBe(401);
    expect((await fetch(new URL('/calendar/mrtcal_x.ics', server.address))).status).toBe(404);
    // Rights are those at the time of reading.
    const { app } = server;
    const context = systemContext(app.changes.current(), app.administrator, 'api');
    const user = await app.records.read(context, 'user', sellerId);
    await app.records.update(context, 'user', sellerId, Number(user['version']), {
      roles: ['template_designer'],
    });
    expect(await (await read()).text()).not.toContain('BEGIN:VEVENT');
    const again = await app.records.read(context, 'user', sellerId);
    await app.records.update(context, 'user', sellerId, Number(again['version']), { roles: ['employee'] });
    // From another network than his own nobody reads it, and the log of security knows who tried, not the address.
    const limited = await app.records.read(context, 'user', sellerId);
    await app.records.update(context, 'user', sellerId, Number(limited['version']), {
      networks: '192.0.2.0/24',
    });
    const from = (address: string) =>
      fetch(new URL(path, server.address), { headers: { 'X-Forwarded-For': address } });
    expect([(await from('192.0.2.7')).status, (await from('198.51.100.7')).status]).toEqual([200, 403]);
    const shut = await app.records.read(context, 'user', sellerId);
    await app.records.update(context, 'user', sellerId, Number(shut['version']), { networks: '' });
    const noted = await app.db.query<Data>({
      text: `select kind, detail, address from mortise.security_log
        where user_id = $1::uuid and kind in ('token-made', 'refused') order by at, id`,
      values: [sellerId],
    });
    expect(noted).toMatchObject([
      { kind: 'token-made', detail: { name: '手机', feed: true } },
      {
        kind: 'refused',
        detail: { code: 'MRT_SESSION_ADDRESS', route: '/calendar/:file' },
        address: '198.51.100.7',
      },
    ]);
    expect(JSON.stringify(noted)).not.toContain(secret);
    const statuses = [];
    for (let n = 0; n < 60; n += 1) statuses.push((await read()).status);
    expect(statuses[0]).toBe(200);
    expect(statuses.at(-1)).toBe(429);
    expect((await seller.request('DELETE', `/api/v1/me/tokens/${id}`)).status).toBe(204);
    expect((await read()).status).toBe(404);
  });

  it('NTF-01, NTF-03 reminds before a date, follows it when it moves, is put off and done', async () => {
    const wish = { entity: 'task', record: task, field: 'due_at', days_before: 2, note: '带合同' };
    const made = await seller.post<Data & ProblemBody>('/api/v1/me/reminders', wish);
    expect(made.status, JSON.stringify(made.body)).toBe(201);
    const id = String(made.body['id']);
    const list = async () => (await seller.get<RemindersAnswer>('/api/v1/me/reminders')).body.items;
    expect(await list()).toMatchObject([
      { id, told: false, note: '带合同', due: new Date(`${dayFromNow(5)}T00:30:00Z`).toISOString() },
    ]);
    expect((await told(seller)).items.filter(({ kind }) => kind === 'reminder')).toEqual([]);
    // The task comes nearer: yesterday was two days before.
    const { body } = await seller.get<Data>(`/api/v1/records/task/${task}`);
    await seller.request('PATCH', `/api/v1/records/task/${task}`, {
      body: { due_at: `${dayFromNow(1)}T02:00:00.000Z` },
      headers: { 'If-Match': String(body['version']) },
    });
    const [note] = (await told(seller)).items.filter(({ kind }) => kind === 'reminder');
    expect(note).toMatchObject({ detail: '带合同', record: { entity: 'task', id: task } });
    await server.app.automation.settle();
    expect((await told(seller)).items.filter(({ detail }) => detail === '带合同')).toHaveLength(1);
    expect(await list()).toMatchObject([{ told: true }]);
    const until = new Date(Date.now() + 3_600_000).toISOString();
    expect((await other.post(`/api/v1/me/reminders/${id}/snooze`, { until })).status).toBe(404);
    expect(
      (await seller.post(`/api/v1/me/reminders/${id}/snooze`, { until: '2020-01-01T00:00:00Z' })).status,
    ).toBe(400);
    expect((await seller.post(`/api/v1/me/reminders/${id}/snooze`, { until })).status).toBe(204);
    expect(await list()).toMatchObject([{ told: false, snoozed: true, due: until }]);
    expect((await seller.post(`/api/v1/me/reminders/${id}/done`, {})).status).toBe(204);
    expect(await list()).toEqual([]);
    // Of what one may not read nobody is reminded.
    expect((await other.post('/api/v1/me/reminders', wish)).status).toBe(404);
    for (const faulty of [
      { ...wish, field: 'title' },
      { ...wish, days_before: -1 },
      { note: 'x' },
      { ...wish, time: '25:00' },
    ])
      expect((await seller.post('/api/v1/me/reminders', faulty)).status).toBe(400);
  });
});
