import type { Application } from '../../app/application.ts';
import { signedIn } from '../call.ts';
import type { PluginsAnswer } from '../contract.ts';
import { readBody } from '../request/body.ts';
import type { HttpRouter } from '../state.ts';

/** `GET /api/v1/plugins`, `POST /api/v1/plugins/:name/enable | disable` (PLG-02, PLG-03). */
export function register(router: HttpRouter, app: Application): void {
  const list = (): PluginsAnswer => {
    const enabled = new Set(app.changes.current().plugins);
    return {
      items: app.plugins.map(({ manifest, layer }) => ({
        name: manifest.name,
        version: manifest.version,
        label: manifest.label,
        ...(manifest.description ? { description: manifest.description } : {}),
        enabled: enabled.has(manifest.name),
        dependencies: Object.keys(manifest.dependencies ?? {}),
        entities: layer.documents
          .filter(({ kind, document }) => kind === 'entity' && !document.extends)
          .map(({ name }) => name),
      })),
    };
  };

  router.get(
    '/api/v1/plugins',
    signedIn(
      app,
      async ({ query }) => {
        query([]);
        return list();
      },
      { function: 'plugins.configure' },
    ),
  );

  const turn = (on: boolean) =>
    signedIn(
      app,
      async ({ context, param, body }) => {
        readBody(body, []);
        await app.changes.setPlugin(context, param('name'), on);
        return list();
      },
      { function: 'plugins.configure' },
    );
  router.post('/api/v1/plugins/:name/enable', turn(true));
  router.post('/api/v1/plugins/:name/disable', turn(false));
}
