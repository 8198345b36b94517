import { promisify } from 'node:util';
import { constants, gzip } from 'node:zlib';
import type { HttpMiddleware } from '../state.ts';

/**
 * Shorter answers go as they are: one record, a page of fifty. Answers that carry a secret (the CSRF
 * token of a session) are among them, so that their length tells nothing about it.
 */
const WORTH_IT = 32_768;

const compress = promisify(gzip);

/**
 * Compresses long JSON answers of the API, a list of a hundred rows mostly: about a tenth of the bytes for half a
 * millisecond of CPU on a thread of its own (docs/performance.md).
 */
export function compressJson(): HttpMiddleware {
  return async (http, next) => {
    await next();
    const { body } = http;
    if (typeof body !== 'object' || body === null || !isPlain(body)) return;
    const json = JSON.stringify(body);
    http.type = 'application/json; charset=utf-8';
    // A text Koa would measure and Node then encode once more.
    const bytes = Buffer.from(json);
    http.body = bytes;
    if (json.length < WORTH_IT) return;
    http.vary('Accept-Encoding');
    if (http.acceptsEncodings('gzip', 'identity') !== 'gzip') return;
    http.set('Content-Encoding', 'gzip');
    http.body = await compress(bytes, { level: constants.Z_BEST_SPEED });
    http.type = 'application/json; charset=utf-8';
  };
}

/** Data that Koa would write as JSON, rather than bytes or a stream. */
function isPlain(body: object): boolean {
  if (Array.isArray(body)) return true;
  const prototype: unknown = Object.getPrototypeOf(body);
  return prototype === Object.prototype || prototype === null;
}
