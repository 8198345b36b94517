import type { Application } from '../../app/application.ts';
import { createDuplicates } from '../../duplicates/create-duplicates.ts';
import { problem } from '../../errors/catalogue.ts';
import { signedIn } from '../call.ts';
import type { DuplicatesAnswer } from '../contract.ts';
import type { HttpRouter } from '../state.ts';

const UUID = /^[0-9a-f]{8}(?:-[0-9a-f]{4}){3}-[0-9a-f]{12}$/i;

/**
 * `POST /api/v1/records/:entity/duplicates {name?, address?, …, exclude?}` → `{items}`: likely duplicates of what is
 * being typed, as far as the user may know of them (ENT-01, ENT-02, SEC-15).
 */
export function register(router: HttpRouter, app: Application): void {
  const duplicates = createDuplicates({
    db: app.db,
    dictionaries: app.dictionaries,
    records: app.records,
    models: app.changes,
    report: (error) => app.log.warn({ err: error }, 'the keys of duplicates could not be made'),
  });
  app.events.subscribe(({ event }) => {
    if (event === 'record') duplicates.wake();
  });
  app.closing.subscribe(() => void duplicates.stop());
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
}
