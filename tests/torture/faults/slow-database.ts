import { faultOfRefusal } from '../client.ts';
import { type Fault, SERVER_ONLY } from '../fault.ts';
import { openProxy } from '../proxy.ts';
import { msUntilReady } from './ready.ts';

const ASKED = 120;
const BOUND_MS = 40_000;

/** Every piece of data takes 300 ms, then longer than a statement may: answers or clean refusals in bounded time. */
export const slowDatabase: Fault = {
  name: 'slow-database',
  title: 'Slow database: latency, then longer than a statement may take',
  engines: SERVER_ONLY,
  short: false,
  async run(bench) {
    const proxy = await openProxy(bench.installation.url ?? '', 'statement_timeout=2000');
    const server = await bench.start({ url: proxy.url });
    const faults: string[] = [];
    const figures: string[] = [];
    try {
      for (const latency of [300, 8000]) {
        proxy.delay(latency);
        const client = bench.client.at(server.address);
        const answers = await Promise.all(
          Array.from({ length: ASKED }, () => client.send('GET', 'records/customer?limit=5')),
        );
        const done = answers.filter((answer) => answer.kind === 'answer' && answer.status === 200).length;
        for (const answer of answers) {
          const wrong =
            answer.kind === 'lost'
              ? answer.reason
              : answer.status !== 200 && answer.status !== 503
                ? `answered ${answer.status}`
                : faultOfRefusal(answer);
          if (wrong !== null) faults.push(`at ${latency} ms: ${wrong}`);
        }
        const slowest = Math.max(...answers.map(({ ms }) => ms));
        if (slowest > BOUND_MS) faults.push(`at ${latency} ms a request took ${Math.round(slowest)} ms`);
        figures.push(
          `${latency} ms: ${done} of ${ASKED} answered, the others 503, ${(slowest / 1000).toFixed(1)} s at most`,
        );
      }
      proxy.delay(0);
      const back = await msUntilReady(server, 30_000);
      if (back === null) faults.push('not ready 30 s after the database was fast again');
      await server.stop();
    } finally {
      proxy.close();
      if (server.ending() === null) await server.kill();
    }
    return { figures: figures.join('; '), faults: [...faults, ...(await bench.check())] };
  },
};
