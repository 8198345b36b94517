import { contextOfSession } from '../../app/create-context.ts';
import type { Application } from '../../app/application.ts';
import { actorOf } from '../../audit/actor-of.ts';
import { icsFeed } from '../../agenda/ics.ts';
import { readAgenda } from '../../agenda/read-agenda.ts';
import { addDays } from '../../workflow/business-time.ts';
import { problem } from '../../errors/catalogue.ts';
import { dateInZone } from '../../records/today.ts';
import { localise } from '../../text/locale.ts';
import { mayComeFrom } from '../../session/allowed-address.ts';
import { hashToken } from '../../session/token-hash.ts';
import { signedIn } from '../call.ts';
import type { AgendaAnswer } from '../contract.ts';
import { readBody } from '../request/body.ts';
import { requireOwnSession } from '../request/own-session.ts';
import { RateLimit } from '../request/rate-limit.ts';
import type { HttpRouter } from '../state.ts';

/** A calendar program asks a few times an hour; who guesses addresses asks more often. */
const LIMIT = { most: 60, withinMs: 10 * 60_000 };
/** Days of a feed, before and after today. */
const BEFORE = 60;
const AFTER = 400;

/**
 * `GET /api/v1/me/agenda?from=&to=`: one's own calendar; `POST /api/v1/me/feeds {name}` makes a secret address of it,
 * listed and revoked among the tokens; `GET /calendar/<secret>.ics` reads it as iCalendar, by the rights that its
 * owner has at that moment and from his networks only (CAL-01, NF-SEC-01).
 */
export function register(router: HttpRouter, app: Application): void {
  const limit = new RateLimit(LIMIT.most, LIMIT.withinMs);

  router.get(
    '/api/v1/me/agenda',
    signedIn(app, async ({ context, query }): Promise<AgendaAnswer> => {
      const sent = query(['from', 'to']);
      return await readAgenda(context, app.records, {
        from: sent.text('from') ?? '',
        to: sent.text('to') ?? '',
      });
    }),
  );

  router.post(
    '/api/v1/me/feeds',
    signedIn(app, async ({ http, session, context, body }) => {
      requireOwnSession(session);
      const name = readBody(body, ['name']).text('name', 100).trim();
      if (name === '') throw problem('MRT_REQUEST_MALFORMED', { reason: '/name' });
      const wish = {
        kind: 'feed',
        name,
        expiresOn: null,
        readOnly: true,
        functions: false,
        entities: null,
      } as const;
      const { token, secret } = await app.tokens.create(session.actor.id, wish);
      http.state.log.info({ user: session.actor.username, token: token.id }, 'calendar feed made');
      await app.security.note({
        ...actorOf(context),
        kind: 'token-made',
        detail: { name: token.name, feed: true },
      });
      http.status = 201;
      http.set('Cache-Control', 'no-store');
      return { id: token.id, path: `/calendar/${secret}.ics` };
    }),
  );

  router.get('/calendar/:file', async (http) => {
    const file = String(http.params['file']);
    const secret = file.endsWith('.ics') ? file.slice(0, -4) : '';
    const session = await app.tokens.findFeed(secret);
    // A known address by itself; those who guess by where they come from.
    limit.count(session ? hashToken(secret) : `ip ${http.ip}`);
    if (!session) throw problem('MRT_ROUTE_UNKNOWN');
    http.state.session = session;
    const model = app.changes.current();
    if (!mayComeFrom(model.settings, session.standing.roles, session.networks, http.ip))
      throw problem('MRT_SESSION_ADDRESS', { address: http.ip });
    const locale = session.settings.locale ?? model.settings.locale;
    const context = contextOfSession(model, session, app.dictionaries, locale, 'api');
    const today = dateInZone(context.now, context.timeZone);
    const agenda = await readAgenda(context, app.records, {
      from: addDays(today, -BEFORE) ?? today,
      to: addDays(today, AFTER) ?? today,
    });
    const labels = new Map(agenda.calendars.map(({ view, label }) => [view, localise(label, locale)]));
    const events = agenda.entries.map(({ entity, view, id, title, start, until, isAllDay, updated }) => ({
      uid: `${view}.${id}@mortise`,
      title,
      start,
      end: until?.value ?? null,
      isAllDay,
      url: `${http.protocol}://${http.host}/e/${entity}/${id}`,
      category: labels.get(view) ?? view,
      stamp: updated === '' ? context.now.toISOString() : updated,
    }));
    http.type = 'text/calendar; charset=utf-8';
    http.set('Cache-Control', 'private, no-store');
    http.set('Content-Disposition', 'inline; filename="calendar.ics"');
    http.body = icsFeed(
      `${localise(model.settings.productName, locale)}CRM · ${session.actor.displayName}`,
      events,
    );
  });
}
