import { setTimeout as sleep } from 'node:timers/promises';
import { BOTH, type Fault } from '../fault.ts';
import { startLoad } from '../load.ts';

const HOUR = 3_600_000;
const DAY = 24 * HOUR;

/** The clock of the server jumps under load: back and forth by hours, a year ahead and back. */
export const clockJump: Fault = {
  name: 'clock-jump',
  title: 'The clock jumps hours back, a day ahead, a year ahead',
  engines: BOTH,
  short: false,
  async run(bench, seed) {
    const server = await bench.start();
    const faults: string[] = [];
    const client = bench.client.at(server.address);
    try {
      await bench.resend(server);
      const load = startLoad(client, bench.ledger, { seed, writers: 4, metadata: true });
      // On the embedded engine the clock of the session is the same one: a year would rightly end it.
      const jumps =
        bench.engine === 'pglite' ? [-2 * HOUR, 3 * HOUR, -DAY, 0] : [-2 * HOUR, DAY, -DAY, 366 * DAY, 0];
      for (const jump of jumps) {
        await sleep(500);
        await server.order({ clock: jump });
        const me = await client.send('GET', 'me');
        if (me.kind === 'lost' || me.status !== 200)
          faults.push(
            `after a jump by ${jump / HOUR} h the session was answered ${me.kind === 'lost' ? me.reason : me.status}`,
          );
      }
      await sleep(300);
      await load.stop();
      await bench.resend(server);
      await server.stop();
      return {
        figures: `${jumps.length} jumps; sessions, ids, numbers and the order of the history held`,
        faults: [...faults, ...(await bench.check())],
      };
    } finally {
      if (server.ending() === null) await server.kill();
    }
  },
};
