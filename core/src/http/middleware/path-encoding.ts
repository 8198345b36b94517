import { problem } from '../../errors/catalogue.ts';
import type { HttpMiddleware } from '../state.ts';

/** Refuses an address that is not well-formed percent encoding of UTF-8, or that holds U+0000. @throws MRT_REQUEST_MALFORMED */
export function pathEncoding(): HttpMiddleware {
  return (http, next) => {
    // PostgreSQL has no text with U+0000.
    if (decoded(http.path)?.includes('\0') ?? true) throw problem('MRT_REQUEST_MALFORMED', { reason: 'URL' });
    return next();
  };
}

function decoded(path: string): string | null {
  try {
    return decodeURIComponent(path);
  } catch {
    return null;
  }
}
