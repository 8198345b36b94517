import { afterAll, beforeAll, expect, it, vi } from 'vitest';
import { systemContext } from '../../core/src/app/create-context.ts';
import type { Context } from '../../core/src/context/context.ts';
import { startTestServer, type TestClient, type TestServer } from '../../core/src/http/test-server.ts';
import { describeEngines, serverSkipped } from '../../core/src/testing/databases.ts';
import type { Json } from '../torture/client.ts';
import { readCalls, type ReadCall } from './read-calls.ts';

/** Words that stand in hidden places only, before and after. */
const BEFORE = '暗语甲';
const AFTER = '暗语乙';
/** Headers that tell of the moment or the transport. */
const OF_THE_MOMENT: ReadonlySet<string> = new Set([
  'date',
  'x-request-id',
  'connection',
  'keep-alive',
  'content-length',
  'transfer-encoding',
]);

/*
 * Non-interference over HTTP: an employee calls every read of the API, then what he may not read changes, and he calls
 * all again: nothing he sees may differ but for the channels of DESIGN §5, each asserted by its name.
 */
describeEngines('what one may not read influences nothing one sees (DESIGN §5)', (open, engine) => {
  let server: TestServer;
  let admin: TestClient;
  let wang: TestClient;
  let zhao: TestClient;
  let calls: readonly ReadCall[];
  /** The engines share the calls where there are both: how they differ is the matter of gate.test.ts. */
  let asked: readonly ReadCall[];
  /** What wang was answered last: each test goes on from where the one before left off. */
  let before: ReadonlyMap<string, string>;
  const id = new Map<string, string>();
  const path = (name: string): string => `/api/v1/records/${name.split(' ')[0]}/${id.get(name)}`;

  const make = async (client: TestClient, name: string, values: object): Promise<string> => {
    const entity = name.split(' ')[0] ?? '';
    const made = await client.post(`/api/v1/records/${entity}`, values);
    if (made.status !== 201) throw new Error(`${name}: ${JSON.stringify(made.body)}`);
    id.set(name, String(made.body['id']));
    return String(made.body['id']);
  };
  const change = async (client: TestClient, name: string, values: object): Promise<void> => {
    const read = await client.get(path(name));
    const { status, body } = await client.request('PATCH', path(name), {
      body: values,
      headers: { 'If-Match': read.headers.get('ETag') ?? '' },
    });
    if (status !== 200) throw new Error(`${name}: ${JSON.stringify(body)}`);
  };
  const done = async (name: string, verb: string): Promise<void> => {
    const { status, body } =
      verb === 'delete'
        ? await admin.request('DELETE', path(name))
        : await admin.post(`${path(name)}/${verb}`, { reason: 'x' });
    if (status >= 300) throw new Error(`${verb} ${name}: ${JSON.stringify(body)}`);
  };

  const system = (): Context => {
    const actor = { id: String(id.get('user li')), username: 'li', displayName: 'li', unit: null, roles: [] };
    return systemContext(server.app.changes.current(), actor, 'api');
  };

  beforeAll(async () => {
    server = await startTestServer(open);
    admin = await server.administrator();
    const person = async (username: string, unit: string): Promise<TestClient> => {
      const user = await make(admin, `user ${username}`, {
        username,
        display_name: username,
        unit,
        roles: ['employee'],
      });
      const password = `${username}-of-a-unit-1`;
      await admin.post(`/api/v1/users/${user}/password`, { password, must_change: false });
      const client = server.client();
      expect((await client.signIn(username, password)).status).toBe(200);
      return client;
    };
    const one = await make(admin, 'unit one', { name: '一部', code: 'one' });
    const two = await make(admin, 'unit two', { name: '二部', code: 'two' });
    wang = await person('wang', one);
    await person('li', one);
    zhao = await person('zhao', two);
    // What wang sees: his own, and his colleague's but for personal data.
    const seen = await make(wang, 'customer seen', { name: '成都一号食品有限公司', address: '人民路 1 号' });
    // Nobody of the shipped roles but entry clerks may write personal data.
    const colleague = await server.app.records.create(system(), 'contact', {
      name: '陈同事',
      customer: seen,
      owner: id.get('user li'),
      unit: one,
      home_address: BEFORE,
      private_phone: '13800000001',
    });
    id.set('contact colleague', String(colleague['id']));
    await make(admin, 'staff seen', { name: '员工甲', supervisor_remarks: BEFORE });
    await make(wang, 'product own', { name: '一号产品', customer: seen });
    // Of these he knows by name, city and owner; of the rest nothing at all.
    const known = await make(zhao, 'customer known', {
      name: '重庆二号酒业有限公司',
      address: `${BEFORE}路 2 号`,
      remarks: BEFORE,
    });
    await make(zhao, 'product hidden', { name: `${BEFORE}产品`, customer: known });
    await make(admin, 'product under', {
      name: `${BEFORE}下级`,
      customer: seen,
      owner: id.get('user zhao'),
      unit: two,
    });
    await make(zhao, 'supply_demand hidden', { subject: BEFORE, intent: 'supply', customer: known });
    await make(zhao, 'journal hidden', { subject: BEFORE, journal_kind: 'work' });
    await make(zhao, 'task hidden', { title: BEFORE, priority: 'high', owner: id.get('user zhao') });
    const description = (await admin.get<Json>('/api/v1/openapi.json')).body;
    const ids: Record<string, string[]> = {};
    for (const [name, each] of id) (ids[name.split(' ')[0] ?? ''] ??= []).push(each);
    calls = readCalls(description, { ids, words: [BEFORE, AFTER, '一号', '二号'] });
    const isAlone = serverSkipped !== null;
    asked = calls.filter((_, index) => isAlone || (index % 3 === 0) === (engine === 'pglite'));
    await found(BEFORE);
    // Estimated totals of what he may see wholly follow the statistics, not what is hidden.
    await server.app.db.query({ text: 'analyze' });
  });
  afterAll(() => server?.close());

  /** Until the search box knows what was written last. */
  const found = (word: string): Promise<void> =>
    vi.waitFor(async () => {
      const { body } = await admin.get(`/api/v1/search?q=${encodeURIComponent(word)}`);
      if (!JSON.stringify(body).includes(word)) throw new Error(`${word} is not found yet`);
    }, 20_000);

  /** Every answer as a text, by its call. */
  const look = async (client = wang, of = asked): Promise<ReadonlyMap<string, string>> => {
    const answers = new Map<string, string>();
    for (const { method, path: address, body } of of) {
      const {
        status,
        headers,
        body: told,
      } = await client.request(method, address, body === undefined ? {} : { body });
      const kept = [...headers].filter(([name]) => !OF_THE_MOMENT.has(name));
      if (status >= 500) throw new Error(`${method} ${address} → ${status} ${JSON.stringify(told)}`);
      answers.set(`${method} ${address} ${JSON.stringify(body ?? '')}`, JSON.stringify([status, kept, told]));
    }
    return answers;
  };
  const differing = (
    before: ReadonlyMap<string, string>,
    after: ReadonlyMap<string, string>,
    but: (text: string) => string = (text) => text,
  ): string[] =>
    [...before].flatMap(([call, text]) => {
      const [then, now] = [but(text), but(after.get(call) ?? '')];
      return then === now ? [] : [`${call}\n  ${then.slice(-700)}\n  ${now.slice(-700)}`];
    });

  it('SEC-13 nowhere tells a hidden word', async () => {
    expect(calls.length).toBeGreaterThan(500);
    before = await look();
    // An asked word may come back in the answer to its own question.
    const told = [...before].filter(
      ([call, text]) =>
        !call.includes(encodeURIComponent(BEFORE)) && !call.includes(BEFORE) && text.includes(BEFORE),
    );
    expect(told).toEqual([]);
    const statuses = new Set([...before.values()].map((text) => (JSON.parse(text) as [number])[0]));
    expect([...statuses].toSorted()).toEqual(expect.arrayContaining([200, 400, 403, 404]));
  }, 120_000);

  it('SEC-13 is the same, answer by answer, when records out of reach are made, changed, voided and deleted', async () => {
    const products = calls.filter((call) => call.path.startsWith('/api/v1/records/product'));
    const ofAdmin = await look(admin, products);
    await change(admin, 'product hidden', { name: `${AFTER}产品` });
    await change(admin, 'product under', { name: `${AFTER}下级` });
    await make(admin, 'product second', {
      name: `${AFTER}又一`,
      customer: id.get('customer seen'),
      owner: id.get('user zhao'),
      unit: id.get('unit two'),
    });
    await make(zhao, 'product third', { name: `${AFTER}三`, customer: id.get('customer known') });
    await done('product third', 'delete');
    await change(admin, 'supply_demand hidden', { subject: AFTER });
    await done('supply_demand hidden', 'void');
    await change(zhao, 'journal hidden', { subject: AFTER });
    await make(zhao, 'journal second', { subject: AFTER, journal_kind: 'work' });
    await change(zhao, 'task hidden', { title: AFTER });
    await server.app.db.query({ text: 'analyze' });
    await found(AFTER);
    const after = await look();
    expect(differing(before, after)).toEqual([]);
    before = after;
    // The calls do tell of it whom it is for.
    expect(differing(ofAdmin, await look(admin, products)).length).toBeGreaterThan(5);
  }, 120_000);

  it('SEC-05 is the same when hidden fields of records one sees change, but for the version', async () => {
    await change(admin, 'staff seen', { supervisor_remarks: AFTER });
    const personal = { home_address: AFTER, private_phone: '13800000002' };
    await server.app.records.update(system(), 'contact', String(id.get('contact colleague')), 1, personal);
    await change(zhao, 'customer known', { address: `${AFTER}路 2 号`, remarks: AFTER });
    await server.app.db.query({ text: 'analyze' });
    const after = await look();
    const byVersion = (call: string): boolean =>
      /"groupBy":\["(?:version|updated_at|updated_by|last_modified_on)"/.test(call);
    const rest = new Map([...before].filter(([call]) => !byVersion(call)));
    expect(differing(rest, after, withoutVersion)).toEqual([]);
    // The channel itself, by its name: that, when and by whom a record was changed. The other channels are tested where
    // they are at home: unique errors, duplicates, gaps in numbers, roll-ups that say `readAs: system`.
    expect(differing(before, after).length).toBeGreaterThan(0);
  }, 120_000);
});

/** What says that a record was changed, when and by whom: its version, and what comes with it. */
function withoutVersion(text: string): string {
  const strip = (value: unknown): unknown => {
    if (Array.isArray(value))
      return value
        .filter((each) => !isEmptyEntry(each))
        .map((each) => (Array.isArray(each) && each[0] === 'etag' ? 'etag' : strip(each)));
    if (typeof value !== 'object' || value === null) return value;
    return Object.fromEntries(
      Object.entries(value)
        .filter(([name]) => !/^(?:version|updated_at|updated_by|last_modified_on)\b/.test(name))
        .map(([name, each]) => [name, strip(each)]),
    );
  };
  return JSON.stringify(strip(JSON.parse(text)));
}

/** A line of a history of which nothing may be read but that it is there. */
function isEmptyEntry(value: unknown): boolean {
  const changes = (value as { changes?: object } | null)?.changes;
  return typeof changes === 'object' && Object.keys(changes).length === 0;
}
