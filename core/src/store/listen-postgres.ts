import { Client, escapeIdentifier, type ClientConfig } from 'pg';

const FIRST_PAUSE = 200;
const LONGEST_PAUSE = 10_000;

/**
 * One connection beside the pool that hears NOTIFY. When it breaks it is opened again, and every listener is called
 * with an empty payload, because it may have missed something.
 */
export class Listener {
  readonly #config: ClientConfig;
  readonly #heard = new Map<string, ((payload: string) => void)[]>();
  #client: Promise<Client> | null = null;
  #timer: NodeJS.Timeout | null = null;
  #pause = FIRST_PAUSE;
  #closed = false;

  constructor(config: ClientConfig) {
    this.#config = config;
  }

  /** @throws the connection's error when it cannot be opened the first time */
  async listen(channel: string, heard: (payload: string) => void): Promise<void> {
    const known = this.#heard.get(channel);
    if (known) {
      known.push(heard);
      return;
    }
    this.#heard.set(channel, [heard]);
    this.#client ??= this.#connect();
    const client = await this.#client;
    await client.query(`listen ${escapeIdentifier(channel)}`);
  }

  async close(): Promise<void> {
    this.#closed = true;
    if (this.#timer) clearTimeout(this.#timer);
    const client = await this.#client?.catch(() => null);
    this.#client = null;
    await client?.end();
  }

  async #connect(): Promise<Client> {
    const client = new Client({ ...this.#config, keepAlive: true });
    client.on('notification', ({ channel, payload }) => this.#call(channel, payload ?? ''));
    let lost = false;
    const onLost = (): void => {
      if (lost) return;
      lost = true;
      this.#reconnectLater();
    };
    await client.connect();
    client.on('error', onLost);
    client.on('end', onLost);
    return client;
  }

  #call(channel: string, payload: string): void {
    for (const heard of this.#heard.get(channel) ?? []) heard(payload);
  }

  #reconnectLater(): void {
    this.#client = null;
    if (this.#closed) return;
    this.#timer = setTimeout(() => void this.#reconnect(), this.#pause);
    this.#timer.unref();
    this.#pause = Math.min(this.#pause * 2, LONGEST_PAUSE);
  }

  async #reconnect(): Promise<void> {
    try {
      this.#client = this.#connect();
      const client = await this.#client;
      for (const channel of this.#heard.keys()) await client.query(`listen ${escapeIdentifier(channel)}`);
      this.#pause = FIRST_PAUSE;
    } catch {
      this.#reconnectLater();
      return;
    }
    for (const channel of this.#heard.keys()) this.#call(channel, '');
  }
}
