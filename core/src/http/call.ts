import { contextOfSession } from '../app/create-context.ts';
import type { Application } from '../app/application.ts';
import type { Context } from '../context/context.ts';
import { problem } from '../errors/catalogue.ts';
import { Problem } from '../errors/problem.ts';
import type { Session } from '../session/session.ts';
import { readJson } from './request/read-json.ts';
import { readQuery, type Query } from './request/query.ts';
import type { HttpContext, HttpMiddleware } from './state.ts';

/** A request of a signed-in person. */
export interface Call {
  readonly http: HttpContext;
  readonly session: Session;
  readonly context: Context;
  /** The JSON body of a write, `{}` when it has none. */
  readonly body: Readonly<Record<string, unknown>>;
  /** Part of the path; never empty. */
  param(name: string): string;
  /** The parameters after `?`; others than `allowed` are refused. */
  query(allowed: readonly string[]): Query;
}

export interface CallOptions {
  /** Function permission needed; any one of several. */
  readonly function?: string | readonly string[];
  /** Largest JSON body in bytes; `stream` leaves the body unread, for uploads. */
  readonly body?: number | 'stream';
  /** Also for who must first change his password. */
  readonly beforePasswordChange?: boolean;
}

const READS: ReadonlySet<string> = new Set(['GET', 'HEAD']);

/**
 * Makes a route for signed-in people. What `handle` returns is sent as JSON (`undefined`: it has answered by itself).
 * When the model was changed under the call, it is run once more on the new one.
 * @throws MRT_SESSION_REQUIRED, MRT_PASSWORD_CHANGE, MRT_ACCESS_FUNCTION
 */
export function signedIn(
  app: Application,
  handle: (call: Call) => Promise<unknown>,
  options: CallOptions = {},
): HttpMiddleware {
  return async (koa) => {
    const http = koa as HttpContext;
    const { session } = http.state;
    if (!session) throw problem('MRT_SESSION_REQUIRED');
    if (session.mustChangePassword && !options.beforePasswordChange) throw problem('MRT_PASSWORD_CHANGE');
    const body =
      READS.has(http.method) || options.body === 'stream' ? {} : await readJson(http.req, options.body);
    const attempt = async (): Promise<unknown> => {
      const source = session.token ? 'api' : 'screen';
      const context: Context = {
        ...contextOfSession(app.changes.current(), session, app.dictionaries, http.state.locale, source),
        address: http.ip,
        ownNetworks: session.networks,
      };
      requireFunction(context, options.function);
      return await handle({
        http,
        session,
        context,
        body,
        param: (name) => http.params[name] ?? '',
        query: (allowed) => readQuery(new URLSearchParams(http.querystring), allowed),
      });
    };
    let answer: unknown;
    try {
      answer = await attempt();
    } catch (error) {
      if (!(error instanceof Problem) || error.code !== 'MRT_MODEL_STALE') throw error;
      // A node whose files are older than the database cannot follow: then the first refusal is the answer.
      await app.changes.refresh().catch((reason: unknown) => {
        http.state.log.error({ err: reason }, 'the newest model could not be loaded');
        throw error;
      });
      answer = await attempt();
    }
    if (answer !== undefined) http.body = answer;
  };
}

function requireFunction(context: Context, needed: string | readonly string[] | undefined): void {
  if (needed === undefined) return;
  const names = typeof needed === 'string' ? [needed] : needed;
  if (!names.some((name) => context.access.mayUse(name))) {
    throw problem('MRT_ACCESS_FUNCTION', { function: names[0] ?? '' });
  }
}
