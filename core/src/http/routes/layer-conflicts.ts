import type { Application } from '../../app/application.ts';
import { problem } from '../../errors/catalogue.ts';
import { isUuid } from '../../fields/uuid.ts';
import { signedIn } from '../call.ts';
import { readBody } from '../request/body.ts';
import {
  ANY_CONFIGURATION,
  judgeChange,
  mayConfigure,
  requireConfigure,
} from '../request/document-rights.ts';
import type { HttpRouter } from '../state.ts';

const BASE = '/api/v1/metadata/conflicts';

/** What newer files and the site's own changes disagree about, and its decision (NF-EXT-03). */
export function register(router: HttpRouter, app: Application): void {
  const { changes } = app;
  const options = { function: ANY_CONFIGURATION };

  router.get(
    BASE,
    signedIn(
      app,
      async ({ context, query }) => {
        query([]);
        return { items: (await changes.conflicts()).filter(({ kind }) => mayConfigure(context, kind)) };
      },
      options,
    ),
  );

  router.post(
    `${BASE}/:id/decide`,
    signedIn(
      app,
      async ({ http, context, param, body }) => {
        const id = param('id');
        const side = readBody(body, ['side']).text('side', 10);
        if (side !== 'site' && side !== 'shipped')
          throw problem('MRT_REQUEST_MALFORMED', { reason: '/side: site | shipped' });
        const conflict = isUuid(id) ? (await changes.conflicts()).find((each) => each.id === id) : undefined;
        if (!conflict) throw problem('MRT_DOCUMENT_UNKNOWN', { kind: 'conflict', name: id });
        requireConfigure(context, [conflict.kind]);
        await changes.decideConflict(context.actor, id, side, judgeChange(context));
        http.status = 204;
      },
      options,
    ),
  );
}
