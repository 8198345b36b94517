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
import { prepareCrash } from '../testing/crash-change.ts';
import { sampleLayer } from '../testing/sample-documents.ts';
import { startChanges } from './start-changes.ts';

const CHILD = fileURLToPath(new URL('../testing/apply-change.ts', import.meta.url));
const POINTS = failpointNames().filter((name) => /^(change|step)\./.test(name));
/** Places that the change passes several times, and how often. */
const PASSED: Readonly<Record<string, number>> = {
  'change.statement-run': 5,
  'change.data-changed': 4,
  'change.values-rewritten': 2,
  'step.begun': 2,
  'step.worked': 3,
};
const INSTANTS = POINTS.flatMap((name) =>
  Array.from({ length: PASSED[name] ?? 1 }, (_, at) => (at === 0 ? name : `${name}:${at + 1}`)),
);
/** From the commit on, the change must be there; before it, nothing of it. */
const isDone = (instant: string): boolean => /^(step\.|change\.(committed|swapped))/.test(instant);

/** Answers the signal by which the child died. */
async function dieAt(point: string, target: string): Promise<string | null> {
  const child = spawn(process.execPath, [CHILD, target], {
    env: { ...process.env, MORTISE_FAILPOINT: point },
    stdio: 'inherit',
  });
  const [, signal] = (await once(child, 'exit')) as [number | null, string | null];
  return signal;
}

const LAYERS = { base: sampleLayer(), plugins: [] };

/** Everything that a change touches, seen by the next start, which also does the steps that are left. */
async function state(db: Database): Promise<unknown> {
  const changes = await startChanges({ db, layers: LAYERS });
  await changes.settled();
  const visit = changes.current().entities.get('visit');
  const number = visit?.fields.get('number')?.column?.name;
  const [found] = await db.query<Record<string, unknown>>({
    text: `select (select json_agg(c.table_name || '.' || c.column_name || ' ' || c.data_type order by 1) from (
          select table_name::text, column_name::text, data_type::text from information_schema.columns
          where table_schema = 'public' order by 1, 2) c) as columns,
      (select json_agg(i.name order by i.name) from (
        select c.relname::text as name from pg_index x join pg_class c on c.oid = x.indexrelid
        join pg_namespace s on s.oid = c.relnamespace where s.nspname = 'public' and x.indisvalid) i) as indexes,
      (select count(*)::int from pg_index where not indisvalid) as broken,
      (select json_agg(json_build_object(o.kind || '/' || o.name, o.document) order by o.kind, o.name) from mortise.overlay o) as overlays,
      (select count(*)::int from mortise.change_set) as logged,
      (select count(*)::int from mortise.online_step where state <> 'done' and kind = 'index') as open,
      (select md5(string_agg("${number}"::text, ',' order by "${number}"::text)) from visit) as numbers,
      (select count(*)::int from visit where empty = 'filled') as filled,
      (select count(*)::int from visit where tagged = array['two']) as joined,
      (select count(*)::int from mortise.history) as history,
      (select json_agg(h.entity) from mortise.history h where h.entity in ('trip', 'journey')) as renamed,
      (select sum(version)::int from visit) as versions`,
  });
  const answer = {
    ...found,
    version: changes.current().version,
    hash: changes.current().hash,
    fields: [...(visit?.fields.keys() ?? [])],
    tables: [...changes.current().entities.values()].map(({ name, table }) => `${name} in ${table}`),
    value: changes.dictionaries.value('tag', 'crash') !== undefined,
    active: changes.dictionaries.value('tag', 'one')?.active,
  };
  await changes.stop();
  return answer;
}

describe('a crash during a change', { timeout: 180_000 }, () => {
  it('is tried at thirty instants at least', () => {
    expect(INSTANTS.length).toBeGreaterThanOrEqual(30);
  });

  describe('on PGlite', () => {
    let template: string;
    beforeAll(async () => {
      template = mkdtempSync(join(tmpdir(), 'mortise-crash-'));
      const db = await openPglite({ dataDir: template });
      const changes = await startChanges({ db, layers: LAYERS });
      await prepareCrash(db, changes);
      await changes.stop();
      await db.close();
    });
    afterAll(() => rmSync(template, { recursive: true, force: true }));

    async function after(point: string): Promise<{ signal: string | null; left: unknown }> {
      const folder = mkdtempSync(join(tmpdir(), 'mortise-crash-'));
      cpSync(template, folder, { recursive: true });
      const signal = point === 'before' ? null : await dieAt(point, folder);
      const db = await openPglite({ dataDir: folder });
      const left = await state(db);
      await db.close();
      rmSync(folder, { recursive: true, force: true });
      return { signal, left };
    }

    it('leaves all of it or nothing', async () => {
      const [before, done] = [await after('before'), await after('')];
      expect(done).not.toEqual(before);
      expect(await after('change.purged')).toEqual({ signal: 'SIGKILL', left: before.left });
      expect(await after('change.committed')).toEqual({ signal: 'SIGKILL', left: done.left });
    });
  });

  describe.skipIf(serverSkipped !== null)('on PostgreSQL', () => {
    let template: Awaited<ReturnType<typeof createServerDatabase>>;
    let before: unknown;
    let done: unknown;
    beforeAll(async () => {
      template = await createServerDatabase();
      const db = await openPostgres(template.url, { max: 4 });
      const changes = await startChanges({ db, layers: LAYERS });
      await prepareCrash(db, changes);
      await changes.stop();
      await db.close();
      before = (await after(null)).left;
      const whole = await after('');
      if (whole.signal !== null) throw new Error(`it died without a failpoint: ${whole.signal}`);
      done = whole.left;
    }, 180_000);
    afterAll(async () => await template.drop());

    async function after(point: string | null): Promise<{ signal: string | null; left: unknown }> {
      const { url, drop } = await createServerDatabase(template.name);
      const signal = point === null ? null : await dieAt(point, url);
      const db = await openPostgres(url, { max: 4 });
      const left = await state(db);
      await db.close();
      await drop();
      return { signal, left };
    }

    it('makes a difference when it is carried out', () => expect(done).not.toEqual(before));

    it.each(INSTANTS)('at %s leaves all of it or nothing', async (point) => {
      expect(await after(point)).toEqual({ signal: 'SIGKILL', left: isDone(point) ? done : before });
    });
  });
});
