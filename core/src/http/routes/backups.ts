import type { Application } from '../../app/application.ts';
import { actorOf } from '../../audit/actor-of.ts';
import { signedIn } from '../call.ts';
import { requireOwnSession } from '../request/own-session.ts';
import type { HttpRouter } from '../state.ts';

/**
 * Backups (SYS-14, NF-SEC-03): `GET /api/v1/backups` lists them, `POST` begins one and answers at once, `GET …/:name`
 * downloads and `DELETE …/:name` removes it. An archive holds everybody's data past every other right, so it needs a
 * right of its own and a signed-in person; who did what is in the log.
 */
export function register(router: HttpRouter, app: Application): void {
  const right = { function: 'backup.make' } as const;

  router.get(
    '/api/v1/backups',
    signedIn(app, async () => await app.backups.list(), right),
  );

  router.post(
    '/api/v1/backups',
    signedIn(
      app,
      async ({ http, context, session }) => {
        requireOwnSession(session);
        const { began, done } = await app.backups.make();
        await app.security.note({ ...actorOf(context), kind: 'backup', detail: { act: 'made' } });
        const log = http.state.log.child({ user: session.actor.username });
        log.warn('a backup was begun');
        done.then(
          (view) => log.warn({ name: view.name, bytes: view.bytes }, 'a backup was made'),
          (error: unknown) => log.error({ err: error }, 'a backup failed'),
        );
        http.status = 202;
        return { running: began };
      },
      right,
    ),
  );

  router.get(
    '/api/v1/backups/:name',
    signedIn(
      app,
      async ({ http, context, session, param }) => {
        requireOwnSession(session);
        const { view, content } = await app.backups.open(param('name'));
        http.state.log.warn({ user: session.actor.username, name: view.name }, 'a backup was downloaded');
        await app.security.note({
          ...actorOf(context),
          kind: 'backup',
          detail: { act: 'downloaded', name: view.name },
        });
        http.set({
          'Content-Type': 'application/gzip',
          'Content-Disposition': `attachment; filename="${view.name}"`,
          'Content-Length': String(view.bytes),
        });
        return content;
      },
      right,
    ),
  );

  router.delete(
    '/api/v1/backups/:name',
    signedIn(
      app,
      async ({ http, context, session, param }) => {
        requireOwnSession(session);
        await app.backups.remove(param('name'));
        await app.security.note({
          ...actorOf(context),
          kind: 'backup',
          detail: { act: 'deleted', name: param('name') },
        });
        http.state.log.warn({ user: session.actor.username, name: param('name') }, 'a backup was deleted');
        http.status = 204;
        return null;
      },
      right,
    ),
  );
}
