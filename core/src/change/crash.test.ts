import { spawn } from 'node:child_process';
import { once } from 'node:events';
import { cpSync, mkdtempSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { fileURLToPath } from 'node:url';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import type { Database } from '../store/database.ts';
import { failpointNames } from '../store/failpoint.ts';
import { openPglite } from '../store/open-pglite.ts';
import { openPostgres } from '../store/open-postgres.ts';
import { createServerDatabase, serverSkipped } from '../testing/databases.ts';
import { sampleLayer } from '../testing/sample-documents.ts';
import { startChanges } from './start-changes.ts';

const CHILD = fileURLToPath(new URL('../testing/apply-change.ts', import.meta.url));
const POINTS = failpointNames().filter((name) => name.startsWith('change.'));
/** From the commit on, the change must be there; before it, nothing of it. */
const DONE = new Set(['change.committed', 'change.swapped']);

/** Answers the signal by which the child died. */
async function dieAt(point: string, target: string): Promise<string | null> {
  const child = spawn(process.execPath, [CHILD, target], {
    env: { ...process.env, MORTISE_FAILPOINT: point },
    stdio: 'inherit',
  });
  const [, signal] = (await once(child, 'exit')) as [number | null, string | null];
  return signal;
}

/** What is left, seen by the next start: all of the change or nothing of it. */
async function left(db: Database): Promise<unknown> {
  const changes = await startChanges({ db, layers: { base: sampleLayer(), plugins: [] } });
  const [found] = await db.query<Record<string, number>>({
    text: `select (select count(*)::int from information_schema.columns where table_name = 'visit' and column_name = 'crash') as columns,
      (select count(*)::int from pg_indexes where indexname = 'visit_crash_idx') as indexes,
      (select count(*)::int from mortise.overlay) as overlays, (select count(*)::int - 1 from mortise.change_set) as logged`,
  });
  const answer = {
    ...found,
    version: changes.current().version - 1,
    field: changes.current().entities.get('visit')?.fields.has('crash') === true ? 1 : 0,
    value: changes.dictionaries.value('tag', 'crash') === undefined ? 0 : 1,
  };
  await changes.stop();
  return answer;
}

const all = (n: number) => ({
  columns: n,
  indexes: n,
  overlays: n,
  logged: n,
  version: n,
  field: n,
  value: n,
});

describe('a crash during a change', { timeout: 120_000 }, () => {
  let template: string;
  beforeAll(async () => {
    template = mkdtempSync(join(tmpdir(), 'mortise-crash-'));
    const db = await openPglite({ dataDir: template });
    await (await startChanges({ db, layers: { base: sampleLayer(), plugins: [] } })).stop();
    await db.close();
  });
  afterAll(() => rmSync(template, { recursive: true, force: true }));

  it('is tried at every step', () => {
    expect(POINTS).toEqual(
      ['committed', 'locked', 'logged', 'overlays-stored', 'swapped', 'tables-changed', 'values-stored'].map(
        (name) => `change.${name}`,
      ),
    );
  });

  it.each(['change.tables-changed', 'change.committed'])(
    'at %s leaves all or nothing on PGlite',
    async (point) => {
      const folder = mkdtempSync(join(tmpdir(), 'mortise-crash-'));
      cpSync(template, folder, { recursive: true });
      expect(await dieAt(point, folder)).toBe('SIGKILL');
      const db = await openPglite({ dataDir: folder });
      expect(await left(db)).toEqual(all(DONE.has(point) ? 1 : 0));
      await db.close();
      rmSync(folder, { recursive: true, force: true });
    },
  );

  it.skipIf(serverSkipped !== null).each(POINTS)(
    'at %s leaves all or nothing on PostgreSQL',
    async (point) => {
      const { url, drop } = await createServerDatabase();
      const db = await openPostgres(url, { max: 2 });
      await (await startChanges({ db, layers: { base: sampleLayer(), plugins: [] } })).stop();
      expect(await dieAt(point, url)).toBe('SIGKILL');
      expect(await left(db)).toEqual(all(DONE.has(point) ? 1 : 0));
      await db.close();
      await drop();
    },
  );

  it.skipIf(serverSkipped !== null)('does not happen when no failpoint is set', async () => {
    const { url, drop } = await createServerDatabase();
    expect(await dieAt('', url)).toBeNull();
    const db = await openPostgres(url, { max: 2 });
    expect(await left(db)).toEqual(all(1));
    await db.close();
    await drop();
  });
});
