import { seededRandom } from '../../../core/src/demo/random.ts';
import { operationsOf } from '../api-surface.ts';
import type { Bench } from '../bench.ts';
import type { Client, Json } from '../client.ts';
import { ORDER } from '../documents.ts';
import { BOTH, type Fault, tally } from '../fault.ts';
import { Malformed, type RawRequest } from '../malformed.ts';
import { cutShort, type RawAnswer, sendRaw } from '../raw.ts';
import type { Server } from '../server.ts';
import { uuid7 } from '../../../core/src/store/uuid7.ts';

const AT_ONCE = 8;
const SAMPLES = 12;
/** Growth of the heap after collecting garbage that is no leak: caches of statements and plans fill up once. */
const HEAP_SLACK = 40 << 20;
/** Signing in costs a tenth of a second of CPU on purpose, and print may start a browser. */
const RARE = /\/session$|\/print$|\/password$/;

/** Requests that are wrong in every way: never a 5xx, no crash, each refusal a valid problem, and no memory kept. */
export const malformedRequests: Fault = {
  name: 'malformed',
  title: 'Malformed requests over every route and verb',
  engines: BOTH,
  short: true,
  async run(bench, seed) {
    const server = await bench.start();
    try {
      const client = bench.client.at(server.address);
      const random = seededRandom(seed);
      const operations = operationsOf(await must(client, 'GET', 'openapi.json'));
      const generator = new Malformed(random, await material(client));
      const counts = new Map<string, number>();
      const faults = new Map<string, string>();
      const memory: number[][] = [];
      const { requests, minutes } = bench.options;
      const end = performance.now() + minutes * 60_000;
      let sent = 0;
      const goesOn = (): boolean =>
        (sent < requests || performance.now() < end) && faults.size < 20 && server.ending() === null;
      const next = (): RawRequest => {
        for (;;) {
          const operation = random.pick(operations);
          if (!RARE.test(operation.path) || random.chance(0.1)) return generator.make(operation);
        }
      };
      while (goesOn()) {
        const share = Math.max(1, Math.ceil(requests / SAMPLES));
        const part = sent + share;
        const worker = async (): Promise<void> => {
          while (sent < part && goesOn()) {
            sent += 1;
            const request = next();
            const answer = await sendRaw(server.address, request.bytes).catch(
              (error: unknown) => error as Error,
            );
            const wrong = answer instanceof Error ? answer.message : faultOf(answer, request);
            const status = answer instanceof Error ? 'none' : String(answer.status);
            counts.set(status, (counts.get(status) ?? 0) + 1);
            if (wrong !== null)
              faults.set(
                `${request.of}: ${wrong}`.slice(0, 400),
                request.bytes.toString('latin1').slice(0, 600),
              );
          }
        };
        await Promise.all(Array.from({ length: AT_ONCE }, worker));
        if (server.ending() === null) {
          const { heapUsed, rss } = await server.order({ memory: true });
          memory.push([heapUsed, rss]);
        }
      }
      const ended = server.ending();
      const found = [...faults].map(([fault, bytes]) => `${fault}\n    ${JSON.stringify(bytes)}`);
      if (ended) found.push(`the process ended (${ended.code ?? ended.signal}): ${server.output()}`);
      else found.push(...(await afterwards(bench, client, server, memory)));
      return {
        figures: `${sent} requests: ${tally(counts)}; heap ${memoryLine(memory, 0)}, RSS ${memoryLine(memory, 1)}`,
        faults: [...found, ...(await bench.check())],
      };
    } finally {
      if (server.ending() === null) await server.kill();
    }
  },
};

async function afterwards(
  bench: Bench,
  client: Client,
  server: Server,
  memory: readonly (readonly number[])[],
): Promise<string[]> {
  const faults: string[] = [];
  // The first third is warming up.
  const settled = memory.slice(Math.floor(memory.length / 3)).map(([heap = 0]) => heap);
  const grown = (settled.at(-1) ?? 0) - (settled[0] ?? 0);
  if (!bench.options.short && grown > HEAP_SLACK)
    faults.push(`the heap has grown by ${Math.round(grown / 2 ** 20)} MB after garbage was collected`);
  const alive = await client.send('GET', 'me');
  if (alive.kind === 'lost' || alive.status !== 200)
    faults.push(`the session is answered ${alive.kind === 'lost' ? alive.reason : alive.status}`);
  await server.stop();
  return faults;
}

function memoryLine(memory: readonly (readonly number[])[], at: number): string {
  const mb = memory.map((sample) => Math.round((sample[at] ?? 0) / 2 ** 20));
  return `${mb[Math.floor(mb.length / 3)] ?? '?'} → ${mb.at(-1) ?? '?'} MB (most ${Math.max(...mb)})`;
}

async function must(client: Client, method: string, path: string, body?: unknown): Promise<Json> {
  const outcome = await client.send(method, path, body);
  if (outcome.kind === 'lost' || outcome.status >= 300)
    throw new Error(`${method} ${path}: ${JSON.stringify(outcome).slice(0, 300)}`);
  return outcome.body;
}

async function material(client: Client): Promise<{ token: string; ids: string[]; entities: string[] }> {
  const { token } = await must(client, 'POST', 'me/tokens', { name: `torture ${uuid7()}` });
  const ids = [uuid7(), uuid7()];
  for (const id of ids)
    await must(client, 'POST', `records/${ORDER}`, { id, name: `target ${id}`, counter: 0 });
  const { entities } = await must(client, 'GET', 'model');
  return {
    token: String(token),
    ids: [...ids, uuid7()],
    entities: (entities as readonly Json[]).map((each) => String(each['name'])),
  };
}

/** What must not be in an answer. */
function faultOf(answer: RawAnswer, { bytes }: RawRequest): string | null {
  const { status, type, body } = answer;
  if (status === 0) return cutShort(bytes) ? null : 'the connection was closed without an answer';
  // Without a browser on the machine, the one thing that is unavailable is a PDF.
  if (status >= 500)
    return status === 503 && body.includes('MRT_PRINT_PDF_UNAVAILABLE')
      ? null
      : `${status} ${body.slice(0, 200)}`;
  if (status < 400 || bytes.subarray(0, 4).toString() === 'HEAD') return null;
  if (!type.startsWith('application/problem+json')) return `${status} as “${type}”`;
  try {
    const problem = JSON.parse(body) as Json;
    const whole =
      ['type', 'title', 'code', 'detail'].every((name) => typeof problem[name] === 'string') &&
      problem['status'] === status &&
      Array.isArray(problem['errors']);
    return whole ? null : `${status} with an incomplete problem ${body.slice(0, 200)}`;
  } catch {
    return `${status} with a body that is not JSON: ${body.slice(0, 200)}`;
  }
}
