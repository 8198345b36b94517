import { createHash, timingSafeEqual } from 'node:crypto';
import type { Application } from '../../app/application.ts';
import { problem } from '../../errors/catalogue.ts';
import type { HttpRouter } from '../state.ts';

/**
 * `GET /metrics` for Prometheus, for who sends MORTISE_METRICS_TOKEN. Without a token configured there is nothing at
 * this address: how busy an installation is is no visitor's business.
 */
export function register(router: HttpRouter, app: Application): void {
  const { metricsToken } = app.config;
  if (metricsToken === null) return;
  const expected = digest(`Bearer ${metricsToken}`);
  router.get('/metrics', async (http) => {
    if (!timingSafeEqual(digest(http.get('Authorization')), expected)) {
      http.set('WWW-Authenticate', 'Bearer');
      throw problem('MRT_TOKEN_INVALID');
    }
    http.set('Content-Type', app.metrics.contentType);
    http.set('Cache-Control', 'no-store');
    http.body = await app.metrics.text(app);
  });
}

/** Of one length whatever was sent. */
function digest(text: string): Buffer {
  return createHash('sha256').update(text).digest();
}
