import { afterAll, beforeAll, expect, it } from 'vitest';
import type { NotificationsAnswer } from '../../core/src/http/contract.ts';
import { startTestServer, type TestClient, type TestServer } from '../../core/src/http/test-server.ts';
import { describeEngines } from '../../core/src/testing/databases.ts';

interface Someone {
  readonly id: string;
  readonly client: TestClient;
}

describeEngines('notifications (NTF)', (open) => {
  let server: TestServer;
  let admin: TestClient;
  let manager: Someone;
  let seller: Someone;
  let unit: string;

  beforeAll(async () => {
    server = await startTestServer(open);
    admin = await server.administrator();
    unit = String((await admin.post('/api/v1/records/unit', { name: '营销中心', code: 'sales' })).body['id']);
    manager = await person('manager', 'department_manager');
    seller = await person('seller', 'employee');
  });
  afterAll(() => server?.close());

  async function person(username: string, role: string): Promise<Someone> {
    const made = await admin.post('/api/v1/records/user', {
      username,
      display_name: username,
      roles: [role],
      unit,
    });
    const id = String(made.body['id']);
    const password = `${username} password`;
    await admin.post(`/api/v1/users/${id}/password`, { password, must_change: false });
    const client = server.client();
    await client.signIn(username, password);
    return { id, client };
  }
  const told = async ({ client }: Someone, query = ''): Promise<NotificationsAnswer> =>
    (await client.get<NotificationsAnswer>(`/api/v1/me/notifications${query}`)).body;
  async function give(to: Someone, title = '回访'): Promise<string> {
    const made = await manager.client.post('/api/v1/records/task', { title, owner: to.id });
    const id = String(made.body['id']);
    await step(manager, id, 'assign');
    return id;
  }
  async function step(by: Someone, id: string, name: string, body = {}): Promise<void> {
    const answer = await by.client.post(`/api/v1/records/task/${id}/transitions/${name}`, body);
    expect(answer.status, JSON.stringify(answer.body)).toBe(200);
  }

  it('NTF-01 tells who has to act next, with the record, the person and what was said', async () => {
    const id = await give(seller, '核对地址');
    expect(await told(seller)).toMatchObject({
      unread: 1,
      items: [
        {
          kind: 'asked',
          by: 'manager',
          read: false,
          text: { en: 'Assigned — waiting for you' },
          record: { entity: 'task', id, name: '核对地址' },
        },
      ],
    });
    expect((await told(manager)).items).toEqual([]);
    await step(seller, id, 'return', { opinion: '不是我的' });
    const [returned] = (await told(manager)).items;
    expect(returned).toMatchObject({ kind: 'asked', detail: '不是我的', by: 'seller' });
  });

  it('NTF-01 tells whom the step names what became of it', async () => {
    const id = await give(seller, '取消的');
    await step(manager, id, 'cancel', { opinion: '不做了' });
    expect((await told(seller)).items[0]).toMatchObject({
      kind: 'step',
      text: { en: 'Cancel' },
      detail: '不做了',
    });
  });

  it('NTF-01 marks as read, one or all, of one’s own only', async () => {
    await give(seller);
    const before = await told(seller, '?unread=true');
    expect(before.unread).toBeGreaterThan(1);
    const [first] = before.items;
    await manager.client.post('/api/v1/me/notifications/read', { ids: [first!.id] });
    expect((await told(seller)).unread).toBe(before.unread);
    const marked = await seller.client.post('/api/v1/me/notifications/read', { ids: [first!.id] });
    expect(marked.status).toBe(204);
    expect((await told(seller)).unread).toBe(before.unread - 1);
    await seller.client.post('/api/v1/me/notifications/read');
    expect(await told(seller, '?unread=true')).toEqual({ items: [], unread: 0 });
    expect((await seller.client.post('/api/v1/me/notifications/read', { ids: ['x'] })).status).toBe(400);
  });

  it('NTF-01, SEC-01 says nothing of a record that its reader may no longer read', async () => {
    const id = await give(seller, '只此一次');
    const names = async (): Promise<readonly unknown[]> =>
      (await told(seller)).items.map(({ record }) => record?.name);
    expect(await names()).toContain('只此一次');
    const { unread } = await told(seller);
    await step(manager, id, 'hand_over', { input: { owner: manager.id } });
    expect(await names()).not.toContain('只此一次');
    expect((await told(seller)).unread).toBe(unread - 1);
  });

  it('NTF-02 leaves out the sorts that a person does not want', async () => {
    const quiet = await person('quiet', 'employee');
    await quiet.client.request('PATCH', '/api/v1/me', {
      body: { settings: { notifications: { asked: false } } },
    });
    const id = await give(quiet);
    await step(manager, id, 'cancel', { opinion: 'x' });
    expect((await told(quiet)).items.map(({ kind }) => kind)).toEqual(['step']);
    const wrong = await quiet.client.request('PATCH', '/api/v1/me', {
      body: { settings: { notifications: { everything: false } } },
    });
    expect(wrong.status).toBe(400);
  });

  it('INFO-01 brings a message to each of its recipients, and tells the sender when it was read', async () => {
    const sent = await manager.client.post<{ results: readonly { id: string }[] }>(
      '/api/v1/records/message/bulk',
      {
        operation: 'create',
        items: [seller.id, (await person('other', 'employee')).id].map((owner) => ({
          subject: '例会',
          owner,
        })),
      },
    );
    const id = sent.body.results[0]!.id;
    expect((await told(seller)).items[0]).toMatchObject({
      kind: 'given',
      text: { en: 'New message' },
      record: { entity: 'message', name: '例会' },
    });
    expect((await seller.client.post(`/api/v1/records/message/${id}/transitions/mark_read`)).status).toBe(
      200,
    );
    const { body } = await manager.client.get(`/api/v1/records/message/${id}`);
    expect(body['read_at']).not.toBeNull();
    // A message is what it was when it was sent.
    const patch = await manager.client.request('PATCH', `/api/v1/records/message/${id}`, {
      body: { subject: 'x' },
      headers: { 'If-Match': '"2"' },
    });
    expect(patch.status).toBe(403);
  });

  it('NTF-01 is heard at once by whom it is for, and by nobody else', async () => {
    const stream = async ({ client }: Someone) => {
      const response = await fetch(`${server.address}/api/v1/events`, { headers: { Cookie: client.cookie } });
      return response.body!.pipeThrough(new TextDecoderStream()).getReader();
    };
    const mine = await stream(seller);
    const theirs = await stream(manager);
    await give(seller);
    let heard = '';
    while (!heard.includes('event: notification')) heard += (await mine.read()).value ?? '';
    expect(heard).toContain(seller.id);
    await manager.client.post('/api/v1/me/notifications/read');
    let others = '';
    while (!others.includes('event: notification')) others += (await theirs.read()).value ?? '';
    expect(others).not.toContain(seller.id);
    await Promise.all([mine.cancel(), theirs.cancel()]);
  });
});
