import { createServer, type Server } from 'node:http';
import type { AddressInfo } from 'node:net';
import { join } from 'node:path';
import { Router } from '@koa/router';
import Koa from 'koa';
import type { Application } from '../app/application.ts';
import { problem } from '../errors/catalogue.ts';
import { compressJson } from './middleware/compress-json.ts';
import { notFound } from './middleware/not-found.ts';
import { pathEncoding } from './middleware/path-encoding.ts';
import { problems } from './middleware/problems.ts';
import { requestId } from './middleware/request-id.ts';
import { securityHeaders } from './middleware/security-headers.ts';
import { findSession } from './middleware/session.ts';
import { ROUTES } from './routes/index.ts';
import type { HttpMiddleware, HttpRouter, HttpState } from './state.ts';
import { inlineScriptSources, loadAssets } from './static/load-assets.ts';
import { answerUnreadable } from './unreadable.ts';
import { serveAssets } from './static/serve-assets.ts';

/** The router with every route of the application, in a fixed order. */
export function createRouter(app: Application): HttpRouter {
  const router: HttpRouter = new Router<HttpState>();
  for (const register of ROUTES) register(router, app);
  return router;
}

/** The Koa application: ids and log → errors → headers → browser application → session → routes. */
async function createHttp(app: Application): Promise<Koa<HttpState>> {
  // Of the addresses in X-Forwarded-For only the last are written by proxies that we know; a client writes what it likes
  // before them.
  const koa = new Koa<HttpState>({
    proxy: app.config.trustedProxies > 0,
    maxIpsCount: app.config.trustedProxies,
  });
  const assets = await loadAssets(app.config.ui ? join(app.config.root, 'admin-ui', 'dist') : '');
  const router = createRouter(app);
  koa.use(requestId(app.log, () => app.changes.current(), app.metrics.http));
  koa.use(closeWhenStopping(app));
  koa.use(problems(app.security));
  koa.use(securityHeaders(await inlineScriptSources(assets)));
  koa.use(pathEncoding());
  koa.use(serveAssets(assets));
  koa.use(compressJson());
  koa.use(findSession(app.sessions, app.tokens, () => app.changes.current().settings));
  koa.use(router.routes());
  koa.use(notFound(router));
  // What happens after the answer has begun: a client that went away, mostly.
  koa.on('error', (error: unknown) => app.log.debug({ err: error }, 'connection'));
  return koa;
}

/** A listening server. */
export interface Listening {
  readonly server: Server;
  /** `http://127.0.0.1:3000` */
  readonly address: string;
  /** Takes no new connections, lets running requests end (at most MORTISE_STOP_SECONDS), then resolves. */
  close(): Promise<void>;
}

/** A client that keeps its connection learns with its last answer that there will be no other. */
function closeWhenStopping(app: Application): HttpMiddleware {
  let stopping = false;
  app.closing.subscribe(() => {
    stopping = true;
  });
  return async (http, next) => {
    await next();
    if (stopping && !http.headerSent) http.set('Connection', 'close');
  };
}

/** How often connections are looked for that have fallen idle while the server stops. */
const SWEEP_MS = 50;

/**
 * Serves the application. Port 0 takes any free one.
 * @throws MRT_START_PORT when the port is taken or not allowed
 */
export async function listen(app: Application): Promise<Listening> {
  const koa = await createHttp(app);
  const { host, port } = app.config;
  const answer = koa.callback();
  const server = createServer(answer);
  server.on(
    'clientError',
    answerUnreadable(() => app.changes.current().settings.locale),
  );
  // An expectation that we do not know is no reason to refuse the request.
  server.on('checkExpectation', answer);
  server.requestTimeout = 120_000;
  server.headersTimeout = 20_000;
  // Longer than proxies and browsers keep a connection: whoever reuses one must not meet its end.
  server.keepAliveTimeout = 75_000;
  await new Promise<void>((resolve, reject) => {
    server.once('error', (error: NodeJS.ErrnoException) => {
      reject(
        error.code === 'EADDRINUSE' || error.code === 'EACCES' ? problem('MRT_START_PORT', { port }) : error,
      );
    });
    server.listen(port, host, resolve);
  });
  const bound = server.address() as AddressInfo;
  const shown = host.includes(':') ? `[${host}]` : host;
  return {
    server,
    address: `http://${shown}:${bound.port}`,
    async close() {
      const closed = new Promise<void>((resolve) => server.close(() => resolve()));
      server.closeIdleConnections();
      // One that had its answer before the stop was wished for falls idle only now.
      const sweep = setInterval(() => server.closeIdleConnections(), SWEEP_MS);
      const force = setTimeout(() => {
        app.log.warn('running requests did not end in time and are cut off');
        server.closeAllConnections();
      }, app.config.stopSeconds * 1000);
      await closed;
      clearInterval(sweep);
      clearTimeout(force);
    },
  };
}
