/**
 * `npm run gate -- [--cases 100000] [--seed 1] [--engine postgresql|pglite] [--minutes 60]`: asks the product and the
 * naive oracle the same random questions. A chunk of cases has a seed of its own, the next chunk the next one, so that
 * a run is taken up where another stopped by the seed it told last. PostgreSQL is DATABASE_URL, where a database is made
 * and dropped; the embedded engine is held in memory. Ends with 1 and the smallest case found where they differ.
 */
import { parseArgs } from 'node:util';
import * as fc from 'fast-check';
import type { Database } from '../../core/src/store/database.ts';
import { openPglite } from '../../core/src/store/open-pglite.ts';
import { openPostgres } from '../../core/src/store/open-postgres.ts';
import { prepareSystem } from '../../core/src/store/prepare-system.ts';
import { gateCases, type GateCase } from './generate.ts';
import { playCase, type Tally } from './play.ts';
import { openStage, type Stage } from './stage.ts';

const WORLDS = 100;
const QUESTIONS = 20;
/** Cases of one chunk, that is of one seed. */
const CHUNK = WORLDS * QUESTIONS;
const SERVER = process.env['DATABASE_URL'] ?? 'postgres://postgres@127.0.0.1:5432/postgres';

const { values: options } = parseArgs({
  options: {
    cases: { type: 'string', default: '100000' },
    seed: { type: 'string', default: '1' },
    engine: { type: 'string', default: 'postgresql' },
    minutes: { type: 'string', default: '60' },
  },
});
const [cases, first, minutes] = [Number(options.cases), Number(options.seed), Number(options.minutes)];
if (!(cases > 0) || !Number.isSafeInteger(first) || !(minutes > 0))
  throw new Error('--cases and --minutes are numbers above 0, --seed is a whole number');
if (options.engine !== 'postgresql' && options.engine !== 'pglite')
  throw new Error(`--engine is postgresql or pglite, and not “${options.engine}”`);

/** Runs on a fresh database, which is gone afterwards. */
async function withDatabase(engine: string, run: (db: Database) => Promise<void>): Promise<void> {
  if (engine === 'pglite') {
    const db = await openPglite();
    await prepareSystem(db);
    await run(db).finally(() => db.close());
    return;
  }
  const name = `mortise_gate_${process.pid}`;
  const admin = await openPostgres(SERVER, { max: 1 });
  await admin.query({
    text: `create database ${name} template template0 encoding 'UTF8' lc_collate 'C.UTF-8' lc_ctype 'C.UTF-8'`,
  });
  try {
    const url = new URL(SERVER);
    url.pathname = `/${name}`;
    const db = await openPostgres(url.toString(), { max: 4 });
    await prepareSystem(db);
    await run(db).finally(() => db.close());
  } finally {
    await admin.query({ text: `drop database if exists ${name} with (force)` });
    await admin.close();
  }
}

/** The smallest case of a chunk in which they differ, or null. */
async function differing(stage: Stage, seed: number, tally: Tally): Promise<string | null> {
  const told = await fc.check(
    fc.asyncProperty(gateCases(QUESTIONS), (given: GateCase) => playCase(stage, given, tally)),
    { numRuns: WORLDS, seed },
  );
  if (!told.failed) return null;
  return told.errorInstance instanceof Error ? told.errorInstance.message : String(told.errorInstance);
}

async function play(db: Database): Promise<void> {
  const stage = await openStage(db);
  const tally: Tally = { refused: 0, empty: 0, some: 0 };
  const from = performance.now();
  const seconds = (): number => (performance.now() - from) / 1000;
  let done = 0;
  let seed = first;
  for (; done < cases && seconds() < minutes * 60; done += CHUNK, seed += 1) {
    const difference = await differing(stage, seed, tally);
    if (difference !== null) {
      console.error(`seed ${seed}: the product and the oracle differ\n${difference}`);
      process.exitCode = 1;
      return;
    }
    const rate = Math.round((done + CHUNK) / seconds());
    console.log(`seed ${seed}: ${done + CHUNK} cases agree, ${rate} cases/s`);
  }
  const { some, empty, refused } = tally;
  console.log(
    `${done} cases on ${db.engine} in ${seconds().toFixed(0)} s; answers: ${some} with records, ${empty} empty, ${refused} refused`,
  );
  if (done < cases) console.log(`go on with --seed ${seed} --cases ${cases - done}`);
}

await withDatabase(options.engine, play);
