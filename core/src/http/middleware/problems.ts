import type { SecurityLog } from '../../audit/security-log.ts';
import { problem } from '../../errors/catalogue.ts';
import { Problem } from '../../errors/problem.ts';
import { isUuid } from '../../fields/uuid.ts';
import { outageReason } from '../../store/outage.ts';
import { localise } from '../../text/locale.ts';
import { loggedPath } from '../request/logged-path.ts';
import type { HttpContext, HttpMiddleware } from '../state.ts';

/** Seconds after which to come back when the system is unavailable and nothing more is known. */
const RETRY_AFTER = 2;

/**
 * Turns every error into `application/problem+json` in the language of the request (DESIGN §12). An error that is
 * not a Problem is our fault: it is logged whole and answered with its request's id only (UI-09).
 */
export function problems(log: Pick<SecurityLog, 'noteOften'>): HttpMiddleware {
  return async (http, next) => {
    try {
      await next();
    } catch (error) {
      const found = toProblem(error, http);
      if (REFUSALS.has(found.status)) await noteRefusal(log, http as HttpContext, found);
      answerProblem(http, found);
    }
  };
}

/** 401 with a token that is none, 403 for what one may not do. */
const REFUSALS: ReadonlySet<number> = new Set([401, 403]);
/** Answers that refuse nobody anything: a step of signing in, or a sign-in that the sessions note themselves. */
const NO_ATTEMPT: ReadonlySet<string> = new Set([
  'MRT_PASSWORD_CHANGE',
  'MRT_SESSION_REQUIRED',
  'MRT_SESSION_CREDENTIALS',
]);

/** A refused attempt is kept, a flood of them as a number (SEC-13). */
async function noteRefusal(
  log: Pick<SecurityLog, 'noteOften'>,
  http: HttpContext,
  { code, text }: Problem,
): Promise<void> {
  if (NO_ATTEMPT.has(code)) return;
  const { session } = http.state;
  const { entity, id } = (http.params ?? {}) as { readonly entity?: string; readonly id?: string };
  const route = typeof http._matchedRoute === 'string' ? http._matchedRoute : loggedPath(http).slice(0, 200);
  await log.noteOften(
    {
      kind: 'refused',
      userId: session?.actor.id ?? null,
      userName: session?.actor.displayName ?? '',
      ...(entity === undefined ? {} : { entity: entity.slice(0, 40) }),
      ...(id !== undefined && isUuid(id) ? { records: [id] } : {}),
      detail: { code, method: http.method, route, text },
      source: session?.token ? 'api' : 'screen',
      address: http.ip,
      agent: http.get('User-Agent') || null,
    },
    [session?.actor.id ?? http.ip, code, http.method, route, entity].join(' '),
  );
}

function toProblem(error: unknown, http: Pick<HttpContext, 'state' | 'method' | 'path'>): Problem {
  if (error instanceof Problem) {
    if (error.status >= 500)
      http.state.log.error({ err: error, method: http.method, path: loggedPath(http) }, error.code);
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
  const outage = outageReason(error);
  if (outage !== null) {
    http.state.log.error({ err: error, method: http.method, path: loggedPath(http) }, 'database unavailable');
    return problem('MRT_UNAVAILABLE', { reason: localise(outage, http.state.locale) });
  }
  http.state.log.error({ err: error, method: http.method, path: loggedPath(http) }, 'internal error');
  return problem('MRT_INTERNAL', { id: http.state.requestId });
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
  const wait = found.extension['retryAfter'] ?? (found.status === 503 ? RETRY_AFTER : undefined);
  if (typeof wait === 'number') http.set('Retry-After', String(wait));
  // The rest of a refused body is not read.
  if (found.status === 413) http.set('Connection', 'close');
  http.body = JSON.stringify(found.toBody(http.state.locale));
  http.set('Content-Type', 'application/problem+json; charset=utf-8');
}
