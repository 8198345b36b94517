import { Agent, request } from 'node:http';
import { join } from 'node:path';
import { afterAll, describe, expect, it, vi } from 'vitest';
import { signIn } from '../e2e/harness/api.ts';
import { ADMIN_PASSWORD, endRuns, startProduct } from '../e2e/harness/product.ts';
import { temporaryFolder } from './folders.ts';

vi.setConfig({ testTimeout: 240_000 });

const WRITERS = 8;
const ENOUGH = 40;
const TOKEN = 'a-token-of-the-tests';

describe('a product that is stopped while people write', async () => {
  const folder = await temporaryFolder();
  afterAll(async () => {
    endRuns();
    await folder.remove();
  });

  it('NF-PERF-05 answers every request that it has taken, loses no acknowledged write and keeps none it has not answered', async () => {
    const data = join(folder.path, 'data');
    const product = await startProduct(data, { MORTISE_UI: 'off', MORTISE_METRICS_TOKEN: TOKEN });
    const login = await fetch(`${product.address}/api/v1/session`, {
      method: 'POST',
      headers: { 'Content-Type': 'application/json' },
      body: JSON.stringify({ username: 'admin', password: ADMIN_PASSWORD }),
    });
    const cookie = login.headers.getSetCookie()[0]?.split(';')[0] ?? '';
    const { csrf } = (await login.json()) as { csrf: string };
    const agent = new Agent({ keepAlive: true, maxSockets: WRITERS });
    const acknowledged = new Set<string>();
    const unanswered = new Set<string>();
    const statuses = new Set<number>();
    let sent = 0;

    /** The status; null when the connection was closed or refused instead of an answer. */
    const post = (name: string): Promise<number | null> =>
      new Promise((resolve) => {
        const body = JSON.stringify({ name });
        const asked = request(
          `${product.address}/api/v1/records/unit`,
          {
            method: 'POST',
            agent,
            headers: { 'Content-Type': 'application/json', 'X-CSRF-Token': csrf, Cookie: cookie },
          },
          (answer) => {
            answer.resume();
            answer.once('end', () => resolve(answer.statusCode ?? 0));
            answer.once('error', () => resolve(null));
          },
        );
        asked.once('error', () => resolve(null));
        asked.end(body);
      });

    /** Writes on one connection after the other until the server is gone. */
    async function write(): Promise<void> {
      for (;;) {
        sent += 1;
        const name = `部门 ${sent}`;
        const status = await post(name);
        if (status === null) {
          unanswered.add(name);
          return;
        }
        statuses.add(status);
        acknowledged.add(name);
        if (acknowledged.size === ENOUGH) product.run.child.kill('SIGTERM');
      }
    }
    // A stream that is open must not hold the stop up.
    const stream = await fetch(`${product.address}/api/v1/events`, { headers: { Cookie: cookie } });
    const heard = stream.text();
    expect((await fetch(`${product.address}/metrics`)).status).toBe(401);
    const metrics = await fetch(`${product.address}/metrics`, {
      headers: { Authorization: `Bearer ${TOKEN}` },
    });
    expect(await metrics.text()).toMatch(/^mortise_event_streams 1$/m);

    await Promise.all(Array.from({ length: WRITERS }, write));
    expect(await product.run.ended).toBe(0);
    await heard;
    expect([...statuses]).toEqual([201]);
    expect(unanswered.size).toBe(WRITERS);

    const again = await startProduct(data, { MORTISE_UI: 'off' });
    const api = await signIn(again.address);
    const { body } = await api.send<{ items: readonly { name: string }[] }>(
      'GET',
      'records/unit?fields=name&limit=1000',
    );
    const found = new Set(body.items.map(({ name }) => name));
    for (const name of acknowledged) expect(found.has(name), `acknowledged: ${name}`).toBe(true);
    for (const name of unanswered) expect(found.has(name), `not answered: ${name}`).toBe(false);
    await again.stop();
  });
});
