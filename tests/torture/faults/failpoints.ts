import { setTimeout as sleep } from 'node:timers/promises';
import { seededRandom } from '../../../core/src/demo/random.ts';
import { parseFailpoint } from '../../../core/src/store/failpoint.ts';
import type { Bench } from '../bench.ts';
import { BOTH, type Fault } from '../fault.ts';
import { failpoints } from '../failpoints.ts';
import { startLoad } from '../load.ts';

/** Reached by the load, all of them: one that is not is a fault of the load or of the product; the others belong to the first start and to sample data. */
const UNDER_LOAD = /^(?:records|store\.(?:before|after)|change|step\.(?:begun|stored|worked))/;
/** Every write, or nearly every change, comes by them: the short form does not wait for what is rare. */
const OFTEN =
  /^(?:records\.(?:before|after)-(?:guard|load|write)|store\.|change\.(?:locked|checked|overlays|logged|version|committed))/;
const REACH_LIMIT = 90_000;
const SHORT_POINTS = 2;

/** Death, or an error, at every step of a write and of a change, in the middle of a mixed load. */
export const failpointFault: Fault = {
  name: 'failpoints',
  title: 'SIGKILL and an error at every failpoint under load',
  engines: BOTH,
  short: true,
  async run(bench, seed) {
    const random = seededRandom(seed);
    const all = failpoints().filter((name) => UNDER_LOAD.test(name));
    const given = bench.options.failpoint;
    const drawn = bench.options.short
      ? draw(
          all.filter((name) => OFTEN.test(name)),
          SHORT_POINTS,
          random.int,
        )
      : all;
    const names = given ? [given] : drawn;
    const faults: string[] = [];
    let died = 0;
    for (const name of names) {
      const spec = name.includes(':')
        ? name
        : `${name}:${name.startsWith('change') ? 1 : random.int(1, 12)}:kill`;
      const shown = await dieAt(bench, spec, random.int(0, 1e9));
      if (shown.reached) died += 1;
      else faults.push(`${spec}: not reached in ${REACH_LIMIT / 1000} s`);
      faults.push(...shown.faults.map((fault) => `${spec}: ${fault}`));
      if (faults.length > 20) break;
    }
    const errors = given ? [] : await failAt(bench, drawn, random.int(0, 1e9));
    faults.push(...errors);
    return {
      figures: `${died} of ${names.length} reached and killed; ${given ? 0 : names.length} failed`,
      faults,
    };
  },
};

function draw(all: readonly string[], n: number, int: (min: number, max: number) => number): string[] {
  const left = [...all];
  return Array.from(
    { length: Math.min(n, left.length) },
    () => left.splice(int(0, left.length - 1), 1)[0] ?? '',
  );
}

async function dieAt(
  bench: Bench,
  spec: string,
  seed: number,
): Promise<{ reached: boolean; faults: string[] }> {
  const server = await bench.start();
  await bench.resend(server);
  const action = parseFailpoint(spec)?.action;
  const load = startLoad(bench.client.at(server.address), bench.ledger, {
    seed,
    writers: 6,
    metadata: true,
    internalErrors: action === 'error',
  });
  await sleep(150);
  await server.order({ arm: spec }).catch(() => null);
  await Promise.race([server.ended, sleep(REACH_LIMIT, null, { ref: false })]);
  const reached = server.ending() !== null;
  if (!reached) await server.kill();
  await load.stop();
  return { reached, faults: await bench.check() };
}

/** An unexpected error at each failpoint, one after the other in one process: it answers 500, keeps nothing, and goes on. */
async function failAt(bench: Bench, names: readonly string[], seed: number): Promise<string[]> {
  const server = await bench.start();
  await bench.resend(server);
  const load = startLoad(bench.client.at(server.address), bench.ledger, {
    seed,
    writers: 4,
    metadata: true,
    internalErrors: true,
  });
  for (const name of names) {
    await server.order({ arm: `${name}:1:error` });
    await sleep(bench.options.short ? 400 : 700);
  }
  await server.order({ arm: '' });
  await load.stop();
  const ended = server.ending();
  const faults = ended
    ? [`the process ended (${ended.code ?? ended.signal}) on an error: ${server.output()}`]
    : [];
  if (!ended) {
    const alive = await bench.client.at(server.address).send('GET', 'me');
    if (alive.kind === 'lost' || alive.status !== 200) faults.push('it answers no longer after the errors');
    await server.stop();
  }
  return [...faults, ...(await bench.check())].map((fault) => `error: ${fault}`);
}
