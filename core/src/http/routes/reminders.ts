import type { Application } from '../../app/application.ts';
import { problem } from '../../errors/catalogue.ts';
import { isUuid } from '../../fields/uuid.ts';
import type { ReminderWish } from '../../reminders/create-reminders.ts';
import { signedIn } from '../call.ts';
import type { RemindersAnswer } from '../contract.ts';
import { type Body, readBody } from '../request/body.ts';
import type { HttpRouter } from '../state.ts';

const TIME = /^(?:[01]\d|2[0-3]):[0-5]\d$/;
const DEFAULT_TIME = '08:30';
const MOST_DAYS = 3660;

/**
 * `GET/POST /api/v1/me/reminders`: one's running reminders, and a new one: `{entity, record, field, days_before?, time?,
 * note?}` before a date, or `{at, note, entity?, record?}`; `POST …/:id/snooze {until}`, `POST …/:id/done` (NTF-03).
 */
export function register(router: HttpRouter, app: Application): void {
  router.get(
    '/api/v1/me/reminders',
    signedIn(app, async ({ context, query }): Promise<RemindersAnswer> => {
      query([]);
      return await app.reminders.list(context);
    }),
  );
  router.post(
    '/api/v1/me/reminders',
    signedIn(app, async ({ http, context, body }) => {
      const sent = readBody(body, ['entity', 'record', 'field', 'days_before', 'time', 'at', 'note']);
      http.status = 201;
      return await app.reminders.create(context, wishOf(sent));
    }),
  );
  router.post(
    '/api/v1/me/reminders/:id/snooze',
    signedIn(app, async ({ http, context, body, param }) => {
      const until = momentIn(readBody(body, ['until']), 'until');
      if (!until || until <= context.now)
        throw problem('MRT_REQUEST_MALFORMED', { reason: '/until: > now / 须晚于现在' });
      if (!(await app.reminders.snooze(context, param('id'), until))) throw problem('MRT_REMINDER_UNKNOWN');
      http.status = 204;
    }),
  );
  router.post(
    '/api/v1/me/reminders/:id/done',
    signedIn(app, async ({ http, context, param }) => {
      if (!(await app.reminders.done(context, param('id')))) throw problem('MRT_REMINDER_UNKNOWN');
      http.status = 204;
    }),
  );
}

function momentIn(sent: Body, name: string): Date | null {
  const text = sent.optionalText(name, 40);
  if (text === undefined) return null;
  const at = new Date(text);
  if (!/^\d{4}-\d\d-\d\dT.*(?:Z|[+-]\d\d:\d\d)$/.test(text) || Number.isNaN(at.getTime()))
    throw problem('MRT_REQUEST_MALFORMED', { reason: `/${name}: ISO 8601` });
  return at;
}

function wishOf(sent: Body): ReminderWish {
  const entity = sent.optionalText('entity', 100);
  const id = sent.optionalText('record', 60);
  if ((entity === undefined) !== (id === undefined) || (id !== undefined && !isUuid(id)))
    throw problem('MRT_REQUEST_MALFORMED', { reason: '/record: uuid' });
  const daysBefore = sent.integer('days_before') ?? 0;
  if (daysBefore < 0 || daysBefore > MOST_DAYS)
    throw problem('MRT_REQUEST_MALFORMED', { reason: `/days_before: 0 … ${MOST_DAYS}` });
  const time = sent.optionalText('time', 5) ?? DEFAULT_TIME;
  if (!TIME.test(time)) throw problem('MRT_REQUEST_MALFORMED', { reason: '/time: HH:MM' });
  return {
    record: entity === undefined || id === undefined ? null : { entity, id: id.toLowerCase() },
    field: sent.optionalText('field', 100) ?? null,
    daysBefore,
    time,
    at: momentIn(sent, 'at'),
    note: sent.optionalText('note', 500)?.trim() || null,
  };
}
