import { fileURLToPath } from 'node:url';
import type { Application } from '../app/application.ts';
import { type Environment, readConfig } from '../app/config.ts';
import { createApplication } from '../app/create-application.ts';
import { createLog } from '../app/log.ts';
import type { Database } from '../store/database.ts';
import { listen } from './create-http.ts';
import type { ProblemBody, SessionAnswer } from './contract.ts';

/** Name and password of the administrator of every test server. */
export const TEST_ADMIN = { username: 'admin', password: 'test-administrator-1' } as const;

/** An answer whose body was read as JSON, or null when it has none. */
interface TestAnswer<T = Readonly<Record<string, unknown>>> {
  readonly status: number;
  readonly headers: Headers;
  readonly body: T;
}

interface TestRequest {
  readonly body?: unknown;
  /** Sent as it is, with this content type. */
  readonly raw?: { readonly text: string; readonly type: string };
  readonly headers?: Readonly<Record<string, string>>;
}

/** A browser: keeps its cookie and sends its CSRF token. */
export interface TestClient {
  csrf: string;
  cookie: string;
  request<T = Readonly<Record<string, unknown>>>(
    method: string,
    path: string,
    request?: TestRequest,
  ): Promise<TestAnswer<T>>;
  get<T = Readonly<Record<string, unknown>>>(
    path: string,
    headers?: Readonly<Record<string, string>>,
  ): Promise<TestAnswer<T>>;
  post<T = Readonly<Record<string, unknown>>>(path: string, body?: unknown): Promise<TestAnswer<T>>;
  signIn(username?: string, password?: string): Promise<TestAnswer<SessionAnswer & ProblemBody>>;
}

export interface TestServer {
  readonly app: Application;
  readonly address: string;
  client(): TestClient;
  /** A client that is signed in as the administrator. */
  administrator(): Promise<TestClient>;
  close(): Promise<void>;
}

const ROOT = fileURLToPath(new URL('../../..', import.meta.url)).replace(/[\\/]$/, '');

/** Serves the base and the shipped plugins over a fresh database on a free port; for tests. */
export async function startTestServer(
  open: () => Promise<Database>,
  environment: Environment = {},
): Promise<TestServer> {
  const config = readConfig(
    {
      PORT: '0',
      MORTISE_UI: 'off',
      MORTISE_LOG: 'silent',
      MORTISE_ADMIN_PASSWORD: TEST_ADMIN.password,
      ...environment,
    },
    ROOT,
  );
  const app = await createApplication(config, createLog('silent'), open);
  const http = await listen(app);
  const client = (): TestClient => createClient(http.address);
  return {
    app,
    address: http.address,
    client,
    async administrator() {
      const signedIn = client();
      await signedIn.signIn();
      return signedIn;
    },
    async close() {
      app.closing.emit();
      await http.close();
      await app.close();
    },
  };
}

/** A client of a server at `address`. */
export function createClient(address: string): TestClient {
  const client: TestClient = {
    csrf: '',
    cookie: '',
    async request<T>(
      method: string,
      path: string,
      { body, raw, headers = {} }: TestRequest = {},
    ): Promise<TestAnswer<T>> {
      const sent = raw?.text ?? (body === undefined ? undefined : JSON.stringify(body));
      const response = await fetch(`${address}${path}`, {
        method,
        redirect: 'manual',
        ...(sent === undefined ? {} : { body: sent }),
        headers: {
          ...(sent === undefined ? {} : { 'Content-Type': raw?.type ?? 'application/json' }),
          ...(client.cookie ? { Cookie: client.cookie } : {}),
          ...(client.csrf ? { 'X-CSRF-Token': client.csrf } : {}),
          ...headers,
        },
      });
      for (const cookie of response.headers.getSetCookie()) client.cookie = cookie.split(';')[0] ?? '';
      const text = await response.text();
      const json = (response.headers.get('Content-Type') ?? '').includes('json');
      return {
        status: response.status,
        headers: response.headers,
        body: (json ? JSON.parse(text) : { text }) as T,
      };
    },
    get: (path, headers) => client.request('GET', path, headers ? { headers } : {}),
    post: (path, body = {}) => client.request('POST', path, { body }),
    async signIn(username = TEST_ADMIN.username, password = TEST_ADMIN.password) {
      const answer = await client.request<SessionAnswer & ProblemBody>('POST', '/api/v1/session', {
        body: { username, password },
      });
      if (answer.status === 200) client.csrf = answer.body.csrf;
      return answer;
    },
  };
  return client;
}
