import { createServer } from 'node:http';
import type { AddressInfo } from 'node:net';
import { setTimeout as sleep } from 'node:timers/promises';
import { seededRandom } from '../../../core/src/demo/random.ts';
import type { Row } from '../../../core/src/store/database.ts';
import { uuid7 } from '../../../core/src/store/uuid7.ts';
import type { Bench } from '../bench.ts';
import type { Client, Json } from '../client.ts';
import { BOTH, type Fault } from '../fault.ts';
import { failpoints } from '../failpoints.ts';
import { CASE, NOTE, ruleDocuments, SECRET, WHATS } from '../rule-documents.ts';
import { DiedAtStart, type Server } from '../server.ts';

/** `outbox.called` belongs to actions of plugins, which `core/src/automation/deadlines.test.ts` kills. */
const POINTS = /^(?:rule|deadline|outbox\.(?:claimed|sent|marked))/;
/** Reached when the clock has come further; the others by a transition. */
const BY_CLOCK = /^(?:deadline|rule\.(?:noted|done))/;
/** Deadlines are due after one minute; a delivery whose node died is taken over after two. */
const LATER_MS = 180_000;
const LIMIT_MS = 60_000;

interface Case {
  readonly id: string;
  isSubmitted: boolean;
}

/** Death between a transition and what rules, deadlines and the outbox do about it: all of it happens, once. */
export const rulesFault: Fault = {
  name: 'rules',
  title: 'SIGKILL between a transition and what follows from it',
  engines: BOTH,
  short: true,
  async run(bench, seed) {
    const random = seededRandom(seed);
    const all = failpoints().filter((name) => POINTS.test(name));
    const given = bench.options.failpoint;
    const points = given ? [given] : bench.options.short ? [random.pick(all)] : all;
    const torment = await Torment.begin(bench);
    try {
      for (const point of points) await torment.dieAt(point);
      return { figures: await torment.end(), faults: torment.faults };
    } finally {
      torment.close();
    }
  },
};

class Torment {
  readonly faults: string[] = [];
  readonly #bench: Bench;
  readonly #url: string;
  readonly #close: () => void;
  /** What the receiver has seen: case → kind → idempotency keys. */
  readonly #received: Map<string, Set<string>>;
  readonly #cases: Case[] = [];
  #clock = 0;
  #died = 0;
  /** A deadline of the last server is due at the next one. */
  #isDue = false;

  private constructor(bench: Bench, url: string, received: Map<string, Set<string>>, close: () => void) {
    this.#bench = bench;
    this.#url = url;
    this.#received = received;
    this.#close = close;
  }

  /** Opens the receiver, gives the installation its rules, and leaves one case that waits. */
  static async begin(bench: Bench): Promise<Torment> {
    const received = new Map<string, Set<string>>();
    const receiver = createServer((request, answer) => {
      let text = '';
      request.on('data', (part: Buffer) => (text += part.toString()));
      request.on('end', () => {
        const { record, data } = JSON.parse(text) as { record: string; data: { what: string } };
        const key = `${record} ${data.what}`;
        received.set(key, (received.get(key) ?? new Set()).add(String(request.headers['idempotency-key'])));
        answer.statusCode = 204;
        answer.end();
      });
    });
    await new Promise<void>((resolve) => receiver.listen(0, '127.0.0.1', resolve));
    const url = `http://127.0.0.1:${(receiver.address() as AddressInfo).port}/in`;
    const torment = new Torment(bench, url, received, () => receiver.close());
    const server = await torment.#start();
    const client = bench.client.at(server.address);
    const note = `rules of the harness ${uuid7()}`;
    const made = await sent(client, 'POST', 'metadata/apply', {
      changes: ruleDocuments(url),
      note,
      accept: ['none', 'locks'],
    });
    bench.ledger.changes.set(note, Number(made['version']));
    await sent(client, 'POST', `rules/secrets/${SECRET}`, {});
    // The clock of a date rule begins with its first look, which a start does.
    await server.kill();
    await torment.#leaveDue();
    return torment;
  }

  close(): void {
    this.#close();
  }

