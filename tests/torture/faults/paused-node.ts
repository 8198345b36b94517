import { setTimeout as sleep } from 'node:timers/promises';
import type { Json } from '../client.ts';
import { ORDER } from '../documents.ts';
import { type Fault, SERVER_ONLY } from '../fault.ts';
import { startLoad } from '../load.ts';
import { uuid7 } from '../../../core/src/store/uuid7.ts';

/**
 * Two nodes; one is stopped in its tracks (SIGSTOP) while the other changes the model, then goes on (SIGCONT). It must not
 * write with the old model, and must know the new one.
 */
export const pausedNode: Fault = {
  name: 'paused-node',
  title: 'Two nodes, one paused while the model changes',
  engines: SERVER_ONLY,
  short: false,
  async run(bench, seed) {
    const [awake, paused] = [await bench.start(), await bench.start()];
    const faults: string[] = [];
    try {
      const [here, there] = [bench.client.at(awake.address), bench.client.at(paused.address)];
      await bench.resend(awake);
      const both = [
        startLoad(here, bench.ledger, { seed, writers: 3, metadata: false }),
        startLoad(there, bench.ledger, { seed: seed + 50, writers: 3, metadata: false }),
      ];
      const before = await version(here);
      await sleep(1000);
      paused.signal('SIGSTOP');
      const configure = startLoad(here, bench.ledger, { seed: seed + 99, writers: 0, metadata: true });
      await sleep(6000);
      await configure.stop();
      const field = `late_${uuid7().slice(-10)}`;
      await addField(here, field, faults);
      const changed = await version(here);
      paused.signal('SIGCONT');
      // The first thing it is asked after its sleep: with the old model it could not know the field.
      const id = uuid7();
      const made = await there.send('POST', `records/${ORDER}`, { id, name: `late ${id}`, counter: 0 });
      if (made.kind === 'lost' || made.status !== 201)
        faults.push(`after SIGCONT a create was answered ${JSON.stringify(made).slice(0, 300)}`);
      await sleep(1000);
      if ((await version(there)) < changed)
        faults.push('a second after SIGCONT the node still shows the old model');
      const known = await there.send('POST', `records/${ORDER}`, { name: `known ${id}`, [field]: 'x' });
      if (known.kind === 'lost' || known.status !== 201)
        faults.push(`the woken node does not know the new field: ${JSON.stringify(known).slice(0, 300)}`);
      for (const load of both) await load.stop();
      for (const server of [awake, paused]) {
        if (server.ending() !== null) faults.push(`a node ended: ${server.output()}`);
      }
      await bench.resend(awake);
      await Promise.all([awake.stop(), paused.stop()]);
      return {
        figures: `model ${before} → ${changed} meanwhile; the woken node wrote with the new one`,
        faults: [...faults, ...(await bench.check())],
      };
    } finally {
      for (const server of [awake, paused]) if (server.ending() === null) await server.kill();
    }
  },
};

type Sender = { send(method: string, path: string, body?: unknown): Promise<{ kind: string; body?: Json }> };

async function version(client: Sender): Promise<number> {
  return Number((await client.send('GET', 'model')).body?.['version']);
}

async function addField(client: Sender, name: string, faults: string[]): Promise<void> {
  // A writer that stood still inside its transaction keeps the model's lock for a minute at most.
  for (let attempt = 0; attempt < 30; attempt += 1) {
    const found = await client.send('GET', `metadata/documents/entity/${ORDER}`);
    const document = found.body?.['document'] as Json;
    const properties = {
      ...(document['properties'] as Json),
      [name]: { field: 'text', label: { 'zh-CN': name, en: name }, maxLength: 20 },
    };
    const changes = [{ kind: 'entity', name: ORDER, document: { ...document, properties } }];
    const done = await client.send('POST', 'metadata/apply', {
      changes,
      note: `late ${name}`,
      accept: ['none', 'locks'],
    });
    if (done.body?.['version'] !== undefined) return;
    await sleep(1000);
  }
  faults.push('while a node was paused the model could not be changed for more than a minute');
}
