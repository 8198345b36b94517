import { setTimeout as sleep } from 'node:timers/promises';
import { seededRandom } from '../../core/src/demo/random.ts';
import { uuid7 } from '../../core/src/store/uuid7.ts';
import { type Client, faultOfRefusal, type Json, type Outcome } from './client.ts';
import { KIND, ORDER, PLUGIN, TRANSITIONS } from './documents.ts';
import type { Acknowledged, Ledger } from './ledger.ts';

type Random = ReturnType<typeof seededRandom>;

export interface LoadOptions {
  readonly seed: number;
  readonly writers: number;
  /** Also change documents, dictionaries and plugins. */
  readonly metadata: boolean;
  /** May a 500 be answered? Only where a failpoint fails on purpose. */
  readonly internalErrors?: boolean;
}

/** A mixed load that runs until it is stopped, or the server is gone. */
export interface Load {
  /** Settles when every worker has ended. */
  readonly ended: Promise<void>;
  stop(): Promise<void>;
}

/** Writes as many people do at once, and notes in the ledger what was acknowledged. */
export function startLoad(client: Client, ledger: Ledger, options: LoadOptions): Load {
  const control = { stopped: false };
  const workers = Array.from({ length: options.writers }, (_, index) =>
    new Writer(client, ledger, options, options.seed + index).run(control),
  );
  if (options.metadata)
    workers.push(new Configurator(client, ledger, options, options.seed + 1000).run(control));
  const ended = Promise.all(workers).then(() => undefined);
  return {
    ended,
    stop() {
      control.stopped = true;
      return ended;
    },
  };
}

abstract class Worker {
  protected readonly client: Client;
  protected readonly ledger: Ledger;
  protected readonly random: Random;
  readonly #options: LoadOptions;
  #gone = false;

  constructor(client: Client, ledger: Ledger, options: LoadOptions, seed: number) {
    this.client = client;
    this.ledger = ledger;
    this.random = seededRandom(seed);
    this.#options = options;
  }

