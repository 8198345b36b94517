import type { Application } from '../../app/application.ts';
import { problem } from '../../errors/catalogue.ts';
import { signedIn } from '../call.ts';
import type { RevertSelection } from '../contract.ts';
import { readBody } from '../request/body.ts';
import { judgeChange, requireConfigure } from '../request/document-rights.ts';
import { withReadableRows } from '../request/readable-rows.ts';
import type { HttpRouter } from '../state.ts';

const BASE = '/api/v1/metadata';
const MOST_SELECTED = 500;
const NOTE_MAX = 900;

/** Versions: compared, taken back wholly or in part, exported. */
export function register(router: HttpRouter, app: Application): void {
  const { changes } = app;
  const configures = { function: 'metadata.configure' };

  router.get(
    `${BASE}/compare`,
    signedIn(
      app,
      async ({ context, query }) => {
        requireConfigure(context, ['entity', 'role']);
        const sent = query(['from', 'to']);
        return await changes.compare(versionOf(sent.text('from')), versionOf(sent.text('to')));
      },
      configures,
    ),
  );

  router.get(
    `${BASE}/change-sets/:id`,
    signedIn(
      app,
      async ({ context, http, param, query }) => {
        query([]);
        requireConfigure(context, ['entity', 'role']);
        const set = await changes.changeSet(param('id'));
        http.attachment(`mortise-change-${set.version}-${set.id.slice(-8)}.json`);
        return { format: 'mortise-change-set/1', ...set };
      },
      configures,
    ),
  );

  router.post(
    `${BASE}/versions/:version/revert`,
    signedIn(
      app,
      async ({ context, param, body }) => {
        const sent = readBody(body, ['preview', 'changeSet', 'select', 'note']);
        // It may take back changes of any kind.
        requireConfigure(context, ['entity', 'role']);
        const changeSet = sent.optionalText('changeSet', 40);
        const note = sent.optionalText('note', NOTE_MAX);
        const to = {
          version: versionOf(param('version')),
          ...(changeSet === undefined ? {} : { changeSet }),
          ...(note === undefined ? {} : { note }),
          select: sent.has('select') ? selections(sent.list('select')) : [],
        };
        if (to.select.length > 0 && changeSet === undefined)
          throw problem('MRT_REQUEST_MALFORMED', { reason: '/changeSet' });
        return sent.flag('preview') === true
          ? await withReadableRows(app, context, await changes.planRevert(context.actor, to))
          : await changes.revert(context.actor, to, undefined, judgeChange(context));
      },
      configures,
    ),
  );
}

function versionOf(text: string | undefined): number {
  if (text === undefined || !/^\d{1,9}$/.test(text))
    throw problem('MRT_DOCUMENT_UNKNOWN', { kind: 'version', name: text ?? '' });
  return Number(text);
}

function selections(items: readonly unknown[]): readonly RevertSelection[] {
  if (items.length > MOST_SELECTED) throw problem('MRT_REQUEST_LIMIT', { max: MOST_SELECTED });
  return items.map((item, index) => {
    if (typeof item !== 'object' || item === null || Array.isArray(item))
      throw problem('MRT_REQUEST_MALFORMED', { reason: `/select/${index}: { … }` });
    const sent = readBody(item as Readonly<Record<string, unknown>>, ['kind', 'name', 'path']);
    const path = sent.optionalText('path', 1000);
    return {
      kind: sent.text('kind', 40),
      name: sent.text('name', 120),
      ...(path === undefined ? {} : { path }),
    };
  });
}
