import { afterAll, beforeAll, expect, it } from 'vitest';
import { describeEngines } from '../testing/databases.ts';
import type { RecordData } from './contract.ts';
import { createRouter } from './create-http.ts';
import { startTestServer, type TestClient, type TestServer } from './test-server.ts';

/**
 * In texts that only who reads the record may see: by SEC-01 an employee may know of other units' customers by their
 * name, city and owner, and of nothing else.
 */
const SECRET = '机密巷';
const PHONE = '87654321';
/** Ends streams: it never ends by itself. */
const STREAM = '/api/v1/events';

/** What each route is asked that takes more than an empty object, with the id of the hidden record. */
const BODIES: Readonly<Record<string, (id: string) => unknown>> = {
  'POST /api/v1/records/:entity': () => ({ name: '普通食品有限公司' }),
  'PATCH /api/v1/records/:entity/:id': () => ({ name: '改名' }),
  'POST /api/v1/records/:entity/aggregate': () => ({
    groupBy: ['name', 'address', 'owner'],
    measures: { n: { fn: 'count' } },
  }),
  'POST /api/v1/records/:entity/bulk': (id) => ({
    operation: 'update',
    items: [{ id, version: 1, name: '改名' }],
  }),
  'POST /api/v1/records/:entity/merge': (id) => ({ records: [{ id, version: 1 }], survivor: id }),
  'POST /api/v1/records/:entity/:id/transitions/:name': () => ({ opinion: '通过' }),
  'POST /api/v1/print': (id) => ({
    template: 'customer_list',
    entity: 'customer',
    ids: [id],
    format: 'html',
  }),
};
const QUERIES: Readonly<Record<string, string>> = {
  'GET /api/v1/records/:entity': `?fields=name,address&search=${encodeURIComponent(SECRET)}&count=exact`,
  'GET /api/v1/records/:entity/:id': '?include=contacts',
  'GET /api/v1/search': `?q=${encodeURIComponent(SECRET)}`,
};

describeEngines('an employee of another unit on every route', (open) => {
  let server: TestServer;
  let stranger: TestClient;
  let hidden: string;

  beforeAll(async () => {
    server = await startTestServer(open);
    const admin = await server.administrator();
    const make = async (entity: string, values: object): Promise<string> => {
      const made = await admin.post<RecordData>(`/api/v1/records/${entity}`, values);
      if (made.status !== 201) throw new Error(JSON.stringify(made.body));
      return String(made.body['id']);
    };
    const person = async (username: string, unit: string): Promise<{ id: string; client: TestClient }> => {
      const id = await make('user', { username, display_name: username, unit, roles: ['employee'] });
      const password = `${username}-of-a-unit-1`;
      await admin.post(`/api/v1/users/${id}/password`, { password, must_change: false });
      const client = server.client();
      expect((await client.signIn(username, password)).status).toBe(200);
      return { id, client };
    };
    const one = await make('unit', { name: '一部', code: 'one' });
    const two = await make('unit', { name: '二部', code: 'two' });
    const owner = await person('wang', one);
    ({ client: stranger } = await person('zhao', two));
    const made = await owner.client.post<RecordData>('/api/v1/records/customer', {
      name: '四川春泉酒业有限公司',
      address: `成都市${SECRET} 1 号`,
      phone: `028-${PHONE}`,
    });
    if (made.status !== 201) throw new Error(JSON.stringify(made.body));
    hidden = String(made.body['id']);
    const seen = await owner.client.get(`/api/v1/records/customer/${hidden}`);
    if (seen.status !== 200) throw new Error('the owner does not see the customer');
  });
  afterAll(() => server?.close());

  const stored = () =>
    Promise.all(
      [
        'select * from customer where id = $1::uuid',
        `select * from mortise.history where entity = 'customer' and record_id = $1::uuid`,
      ].map((text) => server.app.db.query({ text, values: [hidden] })),
    );

  it('SEC-13 tells nothing of a record out of reach, and changes nothing of it', async () => {
    const before = await stored();
    const wrong: string[] = [];
    const statuses = new Map<number, number>();
    for (const layer of createRouter(server.app).stack)
      for (const method of layer.methods) {
        const route = `${method} ${String(layer.path)}`;
        if (method === 'HEAD' || String(layer.path) === STREAM || route.endsWith('/session')) continue;
        const path = String(layer.path)
          .replace(':entity', 'customer')
          .replace(':kind', 'entity')
          .replace(/:name\b/, 'first_pass')
          .replaceAll(/:\w+/g, hidden);
        const { status, body, headers } = await stranger.request(method, `${path}${QUERIES[route] ?? ''}`, {
          ...(method === 'GET' ? {} : { body: BODIES[route]?.(hidden) ?? {} }),
          ...(method === 'GET' ? {} : { headers: { 'If-Match': '"1"' } }),
        });
        statuses.set(status, (statuses.get(status) ?? 0) + 1);
        const told = `${JSON.stringify(body)}${JSON.stringify([...headers])}`;
        if (status >= 500) wrong.push(`${route} → ${status}`);
        // Neither does a value out of reach find it.
        if (QUERIES[route]?.includes(encodeURIComponent(SECRET)) && told.includes(hidden))
          wrong.push(`${route} finds it by what he may not read`);
        if (told.includes(SECRET) || told.includes(PHONE))
          wrong.push(`${route} → ${status} ${told.slice(0, 200)}`);
      }
    expect(wrong).toEqual([]);
    expect(statuses.get(404) ?? 0).toBeGreaterThan(8);
    expect(statuses.get(200) ?? 0).toBeGreaterThan(8);
    expect(await stored()).toEqual(before);
  });
});
