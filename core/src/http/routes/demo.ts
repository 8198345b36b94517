import type { Application } from '../../app/application.ts';
import { loadSampleData } from '../../app/sample-data.ts';
import { countDemo } from '../../demo/demo-state.ts';
import { removeDemo } from '../../demo/remove-demo.ts';
import { signedIn } from '../call.ts';
import type { HttpRouter } from '../state.ts';

/**
 * Sample data (NF-PERF-06): `GET /api/v1/demo` counts the marked records, `POST` loads them, `DELETE` removes them
 * for good. For who may configure.
 */
export function register(router: HttpRouter, app: Application): void {
  const administrator = { function: 'metadata.configure' } as const;

  router.get(
    '/api/v1/demo',
    signedIn(app, async () => ({ records: await countDemo(app.db) }), administrator),
  );

  router.post(
    '/api/v1/demo',
    signedIn(
      app,
      async ({ session }) => ({ records: await loadSampleData(app, session.actor) }),
      administrator,
    ),
  );

  router.delete(
    '/api/v1/demo',
    signedIn(app, async ({ context }) => ({ records: await removeDemo(app.db, context) }), administrator),
  );
}
