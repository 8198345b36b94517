import { setTimeout as sleep } from 'node:timers/promises';
import type { Bench } from '../bench.ts';
import { faultOfRefusal } from '../client.ts';
import { type Fault, SERVER_ONLY } from '../fault.ts';
import { terminateConnections } from '../installation.ts';
import { startLoad } from '../load.ts';
import { openProxy, type Proxy, type Road } from '../proxy.ts';
import type { Server } from '../server.ts';
import { msUntilReady } from './ready.ts';

const STATEMENT_LIMIT = 2000;
const RETURN_LIMIT = 30_000;

/** Connections that are ended, refused and swallowed under load; then they return, and the same process goes on. */
export const lostConnection: Fault = {
  name: 'lost-connection',
  title: 'Database connection ended, refused, swallowed; then back',
  engines: SERVER_ONLY,
  short: true,
  async run(bench, seed) {
    const proxy = await openProxy(bench.installation.url ?? '', `statement_timeout=${STATEMENT_LIMIT}`);
    const server = await bench.start({ url: proxy.url });
    const faults: string[] = [];
    const figures: string[] = [];
    try {
      await bench.resend(server);
      const load = startLoad(bench.client.at(server.address), bench.ledger, {
        seed,
        writers: 6,
        metadata: true,
      });
      await sleep(1000);
      figures.push(`${await terminateConnections(bench.installation)} connections ended`);
      await sleep(500);
      await terminateConnections(bench.installation);
      for (const road of ['refuses', 'swallows'] as const)
        faults.push(...(await lose(bench, server, proxy, road, figures)));
      await sleep(500);
      await load.stop();
      if (server.ending() === null) {
        await bench.resend(server);
        await server.stop();
      } else faults.push(`the process ended: ${server.output()}`);
    } finally {
      proxy.close();
      if (server.ending() === null) await server.kill();
    }
    return { figures: figures.join('; '), faults: [...faults, ...(await bench.check())] };
  },
};

async function lose(
  bench: Bench,
  server: Server,
  proxy: Proxy,
  road: Road,
  figures: string[],
): Promise<string[]> {
  const faults: string[] = [];
  proxy.set(road);
  await sleep(500);
  const asked = await Promise.all(
    Array.from({ length: 30 }, () => bench.client.at(server.address).send('GET', 'me')),
  );
  for (const answer of asked) {
    const wrong =
      answer.kind === 'lost'
        ? answer.reason
        : answer.status === 503
          ? faultOfRefusal(answer)
          : `answered ${answer.status}`;
    if (wrong !== null) faults.push(`while the database ${road}: ${wrong}`);
  }
  const slowest = Math.max(...asked.map(({ ms }) => ms));
  proxy.set('open');
  const back = await msUntilReady(server, RETURN_LIMIT);
  if (back === null) faults.push(`not ready ${RETURN_LIMIT / 1000} s after the database was back (${road})`);
  figures.push(
    `${road}: 503 after ${(slowest / 1000).toFixed(1)} s at most, ready ${back ?? '?'} ms after its return`,
  );
  return faults;
}
