import type { Application } from '../../app/application.ts';
import { systemContext } from '../../app/create-context.ts';
import { problem } from '../../errors/catalogue.ts';
import { isUuid } from '../../fields/uuid.ts';
import { OUTPUT_KINDS } from '../../output/output.ts';
import { signedIn } from '../call.ts';
import type { OutputLogAnswer, UnusualAnswer } from '../contract.ts';
import { readBody } from '../request/body.ts';
import { readDay } from '../request/day.ts';
import type { HttpRouter } from '../state.ts';

/** The entity whose workflow decides (WF-12). */
const REQUEST = 'output_request';
const MOST_QUERY = 10_000;
/** Most records of one release. */
const MOST_RELEASED = 1_000_000;

/**
 * What was printed, exported and mailed (SEC-08, AUD-01): `GET /api/v1/output-log`, `GET …/unusual`, and
 * `POST …/releases {user, kind, records, reason?}`, which lets somebody go past his quota once.
 * `POST …/requests {entry, purpose}` asks for that: a record of `output_request`, which its workflow decides (WF-12).
 */
export function register(router: HttpRouter, app: Application): void {
  router.get(
    '/api/v1/output-log',
    signedIn(app, async ({ context, query }): Promise<OutputLogAnswer> => {
      const sent = query(['user', 'kind', 'entity', 'from', 'to', 'refused', 'limit', 'offset']);
      const user = sent.text('user');
      const kind = sent.oneOf('kind', OUTPUT_KINDS);
      const entity = sent.text('entity');
      const refused = sent.flag('refused');
      const [from, to] = [readDay(sent, 'from'), readDay(sent, 'to')];
      if (user !== undefined && !isUuid(user)) throw problem('MRT_USER_UNKNOWN');
      return await app.outputs.list(context, {
        limit: sent.integer('limit', 1, 500) ?? 100,
        offset: sent.integer('offset', 0, 10_000_000) ?? 0,
        ...(user === undefined ? {} : { user }),
        ...(kind === undefined ? {} : { kind }),
        ...(entity === undefined ? {} : { entity }),
        ...(from === undefined ? {} : { from }),
        ...(to === undefined ? {} : { to }),
        ...(refused === undefined ? {} : { refused }),
      });
    }),
  );

  router.get(
    '/api/v1/output-log/unusual',
    signedIn(app, async ({ context }): Promise<UnusualAnswer> => ({
      items: await app.outputs.unusual(context),
    })),
  );

  router.post(
    '/api/v1/output-log/releases',
    signedIn(app, async ({ http, context, session, body }) => {
      const sent = readBody(body, ['user', 'kind', 'records', 'reason']);
      const kind = OUTPUT_KINDS.find((each) => each === sent.text('kind', 20));
      const records = sent.integer('records') ?? 0;
      if (kind === undefined)
        throw problem('MRT_REQUEST_MALFORMED', { reason: `/kind: ${OUTPUT_KINDS.join(' | ')}` });
      if (records < 1 || records > MOST_RELEASED)
        throw problem('MRT_REQUEST_MALFORMED', { reason: `/records: 1 … ${MOST_RELEASED}` });
      const reason = sent.optionalText('reason', 500);
      const user = sent.text('user', 60);
      const released = await app.outputs.release(context, {
        user,
        kind,
        records,
        ...(reason ? { reason } : {}),
      });
      http.state.log.info({ user: session.actor.username, for: user, kind, records }, 'output released');
      http.status = 201;
      return released;
    }),
  );

  router.post(
    '/api/v1/output-log/requests',
    signedIn(app, async ({ http, context, body }) => {
      const sent = readBody(body, ['entry', 'purpose']);
      const purpose = sent.text('purpose', 1000).trim();
      if (purpose === '') throw problem('MRT_REQUEST_MALFORMED', { reason: '/purpose' });
      const entry = await app.outputs.refusedEntry(context, sent.text('entry', 60));
      const entity = context.model.entities.get(entry.entity);
      if (!context.model.entities.has(REQUEST)) throw problem('MRT_ENTITY_UNKNOWN', { entity: REQUEST });
      // What was refused is told by the log, not by who asks: he may read it, and write nothing but the purpose.
      const teller = systemContext(context.model, context.actor, 'screen');
      const made = await app.records.create({ ...teller, locale: context.locale }, REQUEST, {
        kind: entry.kind,
        about: entity ? entity.label[context.locale] : entry.entity,
        template: entry.template,
        row_count: entry.records,
        query: JSON.stringify(entry.query, null, 2).slice(0, MOST_QUERY),
        entry: entry.id,
        purpose,
        owner: context.actor.id,
        unit: context.actor.unit,
      });
      http.status = 201;
      return { id: made['id'] };
    }),
  );
}
