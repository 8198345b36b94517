import { afterAll, beforeAll, expect, it } from 'vitest';
import { systemContext } from '../../core/src/app/create-context.ts';
import type { AuditAnswer, ProblemBody } from '../../core/src/http/contract.ts';
import { startTestServer, type TestClient, type TestServer } from '../../core/src/http/test-server.ts';
import { describeEngines } from '../../core/src/testing/databases.ts';

const PASSWORD = 'correct horse 12';
type Data = Readonly<Record<string, unknown>>;

describeEngines('the log of all logs', (open) => {
  let server: TestServer;
  let admin: TestClient;
  let seller: TestClient;
  let sellerId: string;
  let contactId: string;

  const log = async (query: string, client: TestClient = admin) =>
    await client.get<AuditAnswer & ProblemBody>(`/api/v1/audit-log${query}`);
  const actions = async (query: string): Promise<readonly string[]> =>
    (await log(query)).body.items.map(({ action }) => action);

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
    const customer = await app.records.create(context, 'customer', { name: '日志酒业', owner: sellerId });
    const contact = await app.records.create(context, 'contact', {
      customer: customer['id'],
      name: '李四',
      owner: sellerId,
      private_phone: '13800000001',
    });
    contactId = String(contact['id']);
    seller = server.client();
  });
  afterAll(async () => await server.close());

  it('AUD-01 SEC-12 keeps sign-ins and failures with the address, and a flood of failures as a number', async () => {
    expect((await seller.signIn('seller', 'wrong')).status).toBe(401);
    expect((await seller.signIn('seller', 'wrong')).status).toBe(401);
    expect((await server.client().signIn('nobody', 'wrong')).status).toBe(401);
    expect((await seller.signIn('seller', PASSWORD)).status).toBe(200);
    expect(await actions(`?user=${sellerId}&action=sign-in,sign-in-failed`)).toEqual([
      'sign-in',
      'sign-in-failed',
    ]);
    const { items } = (await log('?action=sign-in-failed')).body;
    expect(items.map(({ userName, user, detail }) => [userName, user, detail['reason']])).toEqual([
      ['nobody', null, 'unknown'],
      ['seller', sellerId, 'password'],
    ]);
    expect(items[0]?.address).toMatch(/127\.0\.0\.1|::1/);
    await server.app.security.flush();
    const counted = (await log(`?user=${sellerId}&action=sign-in-failed`)).body.items;
    expect(counted.map(({ times }) => times)).toEqual([1, 1]);
    // A thousand names from one place are at most a few dozen rows.
    for (let n = 0; n < 1000; n += 1)
      await server.app.security.noteOften({ kind: 'refused', userId: null, userName: `n${n}` }, `flood ${n}`);
    await server.app.security.flush();
    const refused = (await log('?action=refused&limit=500')).body.items;
    expect(refused.length).toBeLessThan(70);
    expect(refused.reduce((sum, { times }) => sum + times, 0)).toBe(1000);
  });

  it('AUD-01 keeps when somebody is locked out', async () => {
    const { app } = server;
    const context = systemContext(app.changes.current(), app.administrator, 'demo');
    const user = await app.records.create(context, 'user', {
      username: 'forgetful',
      display_name: '健忘',
      roles: ['employee'],
    });
    await app.sessions.setPassword(String(user['id']), PASSWORD, { mustChange: false });
    for (let n = 0; n < 6; n += 1) await server.client().signIn('forgetful', `wrong ${n}`);
    expect(await actions(`?user=${String(user['id'])}&action=locked`)).toEqual(['locked']);
    const reasons = (await log(`?user=${String(user['id'])}&action=sign-in-failed`)).body.items;
    expect(reasons.map(({ detail }) => detail['reason'])).toContain('locked');
  });

  it('SEC-13 keeps refused attempts with what was asked for', async () => {
    expect((await seller.get('/api/v1/audit-log')).status).toBe(403);
    expect((await seller.get('/api/v1/audit-log/export')).status).toBe(403);
    const { items } = (await log(`?user=${sellerId}&action=refused`)).body;
    expect(items.map(({ detail }) => [detail['code'], detail['route']])).toEqual([
      ['MRT_ACCESS_FUNCTION', '/api/v1/audit-log/export'],
      ['MRT_ACCESS_FUNCTION', '/api/v1/audit-log'],
    ]);
    const text = items[0]?.detail['text'] as Data;
    expect(Object.keys(text).sort()).toEqual(['en', 'zh-CN']);
  });

  it('AUD-01 NF-SEC-02 keeps who was shown sensitive fields of which record, once an hour', async () => {
    const opened = await seller.get(`/api/v1/records/contact/${contactId}`);
    expect(opened.body['private_phone']).toBe('13800000001');
    await seller.get(`/api/v1/records/contact/${contactId}`);
    const { items } = (await log(`?action=sensitive-read&record=${contactId}`)).body;
    expect(items).toMatchObject([
      {
        entity: 'contact',
        record: contactId,
        recordName: '李四',
        fields: [{ name: 'private_phone' }],
        user: sellerId,
      },
    ]);
    // The administrator is not shown the field; what the platform reads for itself shows nobody anything.
    expect((await admin.get(`/api/v1/records/contact/${contactId}`)).body['private_phone']).toBeUndefined();
    const { app } = server;
    await app.records.list(systemContext(app.changes.current(), app.administrator, 'rule'), 'contact', {
      fields: ['private_phone'],
    });
    await seller.get('/api/v1/records/contact?fields=name');
    expect(await actions('?action=sensitive-read')).toHaveLength(1);
    await app.records.update(
      systemContext(app.changes.current(), app.administrator, 'demo'),
      'contact',
      contactId,
      1,
      { home_address: '济南' },
    );
    const listed = await seller.get<{ items: readonly Data[] }>(
      '/api/v1/records/contact?fields=name,home_address',
    );
    expect(listed.body.items).toMatchObject([{ home_address: '济南' }]);
    await seller.get(`/api/v1/records/contact/${contactId}/history`);
    expect((await log('?action=sensitive-read')).body.items.map(({ fields }) => fields[0]?.name)).toEqual([
      'home_address',
      'private_phone',
    ]);
  });

  it('AUD-01 shows changes, deletions, restores, prints, documents and rights in one order, by pages', async () => {
    const made = await admin.post<Data>('/api/v1/records/customer', { name: '审计一号酒厂' });
    const id = String(made.body['id']);
    const changed = await admin.request('PATCH', `/api/v1/records/customer/${id}`, {
      body: { name: '审计二号酒厂' },
      headers: { 'If-Match': '"1"' },
    });
    expect(changed.status, JSON.stringify(changed.body)).toBe(200);
    await admin.post('/api/v1/print', {
      template: 'common.list',
      entity: 'customer',
      ids: [id],
      fields: ['name'],
    });
    await admin.request('DELETE', `/api/v1/records/customer/${id}`);
    await admin.post(`/api/v1/records/customer/${id}/restore`);
    expect(await actions(`?record=${id}`)).toEqual(['restore', 'delete', 'update', 'create']);
    const update = (await log(`?record=${id}&action=update`)).body.items[0];
    expect(update).toMatchObject({ log: 'record', recordName: '审计二号酒厂', source: 'screen' });
    expect(update?.fields.map(({ name }) => name)).toContain('name');
    expect(JSON.stringify(update)).not.toContain('审计一号');
    expect(await actions('?action=print')).toEqual(['print']);
    expect(await actions(`?action=permission&entity=user`)).toContain('create');
    expect(await actions(`?action=metadata`)).toEqual(expect.arrayContaining(['metadata']));

    const all = (await log('?limit=500')).body.items.map((each) => each.id);
    const paged: string[] = [];
    for (let cursor: string | null = ''; cursor !== null;) {
      const { body }: { body: AuditAnswer } = await log(`?limit=7${cursor ? `&cursor=${cursor}` : ''}`);
      paged.push(...body.items.map((each) => each.id));
      cursor = body.next;
    }
    expect(paged).toEqual(all);
    expect([...all].sort().toReversed()).toEqual(all);
    const today = new Date(Date.now() + 8 * 3_600_000).toISOString().slice(0, 10);
    expect((await log(`?from=${today}&to=${today}&limit=500`)).body.items).toHaveLength(all.length);
    expect((await log('?to=2020-01-01')).body.items).toEqual([]);
    for (const query of [
      '?action=nonsense',
      '?user=x',
      '?cursor=x',
      '?from=2026-02-30x',
      '?record=1',
      '?nonsense=1',
    ])
      expect((await log(query)).status, query).toBe(400);
  });

  it('AUD-01 gives the log as a table, marks formulas as text, and keeps that it was taken', async () => {
    await server.client().signIn('=cmd|x', 'wrong');
    const answer = await admin.get<{ text: string }>('/api/v1/audit-log/export?action=sign-in-failed');
    expect(answer.headers.get('Content-Type')).toMatch(/text\/csv/);
    const { text } = answer.body;
    const lines = text.trim().split('\r\n');
    expect(lines[0]).toContain('时间,人员,动作');
    expect(text).toContain(",'=cmd|x,sign-in-failed,");
    expect(await actions('?action=log-exported')).toEqual(['log-exported']);
  });

  it('AUD-02 keeps what is done to accounts; nobody changes, removes or empties the log', async () => {
    const set = await admin.post(`/api/v1/users/${sellerId}/password`, { password: 'another horse 13' });
    expect(set.status).toBe(204);
    await admin.post('/api/v1/me/tokens', { name: 'probe' });
    expect(await actions('?action=password,token-made')).toEqual(['token-made', 'password']);
    expect((await log(`?action=password&record=${sellerId}`)).body.items).toMatchObject([
      { userName: expect.any(String), entity: 'user', recordName: '销售员' },
    ]);
    for (const text of [
      `update mortise.security_log set kind = 'sign-in'`,
      'delete from mortise.security_log',
      'truncate mortise.security_log',
    ])
      await expect(server.app.db.query({ text })).rejects.toThrow(/append-only/);
  });
});
