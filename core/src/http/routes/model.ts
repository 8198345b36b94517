import type { Application } from '../../app/application.ts';
import { unknownEntity } from '../../records/entity-of.ts';
import { signedIn } from '../call.ts';
import type { ModelAnswer } from '../contract.ts';
import { readBody } from '../request/body.ts';
import { sendEncoded } from '../encoded-content.ts';
import type { HttpRouter } from '../state.ts';
import { cachedView } from '../view-model/cached-view.ts';
import { dictionaryView, EXTENDS, ROLES } from '../view-model/dictionary-view.ts';
import { entityView } from '../view-model/entity-view.ts';
import { modelView } from '../view-model/model-view.ts';
import { isVisible } from '../view-model/visible-entity.ts';

/** Kept by the browser, asked for anew each time. */
const CACHE_CONTROL = 'private, no-cache';

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
        const view = cachedView(
          access.compiled,
          'model',
          () => ({ ...modelView(model, access), dictionaries }),
          dictionaries.map(({ revision }) => revision).join(),
        );
        await sendEncoded(http, view, CACHE_CONTROL);
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
      if (!isVisible(access, entity)) throw unknownEntity(context, param('name'));
      const compute = () => entityView(model, access, entity);
      await sendEncoded(http, cachedView(access.compiled, `entity/${entity.name}`, compute), CACHE_CONTROL);
    }),
  );

  router.get(
    '/api/v1/model/dictionaries/:name',
    signedIn(app, async ({ http, context, param, query }) => {
      query([]);
      const name = param('name');
      const revision = name === ROLES ? 0 : app.dictionaries.revision(name);
      const compute = () => dictionaryView(context.model, context.access, app.dictionaries, name);
      const view = cachedView(context.access.compiled, `dictionary/${name}`, compute, revision);
      await sendEncoded(http, view, CACHE_CONTROL);
    }),
  );

  router.post(
    '/api/v1/model/dictionaries/:name/values',
    signedIn(
      app,
      async ({ http, context, param, body }) => {
        const sent = readBody(body, ['label', 'parent']);
        const parent = sent.optionalText('parent', 60);
        const { code, isNew } = await app.changes.addValue(context.actor, param('name'), {
          label: sent.text('label', 200),
          ...(parent === undefined ? {} : { parent }),
        });
        http.status = isNew ? 201 : 200;
        return { code };
      },
      { function: EXTENDS },
    ),
  );
}
