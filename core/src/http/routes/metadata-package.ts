import type { Application } from '../../app/application.ts';
import {
  keyParts,
  type MetadataPackage,
  packageKinds,
  readPackage,
} from '../../change/transport/metadata-package.ts';
import type { Side } from '../../change/transport/three-way.ts';
import { problem } from '../../errors/catalogue.ts';
import { signedIn } from '../call.ts';
import { type Body, readBody } from '../request/body.ts';
import { mayConfigure, requireConfigure, requireTouched } from '../request/document-rights.ts';
import type { Context } from '../../context/context.ts';
import { withReadableRows } from '../request/readable-rows.ts';
import type { HttpRouter } from '../state.ts';

const BASE = '/api/v1/metadata/package';
/** A configuration may carry several large dictionaries. */
const PACKAGE_LIMIT = 32 * 1024 * 1024;
const NOTE_MAX = 1000;
const CONFIGURES = 'metadata.configure';

/** The configuration of a site on its way from one installation to another (ENG-14). */
export function register(router: HttpRouter, app: Application): void {
  const { changes } = app;
  const takes = { function: CONFIGURES, body: PACKAGE_LIMIT };

  router.get(
    BASE,
    signedIn(
      app,
      async ({ context, query }) => {
        query([]);
        const found = await changes.exportPackage();
        requireKinds(context, found);
        return found;
      },
      { function: CONFIGURES },
    ),
  );

  router.post(
    `${BASE}/diff`,
    signedIn(
      app,
      async ({ context, body }) => {
        const sent = readPackage(readBody(body, ['package']).object('package'));
        requireKinds(context, sent);
        const items = changes.comparePackage(sent).filter(({ path }) => {
          const parts = keyParts(path.slice(0, path.indexOf('#')));
          return parts === null || mayConfigure(context, parts.kind);
        });
        return { items };
      },
      takes,
    ),
  );

  router.post(
    `${BASE}/plan`,
    signedIn(
      app,
      async ({ context, body }) => {
        const read = readBody(body, ['package', 'prefer', 'resolve', 'exact', 'note']);
        const sent = readPackage(read.object('package'));
        requireKinds(context, sent);
        const prefer = read.optionalText('prefer');
        const wish = {
          package: sent,
          ...(prefer === undefined ? {} : { prefer: side(prefer, 'prefer') }),
          resolve: resolutions(read),
          exact: read.flag('exact') ?? false,
        };
        requireTouched(context, await changes.packageTouches(wish));
        const note = read.optionalText('note', NOTE_MAX) ?? '';
        const { conflicts, plan } = await changes.planPackage(context.actor, wish, note);
        return { conflicts, plan: plan && (await withReadableRows(app, context, plan)) };
      },
      takes,
    ),
  );
}

/** A package may hold documents of any kind: whoever handles it needs the right for each of them. */
function requireKinds(context: Context, sent: MetadataPackage): void {
  requireConfigure(context, packageKinds(sent));
}

function resolutions(read: Body): Readonly<Record<string, Side>> {
  const sent = read.optionalObject('resolve') ?? {};
  return Object.fromEntries(
    Object.entries(sent).map(([path, value]) => [path, side(value, `resolve${path}`)]),
  );
}

function side(value: unknown, at: string): Side {
  if (value !== 'here' && value !== 'package')
    throw problem('MRT_REQUEST_MALFORMED', { reason: `/${at}: here | package` });
  return value;
}
