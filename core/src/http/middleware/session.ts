import { timingSafeEqual } from 'node:crypto';
import { problem } from '../../errors/catalogue.ts';
import { LOCALES } from '../../text/locale.ts';
import type { SettingsDocument } from '../../model/documents.ts';
import { mayComeFrom } from '../../session/allowed-address.ts';
import type { Session, Sessions } from '../../session/session.ts';
import type { Tokens } from '../../token/token.ts';
import type { HttpContext, HttpMiddleware } from '../state.ts';

export const SESSION_COOKIE = 'mortise_session';

const SAFE: ReadonlySet<string> = new Set(['GET', 'HEAD', 'OPTIONS']);

/** Reads that are sent with POST, because what they ask does not fit into an address. */
const READS_BY_POST = /^\/api\/v1\/records\/[^/]+\/aggregate$/;

/**
 * Finds the session of the cookie, or the person of `Authorization: Bearer mrt_…`. Refuses a cookie's write that does
 * not carry the session's CSRF token or that another site's page sends, and every write of a read-only token.
 * A token needs no CSRF token: no browser sends it by itself.
 * Refuses whoever comes from a network that is not his (NF-SEC-01), a token as well as a browser.
 * @throws MRT_SESSION_CSRF, MRT_SESSION_ADDRESS, MRT_TOKEN_INVALID, MRT_TOKEN_READ_ONLY
 */
export function findSession(
  sessions: Sessions,
  tokens: Tokens,
  settings: () => Pick<SettingsDocument, 'networks'>,
): HttpMiddleware {
  return async (http, next) => {
    if (!http.path.startsWith('/api/')) return await next();
    const writes = !SAFE.has(http.method);
    if (writes && http.get('Sec-Fetch-Site') === 'cross-site') throw problem('MRT_SESSION_CSRF');
    const secret = bearerOf(http.get('Authorization'));
    const session =
      secret === null ? await cookieSession(http as HttpContext, sessions) : await tokens.find(secret);
    if (secret !== null && !session) {
      http.set('WWW-Authenticate', 'Bearer error="invalid_token"');
      http.state.log.warn({ address: http.ip }, 'token refused');
      throw problem('MRT_TOKEN_INVALID');
    }
    if (session) {
      http.state.session = session;
      const { standing, networks } = session;
      if (!signsIn(http) && !mayComeFrom(settings(), standing.roles, networks, http.ip))
        throw problem('MRT_SESSION_ADDRESS', { address: http.ip });
      const locale = LOCALES.find((each) => each === session.settings.locale);
      if (locale) http.state.locale = locale;
      if (writes) checkWrite(http as HttpContext, session);
    }
    await next();
  };
}

/** The token of an Authorization header; null for another scheme, which a proxy in front may use. */
function bearerOf(header: string): string | null {
  const [scheme = '', secret = ''] = header.trim().split(/ +/);
  return scheme.toLowerCase() === 'bearer' ? secret : null;
}

async function cookieSession(http: HttpContext, sessions: Sessions): Promise<Session | null> {
  const token = http.cookies.get(SESSION_COOKIE);
  return token ? await sessions.find(token) : null;
}

function checkWrite(http: HttpContext, session: Session): void {
  if (session.token) {
    if (session.token.readOnly && !(http.method === 'POST' && READS_BY_POST.test(http.path)))
      throw problem('MRT_TOKEN_READ_ONLY');
    return;
  }
  if (!signsIn(http) && !sameText(http.get('X-CSRF-Token'), session.csrf)) throw problem('MRT_SESSION_CSRF');
}

/** Signing in anew over an old session asks nothing of the old one: it proves itself by the password. */
function signsIn({ method, path }: Pick<HttpContext, 'method' | 'path'>): boolean {
  return method === 'POST' && path === '/api/v1/session';
}

function sameText(given: string, expected: string): boolean {
  const a = Buffer.from(given);
  const b = Buffer.from(expected);
  return a.length === b.length && timingSafeEqual(a, b);
}
