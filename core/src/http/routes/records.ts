import type { Application } from '../../app/application.ts';
import { type Call, signedIn } from '../call.ts';
import type { RecordData, WriteOptions } from '../../records/records.ts';
import { readBody } from '../request/body.ts';
import { etagOfVersion, versionOfIfMatch } from '../request/if-match.ts';
import {
  aggregateRequest,
  LIST_PARAMETERS,
  listRequest,
  READ_PARAMETERS,
  readRequest,
} from '../request/list-request.ts';
import { transitionOf } from '../request/transition-request.ts';
import type { HttpRouter } from '../state.ts';

const LIST = '/api/v1/records/:entity';
const ONE = '/api/v1/records/:entity/:id';

/** Records of every entity (DESIGN §12): thin, every rule lies behind `app.records`. */
export function register(router: HttpRouter, app: Application): void {
  const { records } = app;

  router.get(
    LIST,
    signedIn(app, async ({ context, param, query }) =>
      records.list(context, param('entity'), listRequest(query(LIST_PARAMETERS))),
    ),
  );

  router.post(
    LIST,
    signedIn(app, async (call) => {
      const made = await records.create(call.context, call.param('entity'), call.body, optionsOf(call));
      call.http.status = 201;
      call.http.set(
        'Location',
        `/api/v1/records/${encodeURIComponent(call.param('entity'))}/${String(made['id'])}`,
      );
      return withEtag(call, made);
    }),
  );

  // Before `/:id/…`, so that `aggregate` is not taken for an id.
  router.post(
    `${LIST}/aggregate`,
    signedIn(app, async ({ context, param, body }) => ({
      items: await records.aggregate(context, param('entity'), aggregateRequest(body)),
    })),
  );

  router.get(
    `${LIST}/values/:field`,
    signedIn(app, async ({ context, param, query }) => ({
      items: await records.valuesInUse(
        context,
        param('entity'),
        param('field'),
        query(['search']).text('search') ?? '',
      ),
    })),
  );

  router.get(
    ONE,
    signedIn(app, async (call) => {
      const request = readRequest(call.query(READ_PARAMETERS));
      const entity = call.param('entity');
      const record = await records.read(call.context, entity, call.param('id'), request);
      // Of a record that was merged: what it became, and where that is.
      if (record['id'] !== undefined && record['id'] !== call.param('id').toLowerCase())
        call.http.set(
          'Content-Location',
          `/api/v1/records/${encodeURIComponent(entity)}/${String(record['id'])}`,
        );
      return withEtag(call, record);
    }),
  );

  router.patch(
    ONE,
    signedIn(app, async (call) => {
      const version = versionOfIfMatch(call.http.headers['if-match']);
      const options = optionsOf(call);
      return withEtag(
        call,
        await records.update(
          call.context,
          call.param('entity'),
          call.param('id'),
          version,
          call.body,
          options,
        ),
      );
    }),
  );

  router.delete(
    ONE,
    signedIn(app, async (call) => {
      await records.remove(call.context, call.param('entity'), call.param('id'), optionsOf(call));
      call.http.status = 204;
    }),
  );

  router.get(
    `${ONE}/history`,
    signedIn(app, async ({ context, param }) => ({
      items: await records.history(context, param('entity'), param('id')),
    })),
  );

  router.get(
    `${ONE}/transitions`,
    signedIn(app, async ({ context, param }) => records.transitions(context, param('entity'), param('id'))),
  );

  // `If-Match` is welcome, not needed: a transition asks the state itself.
  router.post(
    `${ONE}/transitions/:name`,
    signedIn(app, async (call) =>
      withEtag(
        call,
        await records.transition(
          call.context,
          call.param('entity'),
          call.param('id'),
          call.param('name'),
          transitionOf(call),
        ),
      ),
    ),
  );

  router.post(
    `${ONE}/restore`,
    signedIn(app, async (call) =>
      withEtag(
        call,
        await records.restore(call.context, call.param('entity'), call.param('id'), reasonOf(call)),
      ),
    ),
  );
  router.post(
    `${ONE}/void`,
    signedIn(app, async (call) =>
      withEtag(
        call,
        await records.setVoid(call.context, call.param('entity'), call.param('id'), true, reasonOf(call)),
      ),
    ),
  );
  router.post(
    `${ONE}/unvoid`,
    signedIn(app, async (call) =>
      withEtag(
        call,
        await records.setVoid(call.context, call.param('entity'), call.param('id'), false, reasonOf(call)),
      ),
    ),
  );
}

/** `?reason=` of a create, change or delete, kept in the history. */
function optionsOf(call: Call): WriteOptions {
  const reason = call.query(['reason']).text('reason');
  return reason ? { reason: reason.slice(0, 500) } : {};
}

/** `{reason?}` of the body. */
function reasonOf(call: Call): WriteOptions {
  const reason = readBody(call.body, ['reason']).optionalText('reason', 500);
  return reason ? { reason } : {};
}

function withEtag(call: Call, record: RecordData): RecordData {
  if (record['version'] !== undefined) call.http.set('ETag', etagOfVersion(record['version']));
  return record;
}
