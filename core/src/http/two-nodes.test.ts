import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { openPostgres } from '../store/open-postgres.ts';
import { createServerDatabase, serverSkipped } from '../testing/databases.ts';
import { startTestServer, type TestClient, type TestServer } from './test-server.ts';

const PARCELS = '/api/v1/records/parcel';
const LABEL = { 'zh-CN': '包裹', en: 'Parcel' };
/** Of the site, so that nothing but the change decides what may be stored. */
const PARCEL = {
  name: 'parcel',
  label: LABEL,
  display: 'name',
  ownership: 'user',
  reviews: false,
  properties: {
    name: { field: 'text', label: LABEL, maxLength: 40 },
    weight: { field: 'integer', label: LABEL },
  },
};
const LEGAL = 5;
/** Legal until the change, a fault afterwards. */
const OUTLAWED = 5000;
const LIVE_WITHIN_MS = 1000;

interface Answered {
  readonly sent: number;
  readonly status: number;
  readonly count: number;
  readonly code: unknown;
}

// Two nodes need a server that both can reach.
describe.skipIf(serverSkipped !== null)('DESIGN §4 two nodes on one database', () => {
  let nodes: readonly TestServer[];
  let clients: readonly TestClient[];
  let drop: () => Promise<void>;
  beforeAll(async () => {
    const made = await createServerDatabase();
    drop = made.drop;
    const start = (): Promise<TestServer> => startTestServer(() => openPostgres(made.url, { max: 10 }));
    const one = await start();
    nodes = [one, await start()];
    clients = await Promise.all(nodes.map((node) => node.administrator()));
    const changes = [{ kind: 'entity', name: 'parcel', document: PARCEL }];
    const entity = await clients[0]!.post('/api/v1/metadata/apply', { changes, note: '' });
    if (entity.status !== 200) throw new Error(JSON.stringify(entity.body));
    await nodes[1]!.app.changes.refresh();
  });
  afterAll(async () => {
    for (const node of nodes ?? []) await node.close();
    await drop?.();
  });

  // Asked of the node itself: a request would first wait behind those of the writers.
  const versionOf = (node: TestServer): number => node.app.changes.current().version;

  it(
    'make a change of one live on the other within a second under load, and let nothing through that it forbids',
    { timeout: 120_000 },
    async () => {
      const [one, two] = clients as [TestClient, TestClient];
      const answers: Answered[] = [];
      const load = { on: true };
      async function write(client: TestClient, name: string): Promise<void> {
        for (let n = 0; load.on; n += 1) {
          const count = n % 2 === 0 ? LEGAL : OUTLAWED;
          const sent = performance.now();
          const { status, body } = await client.post(PARCELS, {
            name: `${name}${n}`,
            weight: count,
          });
          answers.push({ sent, status, count, code: body['code'] });
        }
      }
      const writers = [one, two, one, two].map((client, n) => write(client, `writer ${n}-`));
      const until = async (done: () => boolean | Promise<boolean>): Promise<void> => {
        while (!(await done())) await new Promise((resolve) => setTimeout(resolve, 5));
      };
      await until(() => answers.length > 20);

      const other = nodes[1]!;
      const before = versionOf(other);
      const { body } = await one.get<{ document: object; base: string }>(
        '/api/v1/metadata/documents/entity/parcel',
      );
      const rules = {
        ...(body.document as { rules?: object }).rules,
        small: { when: 'weight < 1000', message: { 'zh-CN': '太大', en: 'Too large' } },
      };
      const document = { ...body.document, rules };
      const changes = [{ kind: 'entity', name: 'parcel', base: body.base, document }];
      const applied = await one.post('/api/v1/metadata/apply', { changes, note: '' });
      const done = performance.now();
      expect(applied.status, JSON.stringify(applied.body)).toBe(200);
      await until(() => versionOf(other) > before);
      const live = performance.now() - done;
      const already = answers.length;
      await until(() => answers.length > already + 20);
      load.on = false;
      await Promise.all(writers);

      // Every request was answered for what it is: stored, or refused by the new rule.
      const odd = answers.filter(
        ({ status, code, count }) =>
          status !== 201 && !(status === 422 && code === 'MRT_RECORD_INVALID' && count === OUTLAWED),
      );
      expect(odd).toEqual([]);
      expect(answers.some(({ status, count }) => status === 201 && count === OUTLAWED)).toBe(true);
      expect(answers.some(({ status }) => status === 422)).toBe(true);
      // On either node, from the moment on at which the change was answered.
      const late = answers.filter(
        ({ sent, status, count }) => sent > done && status === 201 && count !== LEGAL,
      );
      expect(late).toEqual([]);
      expect(live).toBeLessThan(LIVE_WITHIN_MS);
    },
  );
});