  async #start(environment: Readonly<Record<string, string>> = {}): Promise<Server> {
    this.#clock += LATER_MS;
    this.#isDue = false;
    return await this.#bench.start({
      environment: {
        MORTISE_WEBHOOK_HOSTS: new URL(this.#url).host,
        TORTURE_CLOCK: String(this.#clock),
        ...environment,
      },
    });
  }

  /** A server that moves one case on and dies: its deadline is due at the next one. */
  async #leaveDue(): Promise<void> {
    const server = await this.#start();
    await sleep(500);
    await this.#submit(this.#bench.client.at(server.address));
    await server.kill();
    this.#isDue = true;
  }

  /** A new case, due in a minute; its transition may end the server. */
  async #submit(client: Client, before?: () => Promise<unknown>): Promise<void> {
    const id = uuid7();
    const due = new Date(Date.now() + this.#clock + 60_000).toISOString();
    await sent(client, 'POST', `records/${CASE}`, { id, name: id, due_at: due });
    const each = { id, isSubmitted: false };
    this.#cases.push(each);
    await before?.();
    const outcome = await client.send('POST', `records/${CASE}/${id}/transitions/submit`, {});
    each.isSubmitted = outcome.kind === 'answer' && outcome.status === 200;
    if (outcome.kind === 'answer' && outcome.status >= 500 && outcome.status !== 503)
      this.faults.push(`submit: ${JSON.stringify(outcome.body)}`);
  }

  /** Who got no answer asks again. */
  async #again(client: Client): Promise<number> {
    let n = 0;
    for (const each of this.#cases.filter(({ isSubmitted }) => !isSubmitted)) {
      const { step } = await sent(client, 'GET', `records/${CASE}/${each.id}?fields=step`);
      if (step === 'open') {
        await sent(client, 'POST', `records/${CASE}/${each.id}/transitions/submit`, {});
        n += 1;
      }
      each.isSubmitted = true;
    }
    return n;
  }

  async dieAt(point: string): Promise<void> {
    const spec = /:(?:kill|pause|error)$/.test(point) ? point : `${point}:1:kill`;
    const byClock = BY_CLOCK.test(point);
    if (byClock && !this.#isDue) await this.#leaveDue();
    let server: Server;
    try {
      server = await this.#start(byClock ? { MORTISE_FAILPOINT: spec } : {});
    } catch (error) {
      if (!(error instanceof DiedAtStart)) throw error;
      this.#died += 1;
      return;
    }
    if (!byClock) {
      const client = this.#bench.client.at(server.address);
      await this.#again(client);
      await this.#submit(client, () => server.order({ arm: spec }));
    }
    await Promise.race([server.ended, sleep(LIMIT_MS, null, { ref: false })]);
    if (server.ending()) this.#died += 1;
    else {
      this.faults.push(`${spec}: not reached in ${LIMIT_MS / 1000} s`);
      await server.kill();
    }
  }

  /** Lets everything come to rest and counts. @returns the figures */
  async end(): Promise<string> {
    let server = await this.#start();
    if ((await this.#again(this.#bench.client.at(server.address))) > 0) {
      await server.stop();
      server = await this.#start();
    }
    const client = this.#bench.client.at(server.address);
    const wanted = this.#cases.length * WHATS.length;
    const begun = performance.now();
    for (let rests = false; !rests && performance.now() - begun < LIMIT_MS;) {
      await sleep(200);
      const { items } = (await sent(client, 'GET', 'rules/runs?limit=200')) as unknown as {
        items: readonly { readonly deliveries: readonly { readonly state: string }[] }[];
      };
      const deliveries = items.flatMap((run) => run.deliveries);
      rests = deliveries.length >= wanted && deliveries.every(({ state }) => state === 'done');
    }
    await server.stop();
    this.faults.push(...(await this.#count()), ...(await this.#bench.check()));
    return `${this.#died} deaths, ${this.#cases.length} cases with ${wanted} records, notifications and webhooks`;
  }

  async #count(): Promise<string[]> {
    const faults: string[] = [];
    const db = await this.#bench.installation.open();
    const once = async (what: string, text: string): Promise<void> => {
      const rows = await db.query<Row & { key: string; n: number }>({ text });
      const found = new Map(rows.map(({ key, n }) => [key, n]));
      for (const { id } of this.#cases)
        for (const each of WHATS) {
          const n = found.get(`${id} ${each}`) ?? 0;
          if (n !== 1) faults.push(`${what} “${each}” of ${id} is there ${n} times`);
        }
    };
    try {
      await once(
        'the record',
        `select split_part(name, ' ', 2) || ' ' || split_part(name, ' ', 1) as key, count(*)::int as n from ${NOTE} group by 1`,
      );
      await once(
        'the notification',
        `select record_id || ' ' || (text ->> 'en') as key, count(*)::int as n from mortise.notification
          where entity = '${CASE}' group by 1`,
      );
      await once(
        'the sent delivery',
        `select record_id || ' ' || (payload -> 'data' ->> 'what') as key, count(*)::int as n from mortise.outbox
          where entity = '${CASE}' and state = 'done' group by 1`,
      );
      const [left] = await db.query<Row & { n: number }>({
        text: `select count(*)::int as n from mortise.timer where entity = '${CASE}'`,
      });
      if (left?.n !== 0) faults.push(`${left?.n} deadlines are left`);
    } finally {
      await db.close();
    }
    for (const { id } of this.#cases)
      for (const each of WHATS) {
        const keys = this.#received.get(`${id} ${each}`)?.size ?? 0;
        if (keys !== 1) faults.push(`the webhook “${each}” of ${id} was received under ${keys} keys`);
      }
    return faults;
  }
}

/** @throws Error when it is not answered with success */
async function sent(client: Client, method: string, path: string, body?: Json): Promise<Json> {
  const outcome = await client.send(method, path, body);
  if (outcome.kind === 'lost' || outcome.status >= 300)
    throw new Error(`${method} ${path}: ${JSON.stringify(outcome)}`);
  return outcome.body;
}