  async run(control: { readonly stopped: boolean }): Promise<void> {
    while (!control.stopped && !this.#gone) await this.step();
  }

  protected abstract step(): Promise<void>;

  /** The body of a success; null when it was refused or nobody knows. `unknown` tells the two apart. */
  protected async ask(
    method: string,
    path: string,
    body?: Json,
    headers?: Record<string, string>,
  ): Promise<{ body: Json | null; unknown: boolean }> {
    const outcome: Outcome = await this.client.send(method, path, body, headers);
    if (outcome.kind === 'lost') {
      this.ledger.count('lost');
      // A server that is gone answers nobody; one whose connection broke answers the next.
      if (/ECONNREFUSED/.test(outcome.reason)) this.#gone = true;
      await sleep(5);
      return { body: null, unknown: true };
    }
    this.ledger.count(
      outcome.status === 503 || outcome.status >= 400
        ? `${outcome.status} ${String(outcome.body['code'])}`
        : String(outcome.status),
    );
    const fault = faultOfRefusal(outcome);
    if (fault !== null) this.ledger.faults.push(`${method} ${path}: ${fault}`);
    if (outcome.status >= 500 && outcome.status !== 503 && !this.#options.internalErrors)
      this.ledger.faults.push(
        `${method} ${path} was answered ${outcome.status}: ${String(outcome.body['detail'])}`,
      );
    if (outcome.status === 503) await sleep(50);
    return { body: outcome.status < 300 ? outcome.body : null, unknown: outcome.status >= 500 };
  }
}

/** One person at work: on records of his own, on those that all share, one by one and in bulk. */
class Writer extends Worker {
  /** Own records that nobody else writes, so that every version is known. */
  readonly #own: string[] = [];

  protected async step(): Promise<void> {
    await this.random.weighted([
      [() => this.#create(), 36],
      [() => this.#update(), 26],
      [() => this.#shared(), 14],
      [() => this.#lines(), 10],
      [() => this.#transition(), 10],
      [() => this.#deleteAndRestore(), 7],
      [() => this.#bulk(), 7],
    ])();
  }

  #order(): Json & { readonly id: string } {
    const id = uuid7();
    const lines = Array.from({ length: this.random.int(0, 3) }, () => this.#line());
    return {
      id,
      name: `order ${id}`,
      kind: this.random.pick(['a', 'b']),
      counter: 0,
      amount: `${this.random.int(1, 999)}.50`,
      lines,
    };
  }

  #line(): Json {
    return { id: uuid7(), item: `item ${this.random.int(1, 99)}`, copies: this.random.int(1, 9) };
  }

  async #create(): Promise<void> {
    const order = this.#order();
    this.ledger.pending.set(order.id, order);
    const { body, unknown } = await this.ask('POST', `records/${ORDER}`, order);
    if (body) {
      this.#ack(order.id, 'create', order, body);
      this.#own.push(order.id);
    } else if (!unknown) this.ledger.pending.delete(order.id);
  }

  #ack(id: string, action: Exclude<Acknowledged['action'], 'delete'>, values: Json, answer: Json): void {
    this.ledger.acknowledge({ id, version: Number(answer['version']), action, values }, answer['code']);
  }

  /** One of the own records of which the version is known. */
  #pickOwn(): { readonly id: string; readonly version: number } | null {
    if (this.#own.length === 0) return null;
    const id = this.random.pick(this.#own);
    const version = this.ledger.settled.get(id);
    return version === undefined ? null : { id, version };
  }

  async #patch(id: string, version: number, values: Json): Promise<void> {
    this.ledger.settled.delete(id);
    const { body, unknown } = await this.ask('PATCH', `records/${ORDER}/${id}`, values, {
      'If-Match': `"${version}"`,
    });
    // What changes nothing keeps its version and leaves no trace.
    if (body && body['version'] !== version) this.#ack(id, 'update', values, body);
    else if (body !== null || !unknown) this.ledger.settled.set(id, version);
  }

  async #update(): Promise<void> {
    const own = this.#pickOwn();
    if (own) await this.#patch(own.id, own.version, { note: `note ${uuid7()}`, counter: own.version });
    else await this.#create();
  }

  async #lines(): Promise<void> {
    const own = this.#pickOwn();
    const lines = Array.from({ length: this.random.int(0, 4) }, () => this.#line());
    if (own) await this.#patch(own.id, own.version, { lines });
  }

  /** A step of the workflow, finished or taken back: record, history row and step are one write. */
  async #transition(): Promise<void> {
    const own = this.#pickOwn();
    if (!own) return;
    const found = await this.ask('GET', `records/${ORDER}/${own.id}?fields=stage,version`);
    const name = TRANSITIONS[String(found.body?.['stage'])];
    if (!name || found.body?.['version'] !== own.version) return;
    this.ledger.settled.delete(own.id);
    const { body, unknown } = await this.ask('POST', `records/${ORDER}/${own.id}/transitions/${name}`, {
      opinion: `opinion ${uuid7()}`,
    });
    if (body) this.#ack(own.id, 'transition', { stage: body['stage'] }, body);
    else if (!unknown) this.ledger.settled.set(own.id, own.version);
  }

  /** Everybody writes the same few records: a lost update would show in the history. */
  async #shared(): Promise<void> {
    const found = await this.ask(
      'GET',
      `records/${ORDER}?filter=${encodeURIComponent('{"name":{"$startsWith":"shared"}}')}&fields=name,version`,
    );
    const items = (found.body?.['items'] ?? []) as readonly Json[];
    if (items.length < 3) {
      const id = uuid7();
      const shared = { id, name: `shared ${id}`, counter: 0 };
      this.ledger.pending.set(id, shared);
      const made = await this.ask('POST', `records/${ORDER}`, shared);
      if (made.body) this.#ack(id, 'create', shared, made.body);
      else if (!made.unknown) this.ledger.pending.delete(id);
      return;
    }
    const { id, version } = this.random.pick(items);
    const values = { counter: this.random.int(1, 1_000_000) };
    const { body } = await this.ask('PATCH', `records/${ORDER}/${String(id)}`, values, {
      'If-Match': `"${String(version)}"`,
    });
    if (body && body['version'] !== version)
      this.ledger.writes.push({ id: String(id), version: Number(body['version']), action: 'update', values });
  }

  async #deleteAndRestore(): Promise<void> {
    const own = this.#pickOwn();
    if (!own) return;
    this.ledger.settled.delete(own.id);
    const gone = await this.ask('DELETE', `records/${ORDER}/${own.id}`);
    if (!gone.body) {
      if (!gone.unknown) this.ledger.settled.set(own.id, own.version);
      return;
    }
    this.ledger.acknowledge({ id: own.id, version: null, action: 'delete', values: {} }, undefined);
    const back = await this.ask('POST', `records/${ORDER}/${own.id}/restore`, {});
    if (back.body) this.#ack(own.id, 'restore', {}, back.body);
  }

  async #bulk(): Promise<void> {
    const items = Array.from({ length: this.random.int(2, 6) }, () => this.#order());
    for (const item of items) this.ledger.pending.set(item.id, item);
    const { body, unknown } = await this.ask('POST', `records/${ORDER}/bulk`, { operation: 'create', items });
    const results = (body?.['results'] ?? []) as readonly Json[];
    for (const [index, item] of items.entries()) {
      const answer = results[index];
      if (answer) this.#ack(item.id, 'create', item, answer);
      else if (!unknown) this.ledger.pending.delete(item.id);
    }
  }
}

const ACCEPT = ['none', 'locks', 'rewrites', 'hides-data', 'loses-data'];

/** Was the field added here, and not retired since? */
function isAdded(name: string, field: Json | undefined): boolean {
  return name.startsWith('f_') && field?.['retired'] !== true;
}

/** An administrator who changes the model while people work. */
class Configurator extends Worker {
  protected async step(): Promise<void> {
    await this.random.weighted([
      [() => this.#field(), 4],
      [() => this.#value(), 4],
      [() => this.#plugin(), 1],
      [() => this.#join(), 1],
      [() => this.#retype(), 2],
      [() => this.#purge(), 1],
    ])();
    await sleep(this.random.int(20, 200));
  }

  /** Changes a document, unless `change` gives null. @param data what becomes of stored values */
  async #apply(
    kind: string,
    name: string,
    change: (document: Json) => Json | null,
    data: readonly Json[] = [],
  ): Promise<boolean> {
    const found = await this.ask('GET', `metadata/documents/${kind}/${name}`);
    const document = found.body && change(found.body['document'] as Json);
    if (!document) return false;
    return await this.#send([{ kind, name, base: found.body?.['base'], document }], data);
  }

  async #send(changes: readonly Json[], data: readonly Json[]): Promise<boolean> {
    const note = `torture ${uuid7()}`;
    this.ledger.sentNotes.add(note);
    const { body } = await this.ask('POST', 'metadata/apply', { changes, data, note, accept: ACCEPT });
    if (body) this.ledger.changes.set(note, Number(body['version']));
    return body !== null;
  }

  /** Adds a field, or retires one that was added before. */
  async #field(): Promise<void> {
    const retires = this.random.chance(0.4);
    const index = this.random.chance(0.5);
    const name = `f_${uuid7().slice(-12)}`;
    await this.#apply('entity', ORDER, (document) => {
      const properties = { ...(document['properties'] as Record<string, unknown>) };
      // What was retired stays in the document; taking it out again would change nothing.
      const added = Object.keys(properties).filter((each) => isAdded(each, properties[each] as Json));
      if (added.length > 12 || (retires && added.length > 0)) delete properties[this.random.pick(added)];
      else
        properties[name] = {
          field: 'text',
          label: { 'zh-CN': name, en: name },
          maxLength: 40,
          ...(index ? { index: true } : {}),
        };
      return { ...document, properties };
    });
  }

  async #value(): Promise<void> {
    const code = `k_${uuid7().slice(-12)}`;
    const done = await this.#apply('dictionary', KIND, (document) => ({
      ...document,
      values: { ...(document['values'] as Json), [code]: { label: { 'zh-CN': code, en: code } } },
    }));
    if (done) this.ledger.values.add(code);
  }

  /** Makes one value of another: nobody uses it, so that no record changes its version. */
  async #join(): Promise<void> {
    const [from, to] = [...this.ledger.values];
    if (from === undefined || to === undefined) return;
    // Whether it went is known only when that is answered.
    this.ledger.values.delete(from);
    await this.#send([], [{ type: 'join', dictionary: KIND, from, to }]);
  }

  /** A text field becomes a number. */
  async #retype(): Promise<void> {
    const data: Json[] = [];
    await this.#apply(
      'entity',
      ORDER,
      (document) => {
        const properties = { ...(document['properties'] as Record<string, Json>) };
        const name = Object.keys(properties).find(
          (each) => properties[each]?.['field'] === 'text' && isAdded(each, properties[each]),
        );
        if (name === undefined) return null;
        properties[name] = { field: 'integer', label: properties[name]?.['label'] };
        data.push({ type: 'convert', entity: ORDER, field: name, otherwise: null });
        return { ...document, properties };
      },
      data,
    );
  }

  /** Drops a retired field for good. */
  async #purge(): Promise<void> {
    const found = await this.ask('GET', `metadata/documents/entity/${ORDER}`);
    const properties = ((found.body?.['document'] as Json | undefined)?.['properties'] ?? {}) as Record<
      string,
      Json
    >;
    const field = Object.keys(properties).find(
      (each) => each.startsWith('f_') && properties[each]?.['retired'] === true,
    );
    if (field !== undefined) await this.#send([], [{ type: 'purge', entity: ORDER, field }]);
  }

  async #plugin(): Promise<void> {
    const on = this.random.chance(0.5);
    const before = this.ledger.plugin;
    this.ledger.plugin = new Set([true, false]);
    const { body, unknown } = await this.ask('POST', `plugins/${PLUGIN}/${on ? 'enable' : 'disable'}`, {});
    if (body) this.ledger.plugin = new Set([on]);
    else if (!unknown) this.ledger.plugin = before;
  }
}
