import { execFile } from 'node:child_process';
import { mkdtemp, readFile, rm } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { promisify } from 'node:util';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { serverSkipped } from '@mortise/core/testing';
import type { Result } from './report.ts';
import { ROOT } from './root.ts';

const MINUTES = 6;

/** Deaths, lost connections and malformed requests against the real server, in short (docs/reliability.md). */
describe.each(['pglite', 'postgresql'])('npm run torture -- --short on %s', (engine) => {
  const missing = engine === 'postgresql' ? serverSkipped : null;
  if (missing !== null)
    console.warn(`\n*** SKIPPED: torture on PostgreSQL. Set TEST_DATABASE_URL. ${missing}\n`);
  let folder: string;
  beforeAll(async () => void (folder = await mkdtemp(join(tmpdir(), 'mortise-torture-'))));
  afterAll(() => rm(folder, { recursive: true, force: true }));

  it.skipIf(missing !== null)(
    'keeps what was acknowledged, and agrees with itself, whatever breaks',
    // The failure of the first try stays in the report, with the command that repeats it.
    { timeout: MINUTES * 60_000 },
    async () => {
      const file = join(folder, 'run.json');
      const run = promisify(execFile)(
        process.execPath,
        ['tests/torture/run.ts', '--short', '--engine', engine, '--json', file],
        { cwd: ROOT },
      );
      const said = await run.then(
        ({ stdout }) => stdout,
        (error: unknown) => String((error as { stdout?: string }).stdout ?? error),
      );
      const { results } = JSON.parse(await readFile(file, 'utf8')) as { results: Result[] };
      expect(
        results.filter(({ faults }) => faults.length > 0),
        said,
      ).toEqual([]);
      expect(results.map(({ name }) => name)).toEqual(
        expect.arrayContaining(['random-death', 'failpoints', 'malformed']),
      );
    },
  );
});
