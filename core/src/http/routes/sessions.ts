import type { Application } from '../../app/application.ts';
import { actorOf } from '../../audit/actor-of.ts';
import type { SecurityEvent } from '../../audit/security-log.ts';
import type { Context } from '../../context/context.ts';
import { problem } from '../../errors/catalogue.ts';
import { isUuid } from '../../fields/uuid.ts';
import type { Session, SessionView } from '../../session/session.ts';
import { signedIn } from '../call.ts';
import { requireOwnSession } from '../request/own-session.ts';
import type { HttpRouter } from '../state.ts';

const ADMINISTERS = { function: 'users.configure' } as const;

/**
 * Who is signed in, and from where (SEC-12): `GET /api/v1/me/sessions`, `DELETE /api/v1/me/sessions/:id` for
 * oneself; `GET /api/v1/sessions?user=`, `DELETE /api/v1/sessions/:id` for administrators.
 */
export function register(router: HttpRouter, app: Application): void {
  router.get(
    '/api/v1/me/sessions',
    signedIn(app, async ({ session, query }) => {
      query([]);
      const mine = await app.sessions.listOf(session.actor.id, null, session.tokenHash);
      return { items: mine.map(({ user: _oneself, ...view }) => view) };
    }),
  );

  router.delete(
    '/api/v1/me/sessions/:id',
    signedIn(app, async ({ http, context, session, param }) => {
      requireOwnSession(session);
      await end(app, param('id'), session.actor.id);
      await app.security.note(endedBy(context, session.actor.id));
      http.state.log.info({ user: session.actor.username, session: param('id') }, 'session ended');
      http.status = 204;
    }),
  );

  router.get(
    '/api/v1/sessions',
    signedIn(
      app,
      async ({ context, session, query }) => {
        const sent = query(['user', 'limit', 'offset']);
        const user = sent.text('user') ?? null;
        if (user !== null && !isUuid(user)) throw problem('MRT_USER_UNKNOWN');
        const limit = sent.integer('limit', 1, 1000) ?? 50;
        const offset = sent.integer('offset', 0, 10_000_000) ?? 0;
        const found = await sessionsKnownTo(app, context, session, user);
        return { items: found.slice(offset, offset + limit), total: found.length };
      },
      ADMINISTERS,
    ),
  );

  router.delete(
    '/api/v1/sessions/:id',
    signedIn(
      app,
      async ({ http, context, session, param }) => {
        const known = await sessionsKnownTo(app, context, session, null);
        const found = known.find(({ id }) => id === param('id').toLowerCase());
        if (!found) throw problem('MRT_SESSION_UNKNOWN');
        await end(app, param('id'), null);
        await app.security.note(endedBy(context, found.user.id));
        http.state.log.info(
          { user: session.actor.username, session: param('id') },
          'session ended by administrator',
        );
        http.status = 204;
      },
      ADMINISTERS,
    ),
  );
}

function endedBy(context: Context, userId: string): SecurityEvent {
  return { ...actorOf(context), kind: 'session-ended', entity: 'user', records: [userId] };
}

/** Live sessions of the users whom the asker may know of. */
async function sessionsKnownTo(
  app: Application,
  context: Context,
  session: Session,
  user: string | null,
): Promise<readonly SessionView[]> {
  const entity = context.model.entities.get('user');
  if (!entity) return [];
  return await app.sessions.listOf(user, context.access.entity(entity).visible, session.tokenHash);
}

/** @throws MRT_SESSION_UNKNOWN */
async function end(app: Application, id: string, userId: string | null): Promise<void> {
  if (!isUuid(id) || !(await app.sessions.endById(id, userId))) throw problem('MRT_SESSION_UNKNOWN');
}
