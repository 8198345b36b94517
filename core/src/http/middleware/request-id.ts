import { uuid7 } from '../../store/uuid7.ts';
import type { Logger } from '../../app/log.ts';
import type { Locale } from '../../text/locale.ts';
import { localeOfHeader } from '../request/locale.ts';
import type { HttpMiddleware } from '../state.ts';

/**
 * Gives every request an id (a sound one of the proxy is kept) and writes one line of log when it has been answered.
 * The line names no query string: filters hold personal data.
 */
export function requestId(log: Logger, fallback: () => Locale): HttpMiddleware {
  return async (http, next) => {
    const given = http.get('X-Request-Id');
    const id = /^[\w-]{8,64}$/.test(given) ? given : uuid7();
    http.state.requestId = id;
    http.state.log = log.child({ request: id });
    http.state.session = null;
    http.state.locale = localeOfHeader(http.get('Accept-Language')) ?? fallback();
    http.set('X-Request-Id', id);
    const start = performance.now();
    const line = () => ({
      method: http.method,
      path: http.path,
      status: http.status,
      ms: Math.round((performance.now() - start) * 10) / 10,
      user: http.state.session?.actor.username,
    });
    http.res.once('close', () => {
      if (http.path.startsWith('/api/')) http.state.log.info(line(), 'request');
      else http.state.log.debug(line(), 'request');
    });
    await next();
  };
}
