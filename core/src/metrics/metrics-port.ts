import { createServer, type Server } from 'node:http';
import type { Application } from '../app/application.ts';
import { problem } from '../errors/catalogue.ts';

/**
 * Serves `/metrics`, and nothing else, on a port of its own without a token: who can reach the port may read it.
 * @throws MRT_START_PORT when the port is taken or not allowed
 */
export async function openMetricsPort(app: Application): Promise<Server | null> {
  const { metricsPort: port, metricsHost: host } = app.config;
  if (port === null) return null;
  const server = createServer((request, response) => {
    if (request.method !== 'GET' || request.url !== '/metrics') {
      response.writeHead(404).end();
      return;
    }
    app.metrics.text(app).then(
      (text) => response.writeHead(200, { 'Content-Type': app.metrics.contentType }).end(text),
      (error: unknown) => {
        app.log.error({ err: error }, 'metrics could not be read');
        response.writeHead(500).end();
      },
    );
  });
  await new Promise<void>((resolve, reject) => {
    server.once('error', (error: NodeJS.ErrnoException) => {
      const taken = error.code === 'EADDRINUSE' || error.code === 'EACCES';
      reject(taken ? problem('MRT_START_PORT', { port }) : error);
    });
    server.listen(port, host, resolve);
  });
  // It must not keep a process alive that has stopped.
  return server.unref();
}
