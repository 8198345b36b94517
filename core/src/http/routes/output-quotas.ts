import type { Application } from '../../app/application.ts';
import { problem } from '../../errors/catalogue.ts';
import { OUTPUT_KINDS } from '../../output/output.ts';
import type { QuotasAnswer, SubjectLimits } from '../../output/quotas.ts';
import { signedIn } from '../call.ts';
import { readBody } from '../request/body.ts';
import type { HttpRouter } from '../state.ts';

const MOST = 10_000_000;

/**
 * Limits of persons and groups, and what was used today (SEC-08 b): `GET /api/v1/output-quotas`,
 * `PUT …/:subject/:id {print?: {perJob?, perDay?}, export?, mail?}` with a number, `"unlimited"` or null (as for others).
 */
export function register(router: HttpRouter, app: Application): void {
  router.get(
    '/api/v1/output-quotas',
    signedIn(app, async ({ context, query }): Promise<QuotasAnswer> => {
      query([]);
      return await app.quotas.read(context);
    }),
  );

  router.put(
    '/api/v1/output-quotas/:subject/:id',
    signedIn(app, async ({ http, context, param, body }) => {
      const subject = (['user', 'group'] as const).find((each) => each === param('subject'));
      if (!subject) throw problem('MRT_ROUTE_UNKNOWN');
      const sent = readBody(body, OUTPUT_KINDS);
      const limits = OUTPUT_KINDS.flatMap((kind) =>
        sent.has(kind) ? [[kind, limitsOf(kind, sent.object(kind))] as const] : [],
      );
      await app.quotas.set(context, subject, param('id'), Object.fromEntries(limits));
      http.status = 204;
    }),
  );
}

function limitsOf(kind: string, sent: Readonly<Record<string, unknown>>): SubjectLimits {
  const unknown = Object.keys(sent).find((name) => name !== 'perJob' && name !== 'perDay');
  if (unknown !== undefined) throw problem('MRT_REQUEST_MALFORMED', { reason: `/${kind}/${unknown}` });
  const limit = (name: 'perJob' | 'perDay'): SubjectLimits['perJob'] => {
    const value = sent[name] ?? null;
    if (value === null || value === 'unlimited') return value;
    if (typeof value === 'number' && Number.isInteger(value) && value >= 0 && value <= MOST) return value;
    throw problem('MRT_REQUEST_MALFORMED', {
      reason: `/${kind}/${name}: 0 … ${MOST}, "unlimited" | null`,
    });
  };
  return { perJob: limit('perJob'), perDay: limit('perDay') };
}
