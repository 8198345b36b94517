import type { Application } from '../../app/application.ts';
import { isPackagePlan } from '../../change/plan-store.ts';
import { packageKinds } from '../../change/transport/metadata-package.ts';
import { problem } from '../../errors/catalogue.ts';
import { type Call, signedIn } from '../call.ts';
import type { ChangeRequest } from '../../change/changes.ts';
import type { Context } from '../../context/context.ts';
import type { ApplyAnswer } from '../contract.ts';
import { type Body, readBody } from '../request/body.ts';
import { acceptedRisks, dataChanges, documentChanges, documentKind } from '../request/document-changes.ts';
import {
  ANY_CONFIGURATION,
  judgeChange,
  mayConfigure,
  requireActingRoles,
  requireConfigure,
  requireTouched,
} from '../request/document-rights.ts';
import { withReadableRows } from '../request/readable-rows.ts';
import type { HttpRouter } from '../state.ts';

const BASE = '/api/v1/metadata';
/** A change set may carry a large dictionary. */
const CHANGES_LIMIT = 8 * 1024 * 1024;
const NOTE_MAX = 1000;
/** Going back may take back changes of any kind. */
const REVERTS = ['entity', 'role'] as const;

/** Documents, their changes and versions (ENG-01, ENG-07). What may be changed depends on the kind of document. */
export function register(router: HttpRouter, app: Application): void {
  const { changes } = app;
  const looks = { function: ANY_CONFIGURATION };
  const writes = { function: ANY_CONFIGURATION, body: CHANGES_LIMIT };

  router.get(
    `${BASE}/documents`,
    signedIn(
      app,
      async ({ context, query }) => ({
        items: changes
          .documents(documentKind(query(['kind']).text('kind')))
          .filter(({ kind }) => mayConfigure(context, kind)),
      }),
      looks,
    ),
  );

  router.get(
    `${BASE}/documents/:kind/:name`,
    signedIn(
      app,
      async ({ context, param, query }) => {
        query([]);
        const kind = documentKind(param('kind'));
        if (kind === undefined)
          throw problem('MRT_DOCUMENT_UNKNOWN', { kind: param('kind'), name: param('name') });
        requireConfigure(context, [kind]);
        return changes.document(kind, param('name'));
      },
      looks,
    ),
  );

  router.post(
    `${BASE}/plan`,
    signedIn(
      app,
      async ({ context, body }) => {
        const request = changeRequest(context, readBody(body, ['changes', 'data', 'note']));
        return await withReadableRows(
          app,
          context,
          await changes.plan(context.actor, request, judgeChange(context)),
        );
      },
      writes,
    ),
  );

  router.post(
    `${BASE}/apply`,
    signedIn(app, (call) => apply(app, call), writes),
  );

  router.get(
    `${BASE}/documents/:kind/:name/provenance`,
    signedIn(
      app,
      async ({ context, param, query }) => {
        const path = query(['path']).text('path') ?? '';
        const kind = documentKind(param('kind'));
        if (kind === undefined)
          throw problem('MRT_DOCUMENT_UNKNOWN', { kind: param('kind'), name: param('name') });
        requireConfigure(context, [kind]);
        return await changes.provenance(kind, param('name'), path);
      },
      looks,
    ),
  );

  router.get(
    `${BASE}/versions`,
    signedIn(
      app,
      async ({ query }) => {
        query([]);
        return await changes.versions();
      },
      looks,
    ),
  );

  router.get(
    `${BASE}/steps`,
    signedIn(
      app,
      async ({ query }) => {
        query([]);
        return await changes.steps();
      },
      looks,
    ),
  );

  router.post(
    `${BASE}/steps/:id/retry`,
    signedIn(
      app,
      async ({ param, body }) => {
        readBody(body, []);
        await changes.retryStep(param('id'));
        return {};
      },
      { function: 'metadata.configure' },
    ),
  );
}

/** What the token of a plan or the request itself asks for, judged by the rights of who applies it. */
async function apply(app: Application, { context, body }: Call): Promise<ApplyAnswer> {
  const token = readBody(body, ['token', 'changes', 'data', 'note', 'accept']).optionalText('token', 200);
  if (token === undefined) {
    const sent = readBody(body, ['changes', 'data', 'note', 'accept']);
    const request = { ...changeRequest(context, sent), accept: acceptedRisks(sent) };
    return await app.changes.apply(context.actor, request, judgeChange(context));
  }
  readBody(body, ['token']);
  // The token stands for changes that were sent before: they are judged by the rights of who applies them.
  const { changes, data, revert } = await app.changes.planned(token);
  const sent = isPackagePlan(changes);
  if (sent) requireTouched(context, await app.changes.packageTouches(changes));
  requireConfigure(context, [
    ...(sent ? packageKinds(changes.package) : changes.map(({ kind }) => kind)),
    ...(data.length > 0 ? (['entity'] as const) : []),
    ...(revert ? REVERTS : []),
  ]);
  if (!sent) for (const { kind, document } of changes) requireActingRoles(context, kind, document);
  return await app.changes.apply(context.actor, { token }, judgeChange(context));
}

/** @throws MRT_REQUEST_MALFORMED, MRT_ACCESS_FUNCTION */
function changeRequest(context: Context, sent: Body): ChangeRequest {
  const [wished, data] = [documentChanges(sent), dataChanges(sent)];
  // Whatever the document, rewriting records is more than to change a dictionary.
  requireConfigure(context, [
    ...wished.map(({ kind }) => kind),
    ...(data.length > 0 ? (['entity'] as const) : []),
  ]);
  for (const { kind, document } of wished) requireActingRoles(context, kind, document);
  return { changes: wished, data, note: sent.optionalText('note', NOTE_MAX) ?? '' };
}
