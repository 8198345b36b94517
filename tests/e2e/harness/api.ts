import type {
  ListAnswer,
  MeAnswer,
  PersonalSettings,
  PluginsAnswer,
  ProblemBody,
  RecordData,
  SessionAnswer,
} from '../../../core/src/http/contract.ts';
import { ADMIN_PASSWORD } from './product.ts';

/** An answer of the HTTP API; `body` is null when it was no JSON. */
interface Answer<T> {
  readonly status: number;
  readonly headers: Headers;
  readonly body: T;
}

/** What a test prepares or looks up without the browser: the HTTP API of one signed-in person. */
export interface Api {
  send<T = Readonly<Record<string, unknown>>>(
    method: string,
    path: string,
    body?: unknown,
    headers?: Readonly<Record<string, string>>,
  ): Promise<Answer<T>>;
  /** The bytes of an answer, a PDF for instance. */
  bytes(path: string, body: unknown): Promise<{ readonly status: number; readonly content: Buffer }>;
  /** Also a record much like another one: it is confirmed to be different (ENT-03). */
  create(entity: string, record: RecordData): Promise<RecordData>;
  read(entity: string, id: string, include?: string): Promise<RecordData>;
  find(
    entity: string,
    filter: Readonly<Record<string, unknown>>,
    fields?: string,
  ): Promise<readonly RecordData[]>;
  /** Changes the record as it stands now. */
  update(entity: string, id: string, patch: RecordData): Promise<RecordData>;
  saveSettings(settings: PersonalSettings): Promise<MeAnswer>;
  setPlugin(name: string, enabled: boolean): Promise<void>;
  isEnabled(plugin: string): Promise<boolean>;
}

/** Signs in. @throws when it is refused */
export async function signIn(address: string, username = 'admin', password = ADMIN_PASSWORD): Promise<Api> {
  let cookie = '';
  let csrf = '';

  async function request(
    method: string,
    path: string,
    body?: unknown,
    headers: Readonly<Record<string, string>> = {},
  ): Promise<Response> {
    const response = await fetch(`${address}/api/v1/${path}`, {
      method,
      ...(body === undefined ? {} : { body: JSON.stringify(body) }),
      headers: {
        'Accept-Language': 'en',
        ...(body === undefined ? {} : { 'Content-Type': 'application/json' }),
        ...(cookie ? { Cookie: cookie, 'X-CSRF-Token': csrf } : {}),
        ...headers,
      },
    });
    for (const each of response.headers.getSetCookie()) cookie = each.split(';')[0] ?? '';
    return response;
  }

  const send: Api['send'] = async <T>(
    method: string,
    path: string,
    body?: unknown,
    headers?: Readonly<Record<string, string>>,
  ): Promise<Answer<T>> => {
    const response = await request(method, path, body, headers);
    const isJson = (response.headers.get('Content-Type') ?? '').includes('json');
    const content = isJson ? await response.json() : null;
    return { status: response.status, headers: response.headers, body: content as T };
  };

  /** Sends what must succeed. */
  const must = async <T>(
    method: string,
    path: string,
    body?: unknown,
    headers?: Record<string, string>,
  ): Promise<T> => {
    const answer = await send<T & Partial<ProblemBody>>(method, path, body, headers);
    if (answer.status >= 300)
      throw new Error(`${method} ${path} was answered ${answer.status}: ${JSON.stringify(answer.body)}`);
    return answer.body;
  };

  const session = await must<SessionAnswer>('POST', 'session', { username, password });
  csrf = session.csrf;

  const read: Api['read'] = (entity, id, include) =>
    must('GET', `records/${entity}/${id}${include ? `?include=${include}` : ''}`);
  return {
    send,
    async bytes(path, body) {
      const response = await request('POST', path, body);
      return { status: response.status, content: Buffer.from(await response.arrayBuffer()) };
    },
    async create(entity, record) {
      const path = `records/${entity}`;
      const { status, body } = await send<Readonly<Record<string, unknown>>>('POST', path, record);
      if (status < 300) return body;
      const $confirm = { duplicates: body['confirm'], reason: 'another one' };
      return await must('POST', path, body['confirm'] === undefined ? record : { ...record, $confirm });
    },
    read,
    async find(entity, filter, fields) {
      const asked = new URLSearchParams({ filter: JSON.stringify(filter), ...(fields ? { fields } : {}) });
      return (await must<ListAnswer>('GET', `records/${entity}?${asked}`)).items;
    },
    async update(entity, id, patch) {
      const { version } = await read(entity, id);
      return await must('PATCH', `records/${entity}/${id}`, patch, { 'If-Match': `"${String(version)}"` });
    },
    saveSettings: (settings) => must('PATCH', 'me', { settings }),
    async setPlugin(name, enabled) {
      await must('POST', `plugins/${name}/${enabled ? 'enable' : 'disable'}`, {});
    },
    async isEnabled(plugin) {
      const { items } = await must<PluginsAnswer>('GET', 'plugins');
      return items.find(({ name }) => name === plugin)?.enabled ?? false;
    },
  };
}
