import { createHash } from 'node:crypto';
import type { Application } from '../../app/application.ts';
import { problem } from '../../errors/catalogue.ts';
import { signedIn } from '../call.ts';
import type { ModelAnswer } from '../contract.ts';
import type { HttpContext, HttpRouter } from '../state.ts';
import { type CachedView, cachedView } from '../view-model/cached-view.ts';
import { dictionaryView, ROLES } from '../view-model/dictionary-view.ts';
import { entityView } from '../view-model/entity-view.ts';
import { modelView } from '../view-model/model-view.ts';
import { isVisible } from '../view-model/visible-entity.ts';

/** `GET /api/v1/model`, `/model/entities/:name`, `/model/dictionaries/:name`: the model as the person may see it. */
export function register(router: HttpRouter, app: Application): void {
  router.get(
    '/api/v1/model',
    signedIn(
      app,
      async ({ http, context, query }) => {
        query([]);
        const { model, access } = context;
        const dictionaries: ModelAnswer['dictionaries'] = [...model.dictionaries.values()].map(
          (dictionary) => ({
            name: dictionary.name,
            label: dictionary.label,
            tree: dictionary.tree === true,
            revision: app.dictionaries.revision(dictionary.name),
          }),
        );
        const summary = cachedView(access.compiled, 'model', () => modelView(model, access));
        const tail = JSON.stringify(dictionaries);
        const json = `${summary.json.slice(0, -1)},"dictionaries":${tail}}`;
        answer(http, {
          json,
          etag: `"${createHash('sha256').update(json).digest('base64url').slice(0, 22)}"`,
        });
      },
      { beforePasswordChange: true },
    ),
  );

  router.get(
    '/api/v1/model/entities/:name',
    signedIn(app, async ({ http, context, param, query }) => {
      query([]);
      const { model, access } = context;
      const entity = model.entities.get(param('name'));
      if (!isVisible(access, entity)) throw problem('MRT_ENTITY_UNKNOWN', { entity: param('name') });
      answer(
        http,
        cachedView(access.compiled, `entity/${entity.name}`, () => entityView(model, access, entity)),
      );
    }),
  );

  router.get(
    '/api/v1/model/dictionaries/:name',
    signedIn(app, async ({ http, context, param, query }) => {
      query([]);
      const name = param('name');
      const revision = name === ROLES ? 0 : app.dictionaries.revision(name);
      const compute = () => dictionaryView(context.model, app.dictionaries, name);
      const view = cachedView(context.access.compiled, `dictionary/${name}`, compute, revision);
      answer(http, view);
    }),
  );
}

/** Sends a view, or 304 to who has it already. */
function answer(http: HttpContext, view: CachedView): void {
  http.set('Cache-Control', 'private, no-cache');
  http.set('ETag', view.etag);
  http.status = 200;
  if (http.fresh) {
    http.status = 304;
    return;
  }
  http.type = 'application/json; charset=utf-8';
  http.body = view.json;
}
