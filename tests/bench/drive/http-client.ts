import { Agent, request } from 'node:http';
import type { Shot } from '../case.ts';
import type { World } from '../data/world.ts';

/** Sends shots to one server over kept connections. */
export interface HttpClient {
  /** The text of the answer. @throws Error for a status over 299: a benchmark of errors is none */
  send(shot: Shot): Promise<string>;
  close(): void;
}

/** `node:http` rather than `fetch`: it takes a third of its CPU, which the servers under measurement need. */
export function openClient(base: string, world: World, connections: number): HttpClient {
  const agent = new Agent({ keepAlive: true, maxSockets: connections });
  const { hostname, port } = new URL(base);
  return {
    send: ({ method, path, body, headers, as }) =>
      new Promise((resolve, reject) => {
        const text = body === undefined ? undefined : JSON.stringify(body);
        const person = as === 'admin' ? world.admin : world.employee;
        const sent = request(
          {
            agent,
            hostname,
            port,
            method,
            path,
            headers: {
              ...person.headers,
              ...(text === undefined
                ? {}
                : { 'Content-Type': 'application/json', 'Content-Length': Buffer.byteLength(text) }),
              ...headers,
            },
          },
          (answer) => {
            const parts: Buffer[] = [];
            answer.on('data', (part: Buffer) => parts.push(part));
            answer.once('error', reject);
            answer.once('end', () => {
              const content = Buffer.concat(parts).toString('utf8');
              const status = answer.statusCode ?? 0;
              if (status < 300) resolve(content);
              else reject(new Error(`${method} ${path} answered ${status}: ${content.slice(0, 500)}`));
            });
          },
        );
        sent.once('error', reject);
        sent.end(text);
      }),
    close: () => agent.destroy(),
  };
}
