import { createServer, type Server } from 'node:http';
import type { AddressInfo } from 'node:net';
import { join } from 'node:path';
import { Router } from '@koa/router';
import Koa from 'koa';
import type { Application } from '../app/application.ts';
import { problem } from '../errors/catalogue.ts';
import { notFound } from './middleware/not-found.ts';
import { pathEncoding } from './middleware/path-encoding.ts';
import { problems } from './middleware/problems.ts';
import { requestId } from './middleware/request-id.ts';
import { securityHeaders } from './middleware/security-headers.ts';
import { findSession } from './middleware/session.ts';
import { ROUTES } from './routes/index.ts';
import type { HttpRouter, HttpState } from './state.ts';
import { inlineScriptSources, loadAssets } from './static/load-assets.ts';
import { serveAssets } from './static/serve-assets.ts';

/** The router with every route of the application, in a fixed order. */
export function createRouter(app: Application): HttpRouter {
  const router: HttpRouter = new Router<HttpState>();
  for (const register of ROUTES) register(router, app);
  return router;
}

/** The Koa application: ids and log → errors → headers → browser application → session → routes. */
async function createHttp(app: Application): Promise<Koa<HttpState>> {
  const koa = new Koa<HttpState>({ proxy: app.config.trustProxy });
  const assets = await loadAssets(app.config.ui ? join(app.config.root, 'admin-ui', 'dist') : '');
  const router = createRouter(app);
  koa.use(requestId(app.log, () => app.changes.current().settings.locale));
  koa.use(problems());
  koa.use(securityHeaders(await inlineScriptSources(assets)));
  koa.use(pathEncoding());
  koa.use(serveAssets(assets));
  koa.use(findSession(app.sessions, app.tokens));
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
  /** Takes no new connections, lets running requests end, then resolves. */
  close(): Promise<void>;
}

/** How long running requests may take to end when the server stops. */
const GRACE_MS = 10_000;

/**
 * Serves the application. Port 0 takes any free one.
 * @throws MRT_START_PORT when the port is taken or not allowed
 */
export async function listen(app: Application): Promise<Listening> {
  const koa = await createHttp(app);
  const { host, port } = app.config;
  const server = createServer(koa.callback());
  server.requestTimeout = 120_000;
  server.headersTimeout = 20_000;
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
      const force = setTimeout(() => server.closeAllConnections(), GRACE_MS);
      await closed;
      clearTimeout(force);
    },
  };
}
