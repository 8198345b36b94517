import type { Application } from '../../app/application.ts';
import { problem } from '../../errors/catalogue.ts';
import { Problem } from '../../errors/problem.ts';
import { MAX_BULK } from '../../records/bulk-records.ts';
import type { BulkRequest as Bulk, RecordData } from '../../records/records.ts';
import { uuid7 } from '../../store/uuid7.ts';
import { signedIn } from '../call.ts';
import type { BulkAnswer, BulkRequest } from '../contract.ts';
import { type Body, readBody } from '../request/body.ts';
import type { HttpRouter } from '../state.ts';

const OPERATIONS: readonly BulkRequest['operation'][] = ['create', 'update', 'delete', 'void', 'transition'];
const BODY_LIMIT = 8 * 1024 * 1024;

/**
 * `POST /api/v1/records/:entity/bulk {operation, items, transition?, each?, reason?}`: all rows in one transaction, or with `each`
 * every row by itself, its refusal reported in its place.
 */
export function register(router: HttpRouter, app: Application): void {
  router.post(
    '/api/v1/records/:entity/bulk',
    signedIn(
      app,
      async ({ http, context, body, param }): Promise<BulkAnswer> => {
        const sent = readBody(body, ['operation', 'items', 'each', 'reason', 'transition']);
        // What is written here is one operation, which can be undone.
        const operation = uuid7();
        const given = requestOf(sent);
        const request = { ...given, options: { ...given.options, operation } };
        // A step that was taken is not undone but withdrawn or returned, by a transition.
        const isUndoable = request.operation !== 'transition';
        const entity = param('entity');
        if (!sent.flag('each'))
          return {
            operation: isUndoable ? operation : null,
            results: (await app.records.bulk(context, entity, request)).map(idAndVersion),
          };
        const results: BulkAnswer['results'][number][] = [];
        for (const item of request.items) {
          try {
            const done = await app.records.bulk(context, entity, { ...request, items: [item] });
            results.push(...done.map(idAndVersion));
          } catch (error) {
            // A stale model too is reported: running the call again would repeat the rows that are done.
            if (!(error instanceof Problem)) throw error;
            results.push({ problem: error.toBody(http.state.locale) });
          }
        }
        const isWritten = isUndoable && results.some(({ id }) => id !== undefined);
        return { operation: isWritten ? operation : null, results };
      },
      { body: BODY_LIMIT },
    ),
  );
}

function requestOf(sent: Body): Bulk {
  const operation = OPERATIONS.find((each) => each === sent.text('operation'));
  if (operation === undefined)
    throw problem('MRT_REQUEST_MALFORMED', { reason: `/operation: ${OPERATIONS.join(' | ')}` });
  const items = sent.list('items').map((item, index): RecordData => {
    if (typeof item !== 'object' || item === null || Array.isArray(item))
      throw problem('MRT_REQUEST_MALFORMED', { reason: `/items/${index}: { … }` });
    const row = item as RecordData;
    if (operation !== 'create' && typeof row['id'] !== 'string')
      throw problem('MRT_REQUEST_MALFORMED', { reason: `/items/${index}/id` });
    if (operation === 'transition') checkTransitionItem(row, index);
    if (operation === 'update' && !Number.isSafeInteger(row['version']))
      throw problem('MRT_RECORD_VERSION_REQUIRED');
    return row;
  });
  if (items.length < 1 || items.length > MAX_BULK) throw problem('MRT_REQUEST_LIMIT', { max: MAX_BULK });
  const reason = sent.optionalText('reason', 500);
  const transition = operation === 'transition' ? sent.text('transition', 60) : undefined;
  return {
    operation,
    items,
    ...(transition === undefined ? {} : { transition }),
    ...(reason ? { options: { reason } } : {}),
  };
}

function checkTransitionItem({ version, input, opinion }: RecordData, index: number): void {
  const malformed = (member: string): never => {
    throw problem('MRT_REQUEST_MALFORMED', { reason: `/items/${index}/${member}` });
  };
  if (version !== undefined && !Number.isSafeInteger(version)) malformed('version');
  if (opinion !== undefined && typeof opinion !== 'string') malformed('opinion');
  if (input !== undefined && (typeof input !== 'object' || input === null || Array.isArray(input)))
    malformed('input');
}

function idAndVersion(record: RecordData): { readonly id: string; readonly version?: number } {
  const { id, version } = record;
  return typeof version === 'number' ? { id: String(id), version } : { id: String(id) };
}
