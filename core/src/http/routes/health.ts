import type { Application } from '../../app/application.ts';
import { problem } from '../../errors/catalogue.ts';
import type { HttpRouter } from '../state.ts';

/** `GET /health/live`: the process answers. `GET /health/ready`: the database answers as well (public). */
export function register(router: HttpRouter, app: Application): void {
  router.get('/health/live', (http) => {
    http.body = { status: 'live' };
  });
  router.get('/health/ready', async (http) => {
    try {
      await app.db.query({ text: 'select 1' });
    } catch (error) {
      http.state.log.error({ err: error }, 'not ready');
      throw problem('MRT_UNAVAILABLE', { reason: 'database' });
    }
    http.body = { status: 'ready', version: app.version, model: { version: app.changes.current().version } };
  });
}
