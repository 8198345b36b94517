import { afterAll, beforeAll, expect, it } from 'vitest';
import { systemContext } from '../../core/src/app/create-context.ts';
import { forgetOld } from '../../core/src/automation/forget-old.ts';
import type { ProblemBody, StoredDraft } from '../../core/src/http/contract.ts';
import { startTestServer, type TestClient, type TestServer } from '../../core/src/http/test-server.ts';
import { describeEngines } from '../../core/src/testing/databases.ts';

const PASSWORD = 'correct horse 12';

describeEngines('what was typed and not saved (FM-04, DM-USR-05)', (open) => {
  let server: TestServer;
  let seller: TestClient;
  let other: TestClient;
  let path: string;
  let sellerId: string;

  const enter = async (username: string): Promise<readonly [string, TestClient]> => {
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
    return [String(user['id']), client];
  };
  const read = async (client: TestClient, at = path) =>
    (await client.get<{ draft: StoredDraft | null }>(at)).body.draft;
  const keep = async (client: TestClient, values: object, at = path, version = 1) =>
    await client.request<ProblemBody>('PUT', at, { body: { version, values, base: { name: '草稿酒业' } } });

  beforeAll(async () => {
    server = await startTestServer(open);
    [sellerId, seller] = await enter('seller');
    [, other] = await enter('other');
    const { app } = server;
    const customer = await app.records.create(
      systemContext(app.changes.current(), app.administrator, 'demo'),
      'customer',
      { name: '草稿酒业', owner: sellerId },
    );
    path = `/api/v1/drafts/customer/${String(customer['id'])}`;
  });
  afterAll(async () => await server.close());

  it('follows the person to another machine, is his alone, and goes when it is discarded', async () => {
    expect(await read(seller)).toBeNull();
    expect((await keep(seller, { name: '草稿酒业二', website: 'https://example.com' })).status).toBe(204);
    expect((await keep(seller, { name: '草稿酒业三' })).status).toBe(204);
    const elsewhere = server.client();
    await elsewhere.signIn('seller', PASSWORD);
    expect(await read(elsewhere)).toMatchObject({
      version: 1,
      values: { name: '草稿酒业三' },
      base: { name: '草稿酒业' },
    });
    expect(await read(other)).toBeNull();
    expect((await seller.request('DELETE', path)).status).toBe(204);
    expect(await read(seller)).toBeNull();
    expect((await keep(seller, { name: '新的' }, '/api/v1/drafts/customer/new', 0)).status).toBe(204);
    expect(await read(seller, '/api/v1/drafts/customer/new')).toMatchObject({
      version: 0,
      values: { name: '新的' },
    });
  });

  it('SEC-05 holds only fields that its person may write, then and now', async () => {
    await keep(seller, { name: '甲', created_at: '2026-01-01', nonsense: 1, version: 9 });
    expect((await read(seller))?.values).toEqual({ name: '甲' });
    // Kept while he had the right, read after it was taken away.
    const { db } = server.app;
    await db.query({
      text: `update mortise.draft set "values" = "values" || '{"created_by": "x", "gone_field": 1}'`,
    });
    expect((await read(seller))?.values).toEqual({ name: '甲' });
  });

  it('refuses what is not there, may not be read, or is too large', async () => {
    expect((await keep(seller, { name: 'x' }, '/api/v1/drafts/nonsense/new')).status).toBe(404);
    expect((await keep(seller, { name: 'x' }, '/api/v1/drafts/customer/x')).status).toBe(404);
    expect(
      (await keep(seller, { name: 'x' }, '/api/v1/drafts/customer/019ab3c2-7f5e-7000-9d2f-3b6c1f0a5e44'))
        .status,
    ).toBe(404);
    expect((await keep(seller, { name: 'x'.repeat(300_000) })).status).toBe(413);
    expect((await keep(seller, { name: 'x' }, path, -1)).status).toBe(400);
    expect((await server.client().get(path)).status).toBe(401);
  });

  it('is forgotten after a month', async () => {
    await keep(seller, { name: '乙' });
    await forgetOld(server.app.db, new Date(Date.now() + 29 * 86_400_000));
    expect(await read(seller)).not.toBeNull();
    await forgetOld(server.app.db, new Date(Date.now() + 31 * 86_400_000));
    expect(await read(seller)).toBeNull();
  });
});
