import { setTimeout as sleep } from 'node:timers/promises';
import { seededRandom } from '../../../core/src/demo/random.ts';
import { BOTH, type Fault } from '../fault.ts';
import { startLoad } from '../load.ts';

/** Writes that are acknowledged before the end comes, or nothing would be shown. */
const LEAST = 20;
/** Milliseconds. */
const PATIENCE = 30_000;

async function soon(holds: () => boolean): Promise<boolean> {
  const end = performance.now() + PATIENCE;
  while (!holds() && performance.now() < end) await sleep(20);
  return holds();
}

/** SIGKILL at random moments under mixed load, over and over on one installation. */
export const randomDeath: Fault = {
  name: 'random-death',
  title: 'SIGKILL at random moments under load',
  engines: BOTH,
  short: true,
  async run(bench, seed) {
    const random = seededRandom(seed);
    const faults: string[] = [];
    const before = bench.ledger.writes.length;
    let resent = 0;
    for (let round = 0; round < bench.options.rounds && faults.length === 0; round += 1) {
      const server = await bench.start();
      const written = bench.ledger.writes.length;
      resent += bench.ledger.pending.size;
      await bench.resend(server);
      const load = startLoad(bench.client.at(server.address), bench.ledger, {
        seed: random.int(0, 1e9),
        writers: 8,
        metadata: true,
      });
      if (!(await soon(() => bench.ledger.writes.length >= written + LEAST)))
        faults.push(
          `round ${round + 1}: fewer than ${LEAST} writes were acknowledged in ${PATIENCE / 1000} s`,
        );
      await sleep(random.int(0, bench.options.short ? 1500 : 5000));
      await server.kill();
      await load.stop();
      faults.push(...(await bench.check()).map((fault) => `round ${round + 1}: ${fault}`));
    }
    return {
      figures: `${bench.options.rounds} deaths, ${bench.ledger.writes.length - before} acknowledged writes, ${resent} sent again`,
      faults,
    };
  },
};
