import { join } from 'node:path';
import { afterAll, describe, expect, it, vi } from 'vitest';
import { signIn } from '../e2e/harness/api.ts';
import { endRuns, ROOT, runScript } from '../e2e/harness/product.ts';
import { temporaryFolder } from './folders.ts';

vi.setConfig({ testTimeout: 180_000 });

const BOOTSTRAP = join(ROOT, 'core', 'bin', 'bootstrap.mjs');

describe('npm start on a fresh folder', async () => {
  const folder = await temporaryFolder();
  afterAll(async () => {
    endRuns();
    await folder.remove();
  });

  it('prints the address and the first password once, and stops when it is told to', async () => {
    const environment = { PORT: '0', MORTISE_DATA_DIR: join(folder.path, 'data'), MORTISE_UI: 'off' };
    const first = runScript(BOOTSTRAP, ['start'], environment);
    const [, password = ''] = await first.until(/^ {2}password {2}(\S+)$/m);
    const [, address = ''] = await first.until(/running at (http:\/\/127\.0\.0\.1:\d+)/);
    expect(password.length).toBeGreaterThanOrEqual(16);
    const api = await signIn(address, 'admin', password);
    await api.create('customer', { name: '第一个客户' });
    for (const probe of ['live', 'ready'])
      expect((await fetch(`${address}/health/${probe}`)).status).toBe(200);
    first.child.kill('SIGTERM');
    expect(await first.ended).toBe(0);

    const second = runScript(BOOTSTRAP, ['start'], environment);
    const [, again = ''] = await second.until(/running at (http:\S+)/);
    expect(second.stdout()).not.toMatch(/password/i);
    expect(
      await (await signIn(again, 'admin', password)).find('customer', { name: '第一个客户' }),
    ).toHaveLength(1);
    second.child.kill('SIGINT');
    expect(await second.ended).toBe(0);
  });

  it('hands on the exit code and the message of a start that cannot be', async () => {
    const run = runScript(BOOTSTRAP, ['start'], { PORT: 'http', MORTISE_UI: 'off' });
    expect(await run.ended).toBe(1);
    expect(run.stderr()).toContain('(MRT_START_CONFIG)');
  });
});
