import { pino } from 'pino';
import { describe, expect, it } from 'vitest';
import type { Context } from '../context/context.ts';
import { Problem } from '../errors/problem.ts';
import type { Records } from '../records/records.ts';
import type { Transaction } from '../store/database.ts';
import { type BeforeWrite, refuse } from './api.ts';
import { createHookRunner, type LoadedPlugin } from './hook-runner.ts';

const log = pino({ level: 'silent' });
const tx = {} as Transaction;
const records = (): Records => ({}) as Records;
const contextWith = (...plugins: string[]): Context =>
  ({
    model: { plugins },
    actor: { id: 'u', unit: null },
    now: new Date('2026-11-21T16:30:00Z'),
    timeZone: 'Asia/Shanghai',
  }) as unknown as Context;
const event: BeforeWrite = {
  entity: 'ad_order',
  id: '1',
  previous: null,
  draft: { price: '1.00' },
  sent: new Set(['price']),
};
const plugin = (
  name: string,
  beforeWrite: NonNullable<NonNullable<LoadedPlugin['server']['hooks']>[string]['beforeWrite']>,
): LoadedPlugin => ({
  name,
  settings: {},
  server: { hooks: { ad_order: { beforeWrite } } },
});

describe('before-hooks of plugins (PLG-01, PLG-05)', () => {
  it('PLG-05 lets later plugins see what earlier ones set, and gives back all of it', async () => {
    const runner = createHookRunner(
      [
        plugin('a', () => ({ total: '2.00' })),
        plugin('b', ({ draft }) => ({ doubled: `${String(draft['total'])}x2` })),
      ],
      records,
      log,
    );
    expect(await runner.run(event, contextWith('a', 'b'), tx)).toEqual({ total: '2.00', doubled: '2.00x2' });
  });

  it('PLG-03 does not run the hooks of a disabled plugin', async () => {
    const runner = createHookRunner([plugin('a', () => ({ total: '2.00' }))], records, log);
    expect(await runner.run(event, contextWith('b'), tx)).toBeUndefined();
  });

  it('PLG-05 passes a refusal on with its path', async () => {
    const runner = createHookRunner(
      [
        plugin('a', () => {
          throw refuse({ 'zh-CN': '不行', en: 'No' }, '/price');
        }),
      ],
      records,
      log,
    );
    await expect(runner.run(event, contextWith('a'), tx)).rejects.toMatchObject({
      code: 'MRT_PLUGIN_REFUSED',
      faults: [{ path: '/price' }],
    });
  });

  it('PLG-05 turns a bug of a hook into a refusal that names the plugin and hides the text of the error', async () => {
    const runner = createHookRunner(
      [
        plugin('a', () => {
          throw new Error('secret detail');
        }),
      ],
      records,
      log,
    );
    const error: unknown = await runner.run(event, contextWith('a'), tx).catch((caught: unknown) => caught);
    expect(error).toBeInstanceOf(Problem);
    expect((error as Problem).text.en).toContain('“a”');
    expect(JSON.stringify(error)).not.toContain('secret');
  });

  it('PLG-05 refuses an answer that is no object', async () => {
    const runner = createHookRunner([plugin('a', () => 'x' as never)], records, log);
    await expect(runner.run(event, contextWith('a'), tx)).rejects.toMatchObject({
      code: 'MRT_PLUGIN_REFUSED',
    });
  });

  it('gives the business date of the installation, not of UTC', async () => {
    let today = '';
    const runner = createHookRunner(
      [
        plugin('a', (_event, scope) => {
          today = scope.today;
        }),
      ],
      records,
      log,
    );
    await runner.run(event, contextWith('a'), tx);
    expect(today).toBe('2026-11-22');
  });
});
