import type { Application } from '../../app/application.ts';
import { problem } from '../../errors/catalogue.ts';
import { signedIn } from '../call.ts';
import type { DuplicatesAnswer, JudgementsAnswer } from '../contract.ts';
import type { HttpRouter } from '../state.ts';

const UUID = /^[0-9a-f]{8}(?:-[0-9a-f]{4}){3}-[0-9a-f]{12}$/i;

/**
 * `POST /api/v1/records/:entity/duplicates {name?, address?, …, exclude?}` → `{items}`: likely duplicates of what is
 * being typed, as far as the user may know of them (ENT-01, ENT-02, SEC-15). `GET /api/v1/records/:entity/:id/judgements`
 * → `{items}`: what a record was judged different from (ENT-03).
 */
export function register(router: HttpRouter, app: Application): void {
  const { duplicates } = app;
  router.post(
    '/api/v1/records/:entity/duplicates',
    signedIn(app, async ({ context, param, body }): Promise<DuplicatesAnswer> => {
      const { exclude, ...values } = body;
      if (exclude !== undefined && exclude !== null && (typeof exclude !== 'string' || !UUID.test(exclude)))
        throw problem('MRT_REQUEST_MALFORMED', { reason: '/exclude' });
      const question = typeof exclude === 'string' ? { values, exclude } : { values };
      return { items: await duplicates.find(context, param('entity'), question) };
    }),
  );
  router.get(
    '/api/v1/records/:entity/:id/judgements',
    signedIn(app, async ({ context, param }): Promise<JudgementsAnswer> => ({
      items: await duplicates.judgements(context, param('entity'), param('id')),
    })),
  );
}
