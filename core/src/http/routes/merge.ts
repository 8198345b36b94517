import type { Application } from '../../app/application.ts';
import { problem } from '../../errors/catalogue.ts';
import type { MergeAnswer, MergeRequest } from '../../records/merge/merge.ts';
import { signedIn } from '../call.ts';
import { readBody } from '../request/body.ts';
import type { HttpRouter } from '../state.ts';

/**
 * `POST /api/v1/records/:entity/merge {survivor, records: [{id, version}], choices?, reason?, preview?}`: makes several
 * records one, or says what that would do. The operation of the answer can be undone.
 */
export function register(router: HttpRouter, app: Application): void {
  router.post(
    '/api/v1/records/:entity/merge',
    signedIn(app, async ({ context, param, body }): Promise<MergeAnswer> =>
      app.records.merge(context, param('entity'), requestOf(body)),
    ),
  );
}

function requestOf(sent: Readonly<Record<string, unknown>>): MergeRequest {
  const body = readBody(sent, ['survivor', 'records', 'choices', 'reason', 'preview']);
  const records = body.list('records').map((item, index) => {
    const { id, version } = (item ?? {}) as Readonly<Record<string, unknown>>;
    if (typeof id !== 'string') throw problem('MRT_REQUEST_MALFORMED', { reason: `/records/${index}/id` });
    if (!Number.isSafeInteger(version)) throw problem('MRT_RECORD_VERSION_REQUIRED');
    return { id, version: Number(version) };
  });
  const choices = Object.entries(body.optionalObject('choices') ?? {}).map(([name, choice]) => {
    if (typeof choice !== 'string') throw problem('MRT_REQUEST_MALFORMED', { reason: `/choices/${name}` });
    return [name, choice] as const;
  });
  const reason = body.optionalText('reason', 500);
  return {
    survivor: body.text('survivor', 60),
    records,
    choices: Object.fromEntries(choices),
    preview: body.flag('preview') ?? false,
    ...(reason ? { options: { reason } } : {}),
  };
}
