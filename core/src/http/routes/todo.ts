import type { Application } from '../../app/application.ts';
import type { Context } from '../../context/context.ts';
import { Problem } from '../../errors/problem.ts';
import { absentColleagues, contextForAbsent } from '../../todo/absent-colleague.ts';
import { readTodo, type TodoAnswer, type TodoGroup } from '../../todo/read-todo.ts';
import { signedIn } from '../call.ts';
import type { HttpRouter } from '../state.ts';

/**
 * `GET /api/v1/me/todo` → `{groups, total}`: what waits for the person, by entity and state. The records of a group
 * are a list with the filter `{"$waiting": "<field>", "<field>": "<state>"}`; what waits for a colleague for whom the
 * person stands in carries `absent`, and its records are under `/api/v1/me/absent/:user/records/:entity`.
 */
export function register(router: HttpRouter, app: Application): void {
  router.get(
    '/api/v1/me/todo',
    signedIn(app, async ({ context, session }): Promise<TodoAnswer> => {
      const groups: TodoGroup[] = [...(await readTodo(context, app.records)).groups];
      for (const { owner, until } of absentColleagues(session)) {
        const absent = await absentOrNone(() => contextForAbsent(app, context, session, owner));
        if (!absent?.behalf) continue;
        const { id, displayName } = absent.behalf;
        const waiting = await readTodo(absent, app.records);
        groups.push(
          ...waiting.groups.map((group) => ({ ...group, absent: { id, name: displayName, until } })),
        );
      }
      return { groups, total: groups.reduce((sum, { count }) => sum + count, 0) };
    }),
  );
}

/** An account that was switched off meanwhile has nothing that waits. */
async function absentOrNone(load: () => Promise<Context>): Promise<Context | null> {
  try {
    return await load();
  } catch (error) {
    if (error instanceof Problem && error.code === 'MRT_RECORD_NOT_FOUND') return null;
    throw error;
  }
}
