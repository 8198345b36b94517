import type { Application } from '../../app/application.ts';
import { signedIn } from '../call.ts';
import { sendEncoded } from '../encoded-content.ts';
import { createOpenApi } from '../openapi/create-openapi.ts';
import type { HttpRouter } from '../state.ts';
import { cachedView } from '../view-model/cached-view.ts';

/** `GET /api/v1/openapi.json`: the API described for the person who asks. */
export function register(router: HttpRouter, app: Application): void {
  router.get(
    '/api/v1/openapi.json',
    signedIn(app, async ({ http, context }) => {
      const view = cachedView(context.access.compiled, 'openapi', () =>
        createOpenApi(context.model, context.access, app.version),
      );
      await sendEncoded(http, view, 'private, no-cache');
    }),
  );
}
