import type { Application } from '../../app/application.ts';
import type { NotificationsAnswer } from '../../notifications/create-notifications.ts';
import { problem } from '../../errors/catalogue.ts';
import { isUuid } from '../../fields/uuid.ts';
import { signedIn } from '../call.ts';
import { readBody } from '../request/body.ts';
import type { HttpRouter } from '../state.ts';

const DEFAULT_LIMIT = 30;
const MAX_LIMIT = 200;

/**
 * `GET /api/v1/me/notifications?limit=&unread=` → `{items, unread}`, newest first;
 * `POST /api/v1/me/notifications/read {ids?}` marks them, or all, as read (NTF-01).
 */
export function register(router: HttpRouter, app: Application): void {
  router.get(
    '/api/v1/me/notifications',
    signedIn(app, async ({ context, query }): Promise<NotificationsAnswer> => {
      const sent = query(['limit', 'unread']);
      return await app.notifications.list(context, {
        limit: sent.integer('limit', 1, MAX_LIMIT) ?? DEFAULT_LIMIT,
        unread: sent.flag('unread') ?? false,
      });
    }),
  );
  router.post(
    '/api/v1/me/notifications/read',
    signedIn(app, async ({ http, context, body }) => {
      const sent = readBody(body, ['ids']);
      const ids = sent.has('ids') ? sent.texts('ids') : undefined;
      if (ids?.some((id) => !isUuid(id))) throw problem('MRT_REQUEST_MALFORMED', { reason: 'ids: uuid' });
      await app.notifications.markRead(context, ids);
      app.events.emit({ event: 'notification', data: { user: context.actor.id } });
      http.status = 204;
    }),
  );
}
