import type Router from '@koa/router';
import type { RouterContext } from '@koa/router';
import type Koa from 'koa';
import type { Logger } from '../app/log.ts';
import type { Session } from '../session/session.ts';
import type { Locale } from '../text/locale.ts';

/** What the middleware finds out about a request before a route sees it. */
export interface HttpState {
  /** Given back as `X-Request-Id`, in the log, and in the text of an internal error. */
  requestId: string;
  log: Logger;
  /** Language of error texts: the user's, else the browser's, else the installation's. */
  locale: Locale;
  session: Session | null;
}

// eslint-disable-next-line typescript/no-empty-object-type
type NoMore = {};

/** Koa's context with our state. */
export type HttpContext = RouterContext<HttpState, NoMore, unknown>;
export type HttpMiddleware = Koa.Middleware<HttpState, NoMore, unknown>;
export type HttpRouter = Router<HttpState, NoMore>;
