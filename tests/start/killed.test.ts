import { join } from 'node:path';
import { afterAll, describe, expect, it, vi } from 'vitest';
import { signIn } from '../e2e/harness/api.ts';
import { endRuns, startProduct } from '../e2e/harness/product.ts';
import { temporaryFolder } from './folders.ts';

vi.setConfig({ testTimeout: 180_000 });

const WRITERS = 4;
const ENOUGH = 40;

describe('a product that is killed while people write', async () => {
  const folder = await temporaryFolder();
  afterAll(async () => {
    endRuns();
    await folder.remove();
  });

  it('NF keeps every acknowledged write, whole with its history, and starts again on its own', async () => {
    const data = join(folder.path, 'data');
    const product = await startProduct(data, { MORTISE_UI: 'off' });
    const api = await signIn(product.address);
    const acknowledged = new Map<string, string>();
    let sent = 0;

    /** Writes until the connection is gone. */
    async function write(): Promise<void> {
      for (;;) {
        sent += 1;
        // So different that none is a likely duplicate of another.
        const name = `新建写入${sent}食品有限公司`;
        const phone = `028-1${String(sent).padStart(7, '0')}`;
        const answer = await api
          .send<{ id: string }>('POST', 'records/customer', { name, phone })
          .catch(() => null);
        if (answer?.status !== 201) return;
        acknowledged.set(answer.body.id, name);
        if (acknowledged.size === ENOUGH) product.run.child.kill('SIGKILL');
      }
    }
    await Promise.all(Array.from({ length: WRITERS }, write));
    expect(await product.run.ended).toBeNull();
    expect(acknowledged.size).toBeGreaterThanOrEqual(ENOUGH);

    const again = await startProduct(data, { MORTISE_UI: 'off' });
    const after = await signIn(again.address);
    const { body } = await after.send<{
      items: readonly { id: string; name: string; version: number }[];
      total: number;
    }>('GET', 'records/customer?fields=name,version&limit=1000&count=exact');
    const found = new Map(body.items.map(({ id, name }) => [id, name]));
    for (const [id, name] of acknowledged) expect(found.get(id)).toBe(name);
    // At most what was on its way when the process died, and nothing twice.
    expect(found.size).toBeLessThanOrEqual(sent);
    expect(new Set(found.values()).size).toBe(found.size);
    for (const id of found.keys()) {
      const history = await after.send<{ items: readonly { action: string }[] }>(
        'GET',
        `records/customer/${id}/history`,
      );
      expect(history.body.items.map(({ action }) => action)).toEqual(['create']);
    }
    // Numbers go on: nothing is given twice.
    const next = await after.create('customer', { name: '之后的酒业' });
    const codes = await after.find('customer', { customer_code: next['customer_code'] });
    expect(codes).toHaveLength(1);
    await again.stop();
  });
});
