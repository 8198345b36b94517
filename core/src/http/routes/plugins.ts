import type { Application } from '../../app/application.ts';
import { signedIn } from '../call.ts';
import type { PluginsAnswer } from '../contract.ts';
import { judgeChange } from '../request/document-rights.ts';
import { readBody } from '../request/body.ts';
import type { HttpRouter } from '../state.ts';

const CONFIGURES = { function: 'plugins.configure' };

/** `GET /api/v1/plugins`, `POST /api/v1/plugins/:name/enable | disable` (PLG-02, PLG-03). */
export function register(router: HttpRouter, app: Application): void {
  const list = (): PluginsAnswer => ({ items: app.changes.plugins() });
  const turn = (on: boolean) =>
    signedIn(
      app,
      async ({ context, param, body }) => {
        readBody(body, []);
        // The roles that it brings are judged like roles that somebody writes (SEC-06).
        await app.changes.setPlugin(context.actor, param('name'), on, judgeChange(context));
        return list();
      },
      CONFIGURES,
    );

  router.get(
    '/api/v1/plugins',
    signedIn(
      app,
      async ({ query }) => {
        query([]);
        return list();
      },
      CONFIGURES,
    ),
  );
  router.post('/api/v1/plugins/:name/enable', turn(true));
  router.post('/api/v1/plugins/:name/disable', turn(false));
}
