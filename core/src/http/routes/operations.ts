import type { Application } from '../../app/application.ts';
import type { UndoAnswer } from '../../records/operations/operations.ts';
import { signedIn } from '../call.ts';
import type { OperationsAnswer } from '../contract.ts';
import { readBody } from '../request/body.ts';
import type { HttpRouter } from '../state.ts';

/**
 * `GET /api/v1/operations?all=` → `{items}`: writes of many records; `POST /api/v1/operations/:id/undo {preview?}`
 * takes one back, or says what that would do.
 */
export function register(router: HttpRouter, app: Application): void {
  router.get(
    '/api/v1/operations',
    signedIn(app, async ({ context, query }): Promise<OperationsAnswer> => ({
      items: await app.operations.list(context, query(['all']).flag('all') ?? false),
    })),
  );
  router.post(
    '/api/v1/operations/:id/undo',
    signedIn(app, async ({ context, param, body }): Promise<UndoAnswer> => {
      const preview = readBody(body, ['preview']).flag('preview') ?? false;
      return await app.operations.undo(context, param('id'), preview);
    }),
  );
}
