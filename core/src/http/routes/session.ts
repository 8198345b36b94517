import type { Application } from '../../app/application.ts';
import { actorOf } from '../../audit/actor-of.ts';
import { signedIn } from '../call.ts';
import type { SessionAnswer } from '../contract.ts';
import { SESSION_COOKIE } from '../middleware/session.ts';
import { readBody } from '../request/body.ts';
import { requireOwnSession } from '../request/own-session.ts';
import { readJson } from '../request/read-json.ts';
import type { HttpRouter } from '../state.ts';

/** `POST /api/v1/session` signs in (public), `DELETE` signs out (FM-04, SEC-12). */
export function register(router: HttpRouter, app: Application): void {
  router.post('/api/v1/session', async (http) => {
    const body = readBody(await readJson(http.req), ['username', 'password']);
    const username = body.text('username', 200);
    const password = body.text('password', 1000);
    const origin = { address: http.ip || null, agent: http.get('User-Agent') || null };
    const made = await app.sessions.signIn(username, password, origin);
    // A browser that signs in again leaves no old session behind.
    if (http.state.session) await app.sessions.end(http.state.session.tokenHash);
    http.cookies.set(SESSION_COOKIE, made.token, { ...cookie(http.secure), expires: made.expires });
    const answer: SessionAnswer = {
      user: { id: made.user.id, username: made.user.username, display_name: made.user.displayName },
      csrf: made.csrf,
      model: { version: app.changes.current().version },
    };
    http.body = answer;
  });

  router.delete(
    '/api/v1/session',
    signedIn(
      app,
      async ({ http, context, session }) => {
        requireOwnSession(session);
        await app.sessions.end(session.tokenHash);
        await app.security.note({ ...actorOf(context), kind: 'sign-out' });
        http.cookies.set(SESSION_COOKIE, '', { ...cookie(http.secure), expires: new Date(0) });
        http.status = 204;
      },
      { beforePasswordChange: true },
    ),
  );
}

/** Not readable by scripts, not sent along by other sites' requests, and only over TLS where there is TLS. */
function cookie(secure: boolean) {
  return { httpOnly: true, sameSite: 'lax', secure, path: '/', overwrite: true } as const;
}
