import { fileURLToPath } from 'node:url';
import { describe, expect, it } from 'vitest';
import { openPostgres } from '../store/open-postgres.ts';
import { createServerDatabase, serverSkipped } from '../testing/databases.ts';
import type { Application } from './application.ts';
import { readConfig } from './config.ts';
import { createApplication } from './create-application.ts';
import { createLog } from './log.ts';

const ROOT = fileURLToPath(new URL('../../..', import.meta.url)).replace(/[\\/]$/, '');

describe.skipIf(serverSkipped !== null)('the first start of two nodes on PostgreSQL', () => {
  it('makes one administrator, whom both nodes act for', { timeout: 120_000 }, async () => {
    const { url, drop } = await createServerDatabase();
    const started: Application[] = [];
    const start = async (): Promise<Application> => {
      const config = readConfig({ PORT: '0', MORTISE_UI: 'off', MORTISE_LOG: 'silent' }, ROOT);
      return await createApplication(config, createLog('silent'), () => openPostgres(url, { max: 4 }));
    };
    try {
      const ends = await Promise.allSettled([start(), start()]);
      for (const end of ends) if (end.status === 'fulfilled') started.push(end.value);
      expect(ends.map((end) => (end.status === 'rejected' ? String(end.reason) : 'started'))).toEqual([
        'started',
        'started',
      ]);
      expect(new Set(started.map(({ administrator }) => administrator.id)).size).toBe(1);
      // The password that was made is told by the node that made it, and by no other.
      const told = started.flatMap(({ firstStart }) => firstStart ?? []);
      expect(told).toHaveLength(1);
      const [node] = started;
      const signed = await node?.sessions.signIn('admin', told[0]?.generatedPassword ?? '', {
        address: null,
        agent: null,
      });
      expect(signed?.user.id).toBe(node?.administrator.id);
      const rows = await node?.db.query({
        text: `select (select count(*)::int from public."user") as users, (select count(*)::int from public."unit") as units`,
      });
      expect(rows).toEqual([{ users: 1, units: 1 }]);
    } finally {
      for (const app of started) await app.close();
      await drop();
    }
  });
});
