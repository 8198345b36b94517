import { uuid7 } from '../../store/uuid7.ts';
import type { Logger } from '../../app/log.ts';
import type { Model } from '../../model/model.ts';
import type { HttpMeter } from '../../metrics/http-meter.ts';
import { localeOfHeader } from '../request/locale.ts';
import { loggedPath } from '../request/logged-path.ts';
import type { HttpContext, HttpMiddleware } from '../state.ts';

/**
 * Gives every request an id (a sound one of the proxy is kept) and writes one line of log when it has been answered.
 * The line names no query string: filters hold personal data.
 */
export function requestId(log: Logger, model: () => Model, meter: HttpMeter): HttpMiddleware {
  return async (http, next) => {
    const given = http.get('X-Request-Id');
    const id = /^[\w-]{8,64}$/.test(given) ? given : uuid7();
    http.state.requestId = id;
    http.state.log = log.child({ request: id });
    http.state.session = null;
    http.state.locale = localeOfHeader(http.get('Accept-Language')) ?? model().settings.locale;
    http.set('X-Request-Id', id);
    const start = performance.now();
    http.res.once('close', () => {
      const ms = performance.now() - start;
      const route = routeOf(http as HttpContext);
      meter(http.method, route, http.status, ms);
      const logged = http.path.startsWith('/api/') ? 'info' : 'debug';
      if (!http.state.log.isLevelEnabled(logged)) return;
      http.state.log[logged](
        {
          method: http.method,
          path: loggedPath(http),
          route,
          status: http.status,
          ms: Math.round(ms * 10) / 10,
          user: http.state.session?.actor.username,
          userId: http.state.session?.actor.id,
          model: model().version,
        },
        'request',
      );
    });
    await next();
  };
}

/** The pattern of the route that answered, so that there are as many as routes, not as addresses. */
function routeOf({ _matchedRoute: matched, path }: HttpContext): string {
  if (typeof matched === 'string') return matched;
  return path.startsWith('/api/') ? 'unknown' : 'static';
}
