import { PassThrough } from 'node:stream';
import type { Application } from '../../app/application.ts';
import { contextOfSession } from '../../app/create-context.ts';
import type { Session } from '../../session/session.ts';
import { signedIn } from '../call.ts';
import type { ServerEvent } from '../contract.ts';
import type { HttpRouter } from '../state.ts';

/** A line now and then keeps proxies from closing a silent connection. */
const HEART_BEAT_MS = 25_000;

/** `GET /api/v1/events`: server-sent events for every signed-in user (DESIGN §12). */
export function register(router: HttpRouter, app: Application): void {
  router.get(
    '/api/v1/events',
    signedIn(
      app,
      async ({ http, context, session, query }) => {
        query([]);
        const stream = new PassThrough();
        const send = (event: ServerEvent): void => {
          if (mayHear(app, session, event))
            stream.write(`event: ${event.event}\ndata: ${JSON.stringify(event.data)}\n\n`);
        };
        const unsubscribe = app.events.subscribe(send);
        const beat = setInterval(() => stream.write(': beat\n\n'), HEART_BEAT_MS);
        const stop = app.closing.subscribe(() => stream.end());
        http.res.once('close', () => {
          clearInterval(beat);
          unsubscribe();
          stop();
          stream.destroy();
        });
        http.status = 200;
        http.set({
          'Content-Type': 'text/event-stream; charset=utf-8',
          'Cache-Control': 'no-store',
          'X-Accel-Buffering': 'no',
        });
        http.body = stream;
        stream.write('retry: 3000\n\n');
        // Who connects learns at once whether his model is old: nothing is missed between two connections.
        send({ event: 'metadata', data: { version: context.model.version } });
      },
      { beforePasswordChange: true },
    ),
  );
}

/** Of records only those hear who may query all of the entity: an id in a narrower scope would tell too much. */
function mayHear(app: Application, session: Session, event: ServerEvent): boolean {
  if (event.event !== 'record') return true;
  const model = app.changes.current();
  const entity = model.entities.get(event.data.entity);
  if (!entity) return false;
  return contextOfSession(model, session, model.settings.locale, 'api')
    .access.compiled.entity(entity)
    .visible.some((atom) => atom.scope === 'all');
}
