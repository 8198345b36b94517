import { problem } from '../../errors/catalogue.ts';
import type { HttpMiddleware, HttpRouter } from '../state.ts';

/**
 * What no route answered: 405 with `Allow` where the address exists for other methods, else 404.
 * @throws MRT_METHOD_NOT_ALLOWED, MRT_ROUTE_UNKNOWN
 */
export function notFound(router: HttpRouter): HttpMiddleware {
  return (http) => {
    const allowed = new Set(router.match(http.path, http.method).path.flatMap((layer) => layer.methods));
    if (allowed.size === 0) throw problem('MRT_ROUTE_UNKNOWN');
    http.set('Allow', [...allowed].join(', '));
    if (http.method === 'OPTIONS') {
      http.status = 204;
      return;
    }
    throw problem('MRT_METHOD_NOT_ALLOWED');
  };
}
