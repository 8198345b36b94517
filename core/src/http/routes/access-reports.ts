import type { Application } from '../../app/application.ts';
import { conflictsOfPeople, conflictsOfRoles } from '../../explain/conflicts.ts';
import { loadSubjects } from '../../explain/load-subjects.ts';
import { contextOfSubject, previewEntities } from '../../explain/preview.ts';
import { signedIn } from '../call.ts';
import type { ConflictsAnswer, PreviewAnswer } from '../contract.ts';
import type { HttpRouter } from '../state.ts';
import { menuView } from '../view-model/menu-view.ts';
import { ASKERS, subjectOf } from './explain.ts';

/**
 * `GET /api/v1/access/preview?user=`: what a user sees (menu, records, fields), from his compiled rights, logged;
 * `GET /api/v1/access/conflicts`: rights that contradict each other or do nothing (SEC-04, SEC-10).
 */
export function register(router: HttpRouter, app: Application): void {
  router.get(
    '/api/v1/access/preview',
    signedIn(
      app,
      async ({ http, context, query }): Promise<PreviewAnswer> => {
        const subject = await subjectOf(app, context, query(['user']).text('user') ?? '');
        const of = contextOfSubject(context, subject);
        http.state.log.info(
          { by: context.actor.username, user: subject.username },
          'the view of a user was previewed',
        );
        const names = new Set(
          of.access.compiled.roles.flatMap((role) => {
            const held = context.model.roles.get(role)?.functions ?? {};
            return Object.keys(held).filter((name) => held[name] === true);
          }),
        );
        for (const { functionName } of subject.personal) if (functionName !== null) names.add(functionName);
        return {
          user: { id: subject.id, username: subject.username, display_name: subject.displayName },
          active: subject.active,
          roles: subject.roles.flatMap((name) => {
            const role = context.model.roles.get(name);
            const groups = subject.groups.flatMap((group) => (group.roles.includes(name) ? group.name : []));
            return role ? [{ name, label: role.label, groups }] : [];
          }),
          groups: subject.groups.map(({ id, name, through }) => ({ id, name, through })),
          functions: [...names].filter((name) => of.access.mayUse(name)).sort(),
          menus: menuView(context.model, of.access),
          entities: await previewEntities(app.records, of),
        };
      },
      { function: ASKERS },
    ),
  );

  router.get(
    '/api/v1/access/conflicts',
    signedIn(
      app,
      async ({ context, query }): Promise<ConflictsAnswer> => {
        query([]);
        const { model, locale } = context;
        const subjects = await loadSubjects(app, context);
        return { items: [...conflictsOfRoles(model, locale), ...conflictsOfPeople(model, subjects, locale)] };
      },
      { function: ['roles.configure', ...ASKERS] },
    ),
  );
}
