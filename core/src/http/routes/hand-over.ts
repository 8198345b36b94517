import type { Application } from '../../app/application.ts';
import type { HandOverAnswer } from '../../records/handover/handover.ts';
import { signedIn } from '../call.ts';
import { readBody } from '../request/body.ts';
import type { HttpRouter } from '../state.ts';

/**
 * `POST /api/v1/users/:id/hand-over {to, fields?, disable?, reason?, preview?}`: gives everything a leaving person
 * answers for to others and switches his account off (SCN-09), or says what there is.
 */
export function register(router: HttpRouter, app: Application): void {
  router.post(
    '/api/v1/users/:id/hand-over',
    signedIn(
      app,
      async ({ http, context, session, param, body }): Promise<HandOverAnswer> => {
        const sent = readBody(body, ['to', 'fields', 'disable', 'reason', 'preview']);
        const reason = sent.optionalText('reason', 500);
        const answer = await app.handOver(context, param('id'), {
          to: sent.has('to') ? sent.texts('to') : [],
          disable: sent.flag('disable') ?? true,
          preview: sent.flag('preview') ?? false,
          ...(sent.has('fields') ? { fields: sent.texts('fields') } : {}),
          ...(reason ? { options: { reason } } : {}),
        });
        if (answer.operation !== null)
          http.state.log.info(
            { user: session.actor.username, leaver: param('id'), operation: answer.operation },
            'everything of a user handed over',
          );
        return answer;
      },
      { function: 'users.configure' },
    ),
  );
}
