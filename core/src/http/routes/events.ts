import { PassThrough } from 'node:stream';
import type { Application } from '../../app/application.ts';
import { scopeKey } from '../../access/scope-set.ts';
import { contextOfSession } from '../../app/create-context.ts';
import type { Session } from '../../session/session.ts';
import { signedIn } from '../call.ts';
import type { ServerEvent } from '../contract.ts';
import type { HttpRouter } from '../state.ts';

/**
 * A line now and then keeps proxies from closing a silent connection. At each one the session is looked up anew: a
 * stream outlives neither its session or token nor the rights of its user by more than this.
 */
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
        let current = session;
        const send = (event: ServerEvent): void => {
          if (mayHear(app, current, event))
            stream.write(`event: ${event.event}\ndata: ${JSON.stringify(event.data)}\n\n`);
        };
        const unsubscribe = app.events.subscribe(send);
        const measured = app.metrics.stream();
        const beatOnce = async (): Promise<void> => {
          const found = await lookAgain(app, session);
          if (stream.writableEnded || stream.destroyed) return;
          if (!found) return void stream.end();
          current = found;
          stream.write(': beat\n\n');
        };
        const beat = setInterval(() => {
          beatOnce().catch((error: unknown) => {
            // Rights that cannot be proved are none; the browser connects again by itself.
            http.state.log.warn({ err: error }, 'the session of an event stream could not be looked up');
            stream.end();
          });
        }, HEART_BEAT_MS);
        const stop = app.closing.subscribe(() => stream.end());
        http.res.once('close', () => {
          clearInterval(beat);
          unsubscribe();
          measured();
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

async function lookAgain(app: Application, { token, tokenHash }: Session): Promise<Session | null> {
  return await (token ? app.tokens.look(tokenHash) : app.sessions.look(tokenHash));
}

/** Of a notification hears whom it is for; of records only those who may query all of the entity: an id in a narrower scope would tell too much. */
function mayHear(app: Application, session: Session, event: ServerEvent): boolean {
  if (event.event === 'notification') return event.data.user === session.actor.id;
  if (event.event !== 'record') return true;
  const model = app.changes.current();
  const entity = model.entities.get(event.data.entity);
  if (!entity) return false;
  return contextOfSession(model, session, app.dictionaries, model.settings.locale, 'api')
    .access.compiled.entity(entity)
    .visible.some((atom) => scopeKey([atom]) === 'all');
}
