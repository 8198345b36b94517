import { Readable } from 'node:stream';
import type { Application } from '../../app/application.ts';
import { actorOf } from '../../audit/actor-of.ts';
import { AUDIT_ACTIONS, type AuditAction, type AuditAnswer, type AuditQuestion } from '../../audit/audit.ts';
import { auditCsv } from '../../audit/audit-csv.ts';
import { problem } from '../../errors/catalogue.ts';
import { isUuid } from '../../fields/uuid.ts';
import { signedIn } from '../call.ts';
import { readDay } from '../request/day.ts';
import type { Query } from '../request/query.ts';
import type { HttpRouter } from '../state.ts';

const FILTERS = ['user', 'action', 'entity', 'record', 'address', 'from', 'to'] as const;

/**
 * All logs in one (AUD-01), with the function `audit.read`: `GET /api/v1/audit-log?user=&action=a,b&entity=&record=&
 * address=&from=&to=&limit=&cursor=`; `GET /api/v1/audit-log/export` is the same without pages, as a table.
 */
export function register(router: HttpRouter, app: Application): void {
  router.get(
    '/api/v1/audit-log',
    signedIn(
      app,
      async ({ context, query }): Promise<AuditAnswer> => {
        const sent = query([...FILTERS, 'limit', 'cursor']);
        const cursor = sent.text('cursor');
        if (cursor !== undefined && !isUuid(cursor))
          throw problem('MRT_REQUEST_MALFORMED', { reason: 'cursor' });
        return await app.audit.list(context, {
          ...questionOf(sent),
          limit: sent.integer('limit', 1, 500) ?? 100,
          ...(cursor === undefined ? {} : { cursor }),
        });
      },
      { function: 'audit.read' },
    ),
  );

  router.get(
    '/api/v1/audit-log/export',
    signedIn(
      app,
      async ({ http, context, query }) => {
        const question = questionOf(query(FILTERS));
        const pieces = auditCsv(app.audit, context, question);
        // A fault is told as one, not in the middle of a table.
        const first = await pieces.next();
        await app.security.note({ ...actorOf(context), kind: 'log-exported', detail: { ...question } });
        http.set({
          'Content-Type': 'text/csv; charset=utf-8',
          'Content-Disposition': `attachment; filename="audit-log-${context.now.toISOString().slice(0, 10)}.csv"`,
        });
        return Readable.from(chain(first.value ?? '', pieces));
      },
      { function: 'audit.read' },
    ),
  );
}

async function* chain(first: string, rest: AsyncIterable<string>): AsyncGenerator<string> {
  yield first;
  yield* rest;
}

function questionOf(sent: Query): Omit<AuditQuestion, 'limit'> {
  const [user, record] = (['user', 'record'] as const).map((name) => {
    const id = sent.text(name);
    if (id !== undefined && !isUuid(id)) throw problem('MRT_REQUEST_MALFORMED', { reason: `${name}: UUID` });
    return id?.toLowerCase();
  });
  const actions = sent.list('action')?.map((name): AuditAction => {
    const found = AUDIT_ACTIONS.find((each) => each === name);
    if (!found) throw problem('MRT_REQUEST_MALFORMED', { reason: `action: ${AUDIT_ACTIONS.join(' | ')}` });
    return found;
  });
  const [entity, address] = [sent.text('entity'), sent.text('address')];
  const [from, to] = [readDay(sent, 'from'), readDay(sent, 'to')];
  return {
    ...(user === undefined ? {} : { user }),
    ...(record === undefined ? {} : { record }),
    ...(actions === undefined ? {} : { actions }),
    ...(entity === undefined ? {} : { entity }),
    ...(address === undefined ? {} : { address }),
    ...(from === undefined ? {} : { from }),
    ...(to === undefined ? {} : { to }),
  };
}
