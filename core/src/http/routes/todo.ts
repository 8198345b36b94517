import type { Application } from '../../app/application.ts';
import { readTodo, type TodoAnswer } from '../../todo/read-todo.ts';
import { signedIn } from '../call.ts';
import type { HttpRouter } from '../state.ts';

/**
 * `GET /api/v1/me/todo` → `{groups, total}`: what waits for the person, by entity and state. The records of a group
 * are a list with the filter `{"$waiting": true, "<field>": "<state>"}`.
 */
export function register(router: HttpRouter, app: Application): void {
  router.get(
    '/api/v1/me/todo',
    signedIn(app, async ({ context }): Promise<TodoAnswer> => await readTodo(context, app.records)),
  );
}
