import type { Application } from '../../app/application.ts';
import type { StoredDraft } from '../../drafts/drafts.ts';
import { problem } from '../../errors/catalogue.ts';
import { signedIn } from '../call.ts';
import { readBody } from '../request/body.ts';
import type { HttpRouter } from '../state.ts';

const PATH = '/api/v1/drafts/:entity/:record';
const recordOf = (text: string): string | null => (text === 'new' ? null : text);

/**
 * What one has typed into a form and not saved: `GET/PUT/DELETE /api/v1/drafts/:entity/:record`, `new` for a new record.
 * Everybody has his own; nobody sees those of others.
 */
export function register(router: HttpRouter, app: Application): void {
  router.get(
    PATH,
    signedIn(app, async ({ context, param }): Promise<{ readonly draft: StoredDraft | null }> => ({
      draft: await app.drafts.read(context, param('entity'), recordOf(param('record'))),
    })),
  );

  router.put(
    PATH,
    signedIn(
      app,
      async ({ http, context, param, body }) => {
        const sent = readBody(body, ['version', 'values', 'base']);
        const version = sent.integer('version') ?? 0;
        if (version < 0 || version > 2_147_483_647)
          throw problem('MRT_REQUEST_MALFORMED', { reason: '/version' });
        await app.drafts.keep(context, param('entity'), recordOf(param('record')), {
          version,
          values: sent.object('values'),
          base: sent.optionalObject('base') ?? {},
        });
        http.status = 204;
      },
      { body: 512 * 1024 },
    ),
  );

  router.delete(
    PATH,
    signedIn(app, async ({ http, context, param }) => {
      await app.drafts.discard(context, param('entity'), recordOf(param('record')));
      http.status = 204;
    }),
  );
}
