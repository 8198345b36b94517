import { faultOfRefusal } from '../client.ts';
import { ORDER } from '../documents.ts';
import { BOTH, type Fault, tally } from '../fault.ts';
import { uuid7 } from '../../../core/src/store/uuid7.ts';

const CLIENTS = 200;
const BOUND_MS = 55_000;

/** 200 clients at once, each creates, reads, changes and lists. */
export const manyClients: Fault = {
  name: 'many-clients',
  title: '200 clients at once',
  engines: BOTH,
  short: false,
  async run(bench) {
    const server = await bench.start();
    const client = bench.client.at(server.address);
    const counts = new Map<string, number>();
    const faults: string[] = [];
    let slowest = 0;
    const one = async (): Promise<void> => {
      const id = uuid7();
      const values = { id, name: `many ${id}`, counter: 1 };
      bench.ledger.pending.set(id, values);
      for (const step of ['create', 'read', 'update', 'list'] as const) {
        const outcome = await (step === 'create'
          ? client.send('POST', `records/${ORDER}`, values)
          : step === 'read'
            ? client.send('GET', `records/${ORDER}/${id}`)
            : step === 'update'
              ? client.send('PATCH', `records/${ORDER}/${id}`, { counter: 2 }, { 'If-Match': '"1"' })
              : client.send('GET', `records/${ORDER}?limit=20&sort=-created_at`));
        slowest = Math.max(slowest, outcome.ms);
        const name = outcome.kind === 'lost' ? `lost (${outcome.reason})` : String(outcome.status);
        counts.set(name, (counts.get(name) ?? 0) + 1);
        if (outcome.kind === 'lost' || (outcome.status >= 500 && outcome.status !== 503))
          faults.push(`${step} was answered ${name}`);
        const wrong = faultOfRefusal(outcome);
        if (wrong !== null) faults.push(wrong);
        if (outcome.kind === 'lost' || outcome.status >= 300) return;
        if (step === 'create')
          bench.ledger.acknowledge({ id, version: 1, action: 'create', values }, outcome.body['code']);
        if (step === 'update')
          bench.ledger.acknowledge(
            { id, version: 2, action: 'update', values: { counter: 2 } },
            outcome.body['code'],
          );
      }
    };
    try {
      await Promise.all(Array.from({ length: CLIENTS }, one));
      if (slowest > BOUND_MS) faults.push(`a request took ${Math.round(slowest)} ms`);
      await bench.resend(server);
      await server.stop();
    } finally {
      if (server.ending() === null) await server.kill();
    }
    return {
      figures: `${tally(counts)}; ${(slowest / 1000).toFixed(1)} s at most`,
      faults: [...faults, ...(await bench.check())],
    };
  },
};
