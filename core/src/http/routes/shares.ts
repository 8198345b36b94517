import type { Application } from '../../app/application.ts';
import { problem } from '../../errors/catalogue.ts';
import type { ShareRequest } from '../../records/sharing/share-record.ts';
import { signedIn } from '../call.ts';
import { readBody } from '../request/body.ts';
import type { HttpRouter } from '../state.ts';

const SHARES = '/api/v1/records/:entity/:id/shares';

/**
 * `GET …/shares` with whom a record is shared, `POST …/shares {user | unit, level, until?}` shares it or says anew how
 * far and until when, `DELETE …/shares/:share` takes it back (SEC-07). All of them for who has the right to `share` it.
 */
export function register(router: HttpRouter, app: Application): void {
  router.get(
    SHARES,
    signedIn(app, async ({ context, param }) => ({
      items: await app.sharing.list(context, param('entity'), param('id')),
    })),
  );
  router.post(
    SHARES,
    signedIn(app, async ({ context, param, body, http }) => {
      const given = await app.sharing.give(context, param('entity'), param('id'), requestOf(body));
      http.status = 201;
      return given;
    }),
  );
  router.delete(
    `${SHARES}/:share`,
    signedIn(app, async ({ context, param, http }) => {
      await app.sharing.revoke(context, param('entity'), param('id'), param('share'));
      http.status = 204;
    }),
  );
}

function requestOf(sent: Readonly<Record<string, unknown>>): ShareRequest {
  const body = readBody(sent, ['user', 'unit', 'level', 'until']);
  const user = body.optionalText('user', 60);
  const unit = body.optionalText('unit', 60);
  const to = user ?? unit;
  if (!to || (user && unit)) throw problem('MRT_REQUEST_MALFORMED', { reason: 'user | unit' });
  const level = body.optionalText('level', 10) ?? 'read';
  if (level !== 'read' && level !== 'write')
    throw problem('MRT_REQUEST_MALFORMED', { reason: 'level: read | write' });
  return {
    kind: user ? 'user' : 'unit',
    to,
    level,
    until: body.optionalText('until', 10) || null,
  };
}
