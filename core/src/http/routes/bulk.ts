import type { Application } from '../../app/application.ts';
import type { Context } from '../../context/context.ts';
import { problem } from '../../errors/catalogue.ts';
import { Problem } from '../../errors/problem.ts';
import type { RecordData, WriteOptions } from '../../records/records.ts';
import type { Transaction } from '../../store/database.ts';
import { signedIn } from '../call.ts';
import { type Body, readBody } from '../request/body.ts';
import type { HttpRouter } from '../state.ts';

const OPERATIONS = ['create', 'update', 'delete', 'restore', 'void', 'unvoid'] as const;
type Operation = (typeof OPERATIONS)[number];

/** Most rows of one request. */
const ROWS_MAX = 1000;

interface Row {
  readonly id: string;
  readonly version: number;
  readonly values: RecordData;
}

/**
 * `POST /api/v1/records/:entity/bulk {operation, items: [{id?, version?, values?}], each?, reason?}`: all rows in one
 * transaction, or with `each` every row by itself, its refusal reported in its place.
 */
export function register(router: HttpRouter, app: Application): void {
  const run = (
    context: Context,
    entity: string,
    operation: Operation,
    row: Row,
    options: WriteOptions,
    tx?: Transaction,
  ) => {
    const { records } = app;
    if (operation === 'create') return records.create(context, entity, row.values, options, tx);
    if (operation === 'update')
      return records.update(context, entity, row.id, row.version, row.values, options, tx);
    if (operation === 'restore') return records.restore(context, entity, row.id, options, tx);
    if (operation === 'delete')
      return records.remove(context, entity, row.id, options, tx).then(() => ({ id: row.id }));
    return records.setVoid(context, entity, row.id, operation === 'void', options, tx);
  };

  router.post(
    '/api/v1/records/:entity/bulk',
    signedIn(
      app,
      async ({ http, context, body, param }) => {
        const sent = readBody(body, ['operation', 'items', 'each', 'reason']);
        const operation = OPERATIONS.find((each) => each === sent.text('operation'));
        if (operation === undefined)
          throw problem('MRT_REQUEST_MALFORMED', { reason: `/operation: ${OPERATIONS.join(' | ')}` });
        const rows = rowsOf(sent, operation);
        const reason = sent.optionalText('reason', 500);
        const options = reason ? { reason } : {};
        const entity = param('entity');

        if (sent.flag('each')) {
          const results: unknown[] = [];
          for (const row of rows) {
            try {
              results.push(idAndVersion(await run(context, entity, operation, row, options)));
            } catch (error) {
              // A stale model too is reported: running the call again would repeat the rows that are done.
              if (!(error instanceof Problem)) throw error;
              results.push({ problem: error.toBody(http.state.locale) });
            }
          }
          return { results };
        }

        const results = await app.db.transaction(async (tx) => {
          const made: unknown[] = [];
          for (const [index, row] of rows.entries()) {
            const done = await run(context, entity, operation, row, options, tx).catch((error: unknown) =>
              Promise.reject(inRow(error, index)),
            );
            made.push(idAndVersion(done));
          }
          return made;
        });
        return { results };
      },
      { body: 8 * 1024 * 1024 },
    ),
  );
}

function rowsOf(sent: Body, operation: Operation): readonly Row[] {
  const items = sent.list('items');
  if (items.length < 1 || items.length > ROWS_MAX) throw problem('MRT_REQUEST_LIMIT', { max: ROWS_MAX });
  return items.map((item, index) => {
    if (typeof item !== 'object' || item === null || Array.isArray(item))
      throw problem('MRT_REQUEST_MALFORMED', { reason: `/items/${index}: { … }` });
    const row = readBody(item as Record<string, unknown>, ['id', 'version', 'values']);
    const values = operation === 'create' || operation === 'update' ? row.object('values') : {};
    const version = operation === 'update' ? row.integer('version') : 0;
    if (version === undefined) throw problem('MRT_RECORD_VERSION_REQUIRED');
    return { id: operation === 'create' ? '' : row.text('id', 36), version, values };
  });
}

function idAndVersion(record: RecordData): RecordData {
  return { id: record['id'], ...(record['version'] === undefined ? {} : { version: record['version'] }) };
}

/** The same refusal, its paths pointing at the row. */
function inRow(error: unknown, index: number): unknown {
  if (!(error instanceof Problem)) return error;
  const at = `/items/${index}`;
  const faults =
    error.faults.length > 0 ? error.faults : [{ path: '', code: error.code, message: error.text }];
  return new Problem(
    error.code,
    error.status,
    error.text,
    faults.map((fault) => ({
      ...fault,
      path: `${at}${error.faults.length > 0 ? '/values' : ''}${fault.path}`,
    })),
    { ...error.extension, row: index },
  );
}
