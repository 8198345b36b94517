import type { Application } from '../../app/application.ts';
import { problem } from '../../errors/catalogue.ts';
import { signedIn } from '../call.ts';
import { readBody } from '../request/body.ts';
import type { HttpRouter } from '../state.ts';

const LONGEST_REASON = 300;

/**
 * `POST /api/v1/records/:entity/reassign {records, to, reason, from?}`: passes waiting steps on to another person, all
 * of them or none.
 */
export function register(router: HttpRouter, app: Application): void {
  router.post(
    '/api/v1/records/:entity/reassign',
    signedIn(app, async ({ context, param, body }): Promise<{ readonly records: number }> => {
      const sent = readBody(body, ['records', 'to', 'from', 'reason']);
      const from = sent.optionalText('from', 60);
      const reason = sent.text('reason', LONGEST_REASON).trim();
      if (reason === '') throw problem('MRT_REQUEST_MALFORMED', { reason: '/reason' });
      return await app.reassign(context, param('entity'), {
        records: sent.texts('records'),
        to: sent.text('to', 60),
        reason,
        ...(from ? { from } : {}),
      });
    }),
  );
}
