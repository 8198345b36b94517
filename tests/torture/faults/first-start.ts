import type { Row } from '../../../core/src/store/database.ts';
import { seededRandom } from '../../../core/src/demo/random.ts';
import type { Bench } from '../bench.ts';
import { signIn } from '../client.ts';
import { BOTH, type Fault } from '../fault.ts';
import { failpoints } from '../failpoints.ts';
import { createInstallation, type Installation } from '../installation.ts';
import { DiedAtStart, type Server, startServer } from '../server.ts';

const OF_START = /^(?:start|store\.migration)/;
const OF_LOAD = /^demo\.(?:batch|all|completed)/;
const OF_REMOVAL = /^demo\.(?:rows|marks)/;

/** Death in the very first start, and while sample data is loaded or removed: the next start makes it whole. */
export const firstStart: Fault = {
  name: 'first-start',
  title: 'SIGKILL in the first start and in loading and removing sample data',
  engines: BOTH,
  short: false,
  async run(bench, seed) {
    const random = seededRandom(seed);
    const given = bench.options.failpoint;
    const all = failpoints().filter((name) => OF_START.test(name) || name.startsWith('demo.'));
    const faults: string[] = [];
    let died = 0;
    let records: number | null = null;
    for (const name of given ? [given] : all) {
      const nth = name === 'demo.batch-written' ? random.int(2, 8) : 1;
      const shown = await dieAt(bench, name.includes(':') ? name : `${name}:${nth}:kill`);
      faults.push(...shown.faults.map((fault) => `${name}: ${fault}`));
      if (shown.died) died += 1;
      if (shown.records === null) continue;
      // The same sample data, however often its loading was broken off.
      if (records !== null && shown.records !== records)
        faults.push(`${name}: ${shown.records} sample records, ${records} after another death`);
      records = shown.records;
    }
    return { figures: `${died} deaths, ${records ?? 'no'} sample records each time`, faults };
  },
};

interface Shown {
  readonly died: boolean;
  readonly records: number | null;
  readonly faults: readonly string[];
}

async function dieAt(bench: Bench, spec: string): Promise<Shown> {
  const installation = await createInstallation(bench.engine);
  const start = (more: Readonly<Record<string, string>> = {}): Promise<Server> =>
    startServer({ ...installation.environment(), ...more });
  const isLoad = OF_LOAD.test(spec);
  const demo: Readonly<Record<string, string>> = isLoad ? { MORTISE_DEMO: '1' } : {};
  try {
    const died = OF_REMOVAL.test(spec)
      ? await dieRemoving(start, spec)
      : await start({ ...demo, MORTISE_FAILPOINT: spec }).then(
          async (server) => {
            await server.kill();
            return false;
          },
          (error: unknown) => {
            if (error instanceof DiedAtStart) return error.ending.signal === 'SIGKILL';
            throw error;
          },
        );
    const server = await start(demo);
    const client = await signIn(server.address);
    let records: number | null = null;
    if (isLoad) {
      const told = await client.send('GET', 'demo');
      records = told.kind === 'answer' ? Number(told.body['records']) : 0;
    }
    await server.stop();
    return { died, records, faults: [...(died ? [] : ['not reached']), ...(await look(installation, spec))] };
  } finally {
    await installation.remove();
  }
}

/** Loads the sample data, and dies while it is removed; the next start may remove it again. */
async function dieRemoving(
  start: (more?: Readonly<Record<string, string>>) => Promise<Server>,
  spec: string,
): Promise<boolean> {
  const server = await start({ MORTISE_DEMO: '1' });
  const client = await signIn(server.address);
  await server.order({ arm: spec });
  await client.send('DELETE', 'demo');
  const died = server.ending()?.signal === 'SIGKILL' || (await server.ended).signal === 'SIGKILL';
  const again = await start();
  const removed = await (await signIn(again.address)).send('DELETE', 'demo');
  if (removed.kind === 'lost' || removed.status !== 200)
    throw new Error(`the sample data cannot be removed: ${JSON.stringify(removed)}`);
  await again.stop();
  return died;
}

async function look(installation: Installation, spec: string): Promise<readonly string[]> {
  const db = await installation.open();
  const one = async (text: string): Promise<number> =>
    Number((await db.query<Row & { n: number }>({ text }))[0]?.n);
  try {
    const faults: string[] = [];
    const administrators = await one(`select count(*)::int as n from "user" where username = 'admin'`);
    if (administrators !== 1) faults.push(`there are ${administrators} administrators`);
    if (OF_REMOVAL.test(spec)) {
      const marks = await one('select count(*)::int as n from mortise.sample_mark');
      const customers = await one('select count(*)::int as n from customer');
      if (marks + customers > 0) faults.push(`${marks} marks and ${customers} sample customers are left`);
    }
    if (OF_LOAD.test(spec)) {
      const loose = await one(`select count(*)::int as n from customer c
        where not exists (select from mortise.sample_mark m where m.id = c.id)`);
      if (loose > 0) faults.push(`${loose} sample customers are not marked`);
    }
    return faults;
  } finally {
    await db.close();
  }
}
