import { problem } from '../../errors/catalogue.ts';
import { Problem } from '../../errors/problem.ts';
import type { HttpContext, HttpMiddleware } from '../state.ts';

/**
 * Turns every error into `application/problem+json` in the language of the request (DESIGN §12). An error that is
 * not a Problem is our fault: it is logged whole and answered with its request's id only (UI-09).
 */
export function problems(): HttpMiddleware {
  return async (http, next) => {
    try {
      await next();
    } catch (error) {
      answerProblem(http, toProblem(error, http));
    }
  };
}

function toProblem(error: unknown, http: Pick<HttpContext, 'state' | 'method' | 'path'>): Problem {
  if (error instanceof Problem) {
    if (error.status >= 500)
      http.state.log.error({ err: error, method: http.method, path: http.path }, error.code);
    // A refused attempt is worth a line (SEC-13); the request's own line has no reason.
    if (error.status === 403) {
      http.state.log.warn(
        { code: error.code, user: http.state.session?.actor.username, detail: error.text.en },
        'refused',
      );
    }
    return error;
  }
  // The router refuses a path that is not well-formed percent encoding.
  if (error instanceof URIError || (error as { status?: unknown } | null)?.status === 400) {
    return problem('MRT_REQUEST_MALFORMED', { reason: 'URL' });
  }
  http.state.log.error({ err: error, method: http.method, path: http.path }, 'internal error');
  if (isConnectionLoss(error)) return problem('MRT_UNAVAILABLE', { reason: 'database' });
  return problem('MRT_INTERNAL', { id: http.state.requestId });
}

/** Codes of a network that fails and of a PostgreSQL that stops, starts or is full. */
const CONNECTION_LOSS: ReadonlySet<unknown> = new Set([
  'ECONNREFUSED',
  'ECONNRESET',
  'ETIMEDOUT',
  'EPIPE',
  'ENOTFOUND',
  '57P01',
  '57P02',
  '57P03',
  '53300',
]);

function isConnectionLoss(error: unknown): boolean {
  if (!(error instanceof Error)) return false;
  return (
    CONNECTION_LOSS.has((error as { readonly code?: unknown }).code) ||
    error.message.startsWith('Connection terminated')
  );
}

function answerProblem(http: Parameters<HttpMiddleware>[0], found: Problem): void {
  if (http.headerSent) {
    // Too late for another answer: cut it off, so that half an answer is not taken for a whole one.
    http.res.destroy();
    return;
  }
  http.status = found.status;
  http.set('Cache-Control', 'no-store');
  http.remove('ETag');
  http.set('Content-Language', http.state.locale);
  if (typeof found.extension['retryAfter'] === 'number')
    http.set('Retry-After', String(found.extension['retryAfter']));
  // The rest of a refused body is not read.
  if (found.status === 413) http.set('Connection', 'close');
  http.body = JSON.stringify(found.toBody(http.state.locale));
  http.set('Content-Type', 'application/problem+json; charset=utf-8');
}
