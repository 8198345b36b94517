import type { Context } from '../context/context.ts';
import { invalidRecord } from '../errors/catalogue.ts';
import type { Fault } from '../errors/problem.ts';
import type { Row, Transaction } from '../store/database.ts';
import { answerDraft } from './answer-record.ts';
import { feedsDerived, keepDerived } from './derived/keep-derived.ts';
import type { Draft } from './draft.ts';
import { followWrite, isFollowed } from './follow-write.ts';
import type { RecordData, WriteOptions } from './records.ts';
import { tellOwner } from './tell-owner.ts';
import { faultAt } from './value-fault.ts';
import { startTimers } from './workflow/state-timers.ts';
import { runLast, runPoint } from './write-points.ts';
import type { WriteScope } from './write-scope.ts';
import { writeStatement, type WriteStatement } from './write-statement.ts';

/** Every line that was written belongs to this record, or its id is another record's line. */
function checkWrittenLines(row: Row, write: WriteStatement): void {
  const faults: Fault[] = [];
  for (const { column, lines } of write.expectedLines.values()) {
    const written = new Set((row[column] as readonly string[] | null) ?? []);
    for (const line of lines) {
      if (!written.has(String(line.values['id'])))
        faults.push(
          faultAt(
            `${line.at}/id`,
            'MRT_VALUE_REPEATED',
            '这一行属于另一条记录。',
            'This line belongs to another record.',
          ),
        );
    }
  }
  if (faults.length > 0) throw invalidRecord(faults);
}

/**
 * Writes a finished draft and answers it as its writer may see it. Where nothing has to be looked at between the
 * write and the commit, both are one way to the server.
 * @param isOwn the transaction holds nothing but this write
 * @param transitions steps of workflows taken with it
 * @throws MRT_RECORD_INVALID when a line is another record's
 */
export async function storeDraft(
  scope: WriteScope,
  context: Context,
  tx: Transaction,
  draft: Draft,
  action: 'create' | 'update',
  options: WriteOptions | undefined,
  isOwn: boolean,
  transitions: readonly string[] = [],
): Promise<RecordData> {
  if (action === 'create') await startTimers(scope, context, tx, draft);
  const beside = action === 'create' ? (scope.beside?.(draft, context) ?? null) : null;
  const write = writeStatement(context, draft, action, options, beside);
  tx.afterCommit(() => scope.written?.({ entity: draft.entity.name, id: draft.id, action }, context));
  await tellOwner(context, tx, draft);
  const isLast = isOwn && write.expectedLines.size === 0 && !isFollowed(scope, context, draft.entity);
  if (isLast && !feedsDerived(context, draft)) {
    const answer = answerDraft(context, draft);
    await runLast(tx, 'write', write.statement);
    return answer;
  }
  const rows = await runPoint<Row>(tx, 'write', write.statement);
  checkWrittenLines(rows[0] ?? {}, write);
  await keepDerived(context, tx, [draft], isOwn);
  return await followWrite(scope, context, tx, draft, transitions);
}
