import type { ProblemBody } from '@mortise/core/contract';

/** An error answer of the server, or the lack of one (`MRT_UI_OFFLINE`). */
export class ApiProblem extends Error {
  readonly status: number;
  readonly code: string;
  readonly errors: ProblemBody['errors'];
  readonly body: ProblemBody;

  constructor(body: ProblemBody) {
    super(body.detail || body.title);
    this.name = 'ApiProblem';
    this.status = body.status;
    this.code = body.code;
    this.errors = body.errors;
    this.body = body;
  }
}

/** Code of the problem made here when no answer came. */
export const OFFLINE = 'MRT_UI_OFFLINE';

interface ClientState {
  csrf: string;
  locale: string;
  onSessionLost: () => void;
}

const state: ClientState = { csrf: '', locale: 'zh-CN', onSessionLost: () => undefined };

/** Sets what every request carries: the CSRF token of the session and the language of messages. */
export function configureClient(change: Partial<ClientState>): void {
  Object.assign(state, change);
}

export interface RequestOptions {
  readonly method?: 'GET' | 'POST' | 'PATCH' | 'PUT' | 'DELETE';
  readonly query?: Readonly<Record<string, string | number | boolean | undefined>>;
  readonly body?: unknown;
  /** Sent as it is (a file), with its own content type. */
  readonly raw?: { readonly data: BodyInit; readonly type?: string };
  readonly ifMatch?: number;
  readonly signal?: AbortSignal;
  /** A 401 is an answer here, not the end of the session. */
  readonly anonymous?: boolean;
}

function address(path: string, query: RequestOptions['query']): string {
  const parameters = new URLSearchParams();
  for (const [name, value] of Object.entries(query ?? {})) {
    if (value !== undefined && value !== '') parameters.set(name, String(value));
  }
  const text = parameters.toString();
  return `/api/v1${path}${text ? `?${text}` : ''}`;
}

async function problemOf(response: Response): Promise<ApiProblem> {
  const type = response.headers.get('content-type') ?? '';
  if (type.includes('json')) {
    const body = (await response.json()) as ProblemBody;
    return new ApiProblem({ ...body, errors: body.errors ?? [], status: response.status });
  }
  const text = `${response.status} ${response.statusText}`;
  return new ApiProblem({
    type: '',
    title: text,
    status: response.status,
    code: 'MRT_UI_ANSWER',
    detail: text,
    errors: [],
  });
}

/** Sends a request and gives the raw answer. @throws ApiProblem for every answer that is not 2xx */
export async function send(path: string, options: RequestOptions = {}): Promise<Response> {
  const method = options.method ?? 'GET';
  const headers: Record<string, string> = { Accept: 'application/json', 'Accept-Language': state.locale };
  if (method !== 'GET' && state.csrf) headers['X-CSRF-Token'] = state.csrf;
  if (options.ifMatch !== undefined) headers['If-Match'] = `"${options.ifMatch}"`;
  let body: BodyInit | undefined;
  if (options.raw) {
    body = options.raw.data;
    if (options.raw.type) headers['Content-Type'] = options.raw.type;
  } else if (options.body !== undefined) {
    body = JSON.stringify(options.body);
    headers['Content-Type'] = 'application/json';
  }
  let response: Response;
  try {
    response = await fetch(address(path, options.query), {
      method,
      headers,
      body,
      signal: options.signal,
      credentials: 'same-origin',
    });
  } catch (error) {
    if (error instanceof DOMException && error.name === 'AbortError') throw error;
    throw new ApiProblem({ type: '', title: OFFLINE, status: 0, code: OFFLINE, detail: '', errors: [] });
  }
  if (response.ok) return response;
  const failure = await problemOf(response);
  // From a network that is not his, his session is of no use either.
  const lost = failure.status === 401 || failure.code === 'MRT_SESSION_ADDRESS';
  if (lost && !options.anonymous) state.onSessionLost();
  throw failure;
}

/** Sends a request and reads the JSON answer; an empty one gives `undefined`. */
export async function api<T>(path: string, options: RequestOptions = {}): Promise<T> {
  const response = await send(path, options);
  if (response.status === 204) return undefined as T;
  const text = await response.text();
  return (text ? JSON.parse(text) : undefined) as T;
}
