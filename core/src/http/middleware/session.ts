import { timingSafeEqual } from 'node:crypto';
import { problem } from '../../errors/catalogue.ts';
import { LOCALES } from '../../text/locale.ts';
import type { Sessions } from '../../session/session.ts';
import type { HttpMiddleware } from '../state.ts';

export const SESSION_COOKIE = 'mortise_session';

const SAFE: ReadonlySet<string> = new Set(['GET', 'HEAD', 'OPTIONS']);

/**
 * Finds the session of the cookie, and refuses a write that does not carry the session's CSRF token or that another
 * site's page sends. @throws MRT_SESSION_CSRF
 */
export function findSession(sessions: Sessions): HttpMiddleware {
  return async (http, next) => {
    if (!http.path.startsWith('/api/')) return await next();
    const writes = !SAFE.has(http.method);
    if (writes && http.get('Sec-Fetch-Site') === 'cross-site') throw problem('MRT_SESSION_CSRF');
    const token = http.cookies.get(SESSION_COOKIE);
    const session = token ? await sessions.find(token) : null;
    if (session) {
      http.state.session = session;
      const locale = LOCALES.find((each) => each === session.settings.locale);
      if (locale) http.state.locale = locale;
      // Signing in anew over an old session needs no token of the old one: it proves itself by the password.
      const signsIn = http.method === 'POST' && http.path === '/api/v1/session';
      if (writes && !signsIn && !sameText(http.get('X-CSRF-Token'), session.csrf))
        throw problem('MRT_SESSION_CSRF');
    }
    await next();
  };
}

function sameText(given: string, expected: string): boolean {
  const a = Buffer.from(given);
  const b = Buffer.from(expected);
  return a.length === b.length && timingSafeEqual(a, b);
}
