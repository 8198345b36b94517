import { connect, createServer, type AddressInfo, type Socket } from 'node:net';

/** How the road to the database is. */
export type Road = 'open' | 'refuses' | 'swallows';

/** A road to PostgreSQL that the harness can break, block and lengthen. */
export interface Proxy {
  /** The address of the database by this road. */
  readonly url: string;
  /** From now on: open, refusing and cutting every connection, or taking every byte and passing none. */
  set(road: Road): void;
  /** Milliseconds that every piece of data takes in either direction. */
  delay(ms: number): void;
  close(): void;
}

/** Opens a road on a free port. @param query further parameters of the address, `statement_timeout=2000` */
export async function openProxy(url: string, query = ''): Promise<Proxy> {
  const target = new URL(url);
  const { hostname } = target;
  const port = Number(target.port || 5432);
  const pairs = new Set<readonly [Socket, Socket]>();
  let road: Road = 'open';
  let latency = 0;

  const pass = (from: Socket, to: Socket): void => {
    from.on('error', () => {});
    from.on('data', (bytes) => {
      const send = (): void => {
        if (road === 'open' && !to.destroyed) to.write(bytes);
      };
      if (latency === 0) send();
      else setTimeout(send, latency);
    });
    from.on('close', () => void setTimeout(() => to.destroy(), latency));
  };
  const server = createServer((client) => {
    if (road === 'refuses') return void client.destroy();
    const upstream = connect(port, hostname);
    const pair = [client, upstream] as const;
    pairs.add(pair);
    client.on('close', () => pairs.delete(pair));
    pass(client, upstream);
    pass(upstream, client);
  });
  await new Promise<void>((done) => server.listen(0, '127.0.0.1', done));
  target.hostname = '127.0.0.1';
  target.port = String((server.address() as AddressInfo).port);
  for (const [name, value] of new URLSearchParams(query)) target.searchParams.set(name, value);
  const cut = (): void => {
    for (const [client, upstream] of pairs) {
      client.destroy();
      upstream.destroy();
    }
  };
  return {
    url: target.toString(),
    set(next) {
      // What was swallowed never arrives: those connections are of no use any more.
      if (next === 'refuses' || road === 'swallows') cut();
      road = next;
    },
    delay: (ms) => void (latency = ms),
    close() {
      cut();
      server.close();
    },
  };
}
