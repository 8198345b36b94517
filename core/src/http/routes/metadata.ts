import type { Application } from '../../app/application.ts';
import { problem } from '../../errors/catalogue.ts';
import { type Call, signedIn } from '../call.ts';
import type { ApplyAnswer, DocumentChange } from '../contract.ts';
import { readBody } from '../request/body.ts';
import { acceptedRisks, documentChanges, documentKind } from '../request/document-changes.ts';
import { ANY_CONFIGURATION, mayConfigure, requireConfigure } from '../request/document-rights.ts';
import type { HttpRouter } from '../state.ts';

const BASE = '/api/v1/metadata';
/** A change set may carry a large dictionary. */
const CHANGES_LIMIT = 8 * 1024 * 1024;
const NOTE_MAX = 1000;

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
        const sent = readBody(body, ['changes', 'note']);
        const wished = documentChanges(sent);
        requireConfigure(
          context,
          wished.map(({ kind }) => kind),
        );
        return await changes.plan(context.actor, {
          changes: wished,
          note: sent.optionalText('note', NOTE_MAX) ?? '',
        });
      },
      writes,
    ),
  );

  router.post(
    `${BASE}/apply`,
    signedIn(app, (call) => apply(app, call), writes),
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

  router.post(
    `${BASE}/versions/:version/revert`,
    signedIn(
      app,
      async ({ context, param, body }) => {
        readBody(body, []);
        if (!/^\d{1,9}$/.test(param('version')))
          throw problem('MRT_DOCUMENT_UNKNOWN', { kind: 'version', name: param('version') });
        // It may take back changes of any kind.
        requireConfigure(context, ['entity', 'role']);
        return await changes.revert(context.actor, Number(param('version')));
      },
      { function: 'metadata.configure' },
    ),
  );
}

async function apply(app: Application, { context, body }: Call): Promise<ApplyAnswer> {
  const token = readBody(body, ['token', 'changes', 'note', 'accept']).optionalText('token', 200);
  if (token === undefined) {
    const sent = readBody(body, ['changes', 'note', 'accept']);
    const wished = documentChanges(sent);
    requireConfigure(
      context,
      wished.map(({ kind }) => kind),
    );
    return await app.changes.apply(context.actor, {
      changes: wished,
      note: sent.optionalText('note', NOTE_MAX) ?? '',
      accept: acceptedRisks(sent),
    });
  }
  readBody(body, ['token']);
  // The token stands for changes that were sent before: they are judged by the rights of who applies them.
  const [planned] = await app.db.query<{ changes: readonly DocumentChange[] }>({
    text: 'select changes from mortise.plan where token = $1',
    values: [token],
  });
  if (!planned) throw problem('MRT_PLAN_STALE');
  requireConfigure(
    context,
    planned.changes.map(({ kind }) => kind),
  );
  return await app.changes.apply(context.actor, { token });
}
