import { PASSWORD } from './server.ts';

const PATIENCE = 60_000;

/** What became of a request. `lost`: no whole answer came, so nobody knows whether it was done. */
export type Outcome =
  | {
      readonly kind: 'answer';
      readonly status: number;
      readonly headers: Headers;
      readonly body: Json;
      readonly ms: number;
    }
  | { readonly kind: 'lost'; readonly reason: string; readonly ms: number };

export type Json = Readonly<Record<string, unknown>>;

/** A signed-in person; the session outlives the server's process. */
export interface Client {
  send(
    method: string,
    path: string,
    body?: unknown,
    headers?: Readonly<Record<string, string>>,
  ): Promise<Outcome>;
  /** The same person at another server of the same database. */
  at(address: string): Client;
}

/** Signs the administrator in. @throws when it is refused */
export async function signIn(address: string): Promise<Client> {
  const made = await request(address, 'POST', 'session', { username: 'admin', password: PASSWORD });
  if (made.kind === 'lost' || made.status !== 200)
    throw new Error(
      `cannot sign in: ${made.kind === 'lost' ? made.reason : `${made.status} ${JSON.stringify(made.body)}`}`,
    );
  const cookie = (made.headers.getSetCookie()[0] ?? '').split(';')[0] ?? '';
  const identity = { Cookie: cookie, 'X-CSRF-Token': String(made.body['csrf']) };
  const at = (where: string): Client => ({
    send: (method, path, body, headers) => request(where, method, path, body, { ...identity, ...headers }),
    at,
  });
  return at(address);
}

async function request(
  address: string,
  method: string,
  path: string,
  body?: unknown,
  headers: Readonly<Record<string, string>> = {},
): Promise<Outcome> {
  const begun = performance.now();
  const ms = (): number => performance.now() - begun;
  try {
    const response = await fetch(`${address}/api/v1/${path}`, {
      method,
      headers: {
        ...(body === undefined ? {} : { 'Content-Type': 'application/json' }),
        'Accept-Language': 'en',
        ...headers,
      },
      ...(body === undefined ? {} : { body: JSON.stringify(body) }),
      signal: AbortSignal.timeout(PATIENCE),
    });
    const text = await response.text();
    const json: unknown = text === '' ? {} : JSON.parse(text);
    return {
      kind: 'answer',
      status: response.status,
      headers: response.headers,
      body: json as Json,
      ms: ms(),
    };
  } catch (error) {
    const { message, cause } = error as Error;
    return { kind: 'lost', reason: cause instanceof Error ? cause.message : message, ms: ms() };
  }
}

/** What is wrong with an answer that refuses: every one must be a problem of RFC 9457, a 503 must say when to return. */
export function faultOfRefusal(outcome: Outcome): string | null {
  if (outcome.kind === 'lost' || outcome.status < 400) return null;
  const { status, headers, body } = outcome;
  const type = headers.get('Content-Type') ?? '';
  if (!type.startsWith('application/problem+json')) return `${status} as “${type}”`;
  for (const name of ['type', 'title', 'code', 'detail'])
    if (typeof body[name] !== 'string') return `${status} without “${name}”`;
  if (body['status'] !== status || !Array.isArray(body['errors']))
    return `${status} with a body of another status or no errors`;
  if (status === 503 && headers.get('Retry-After') === null) return '503 without Retry-After';
  return null;
}
