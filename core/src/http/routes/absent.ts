import type { Application } from '../../app/application.ts';
import type { Context } from '../../context/context.ts';
import { contextForAbsent, requireWaiting } from '../../todo/absent-colleague.ts';
import { signedIn, type Call } from '../call.ts';
import { LIST_PARAMETERS, listRequest } from '../request/list-request.ts';
import type { HttpRouter } from '../state.ts';
import { transitionOf } from '../request/transition-request.ts';

const LIST = '/api/v1/me/absent/:user/records/:entity';
const ONE = `${LIST}/:id`;

/**
 * What waits for a colleague who is away, for his deputy (SEC-16): the list of such records, one of them, the steps
 * that may be taken, and taking one on his behalf. Other records of the colleague are not there.
 */
export function register(router: HttpRouter, app: Application): void {
  const { records } = app;
  const absentOf = ({ context, session, param }: Call): Promise<Context> =>
    contextForAbsent(app, context, session, param('user'));
  /** The colleague's context, when the record waits for him. */
  const waiting = async (call: Call): Promise<Context> => {
    const absent = await absentOf(call);
    await requireWaiting(records, absent, call.param('entity'), call.param('id'));
    return absent;
  };

  router.get(
    LIST,
    signedIn(app, async (call) => {
      const absent = await absentOf(call);
      const request = listRequest(call.query(LIST_PARAMETERS));
      const filter = { $and: [request.filter ?? {}, { $waiting: true }] };
      return await records.list(absent, call.param('entity'), { ...request, state: 'live', filter });
    }),
  );
  router.get(
    ONE,
    signedIn(app, async (call) => {
      const display = call.query(['display']).flag('display') ?? false;
      return await records.read(await waiting(call), call.param('entity'), call.param('id'), { display });
    }),
  );
  router.get(
    `${ONE}/transitions`,
    signedIn(app, async (call) =>
      records.transitions(await waiting(call), call.param('entity'), call.param('id')),
    ),
  );
  router.post(
    `${ONE}/transitions/:name`,
    signedIn(app, async (call) => {
      const absent = await waiting(call);
      const moved = await records.transition(
        absent,
        call.param('entity'),
        call.param('id'),
        call.param('name'),
        transitionOf(call),
      );
      // It may wait for the colleague no more: what it has become is not told.
      return { id: moved['id'], version: moved['version'] };
    }),
  );
}
