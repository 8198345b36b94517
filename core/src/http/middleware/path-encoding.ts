import { problem } from '../../errors/catalogue.ts';
import type { HttpMiddleware } from '../state.ts';

/** Refuses an address that is not well-formed percent encoding of UTF-8. @throws MRT_REQUEST_MALFORMED */
export function pathEncoding(): HttpMiddleware {
  return (http, next) => {
    try {
      decodeURIComponent(http.path);
    } catch {
      throw problem('MRT_REQUEST_MALFORMED', { reason: 'URL' });
    }
    return next();
  };
}
