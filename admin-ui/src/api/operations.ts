import type { BulkAnswer, Operation, OperationsAnswer, UndoAnswer } from '@mortise/core/contract';
import { api } from './client';

/** Writes of many records, newest first. @param all those of everybody, which needs a right */
export async function listOperations(all: boolean): Promise<readonly Operation[]> {
  return (await api<OperationsAnswer>('/operations', { query: { all: all || undefined } })).items;
}

/** Takes an operation back. @param preview only tells what would become of each record */
export function undoOperation(id: string, preview: boolean): Promise<UndoAnswer> {
  return api(`/operations/${encodeURIComponent(id)}/undo`, { method: 'POST', body: { preview } });
}

/** Most records of one call. */
const MOST = 1000;

/** Moves records to the recycle bin, each by itself: what one refuses keeps the others from nothing. */
export async function removeRecords(
  entity: string,
  ids: readonly string[],
  reason: string,
): Promise<{ readonly operations: readonly string[]; readonly results: BulkAnswer['results'] }> {
  const answers: BulkAnswer[] = [];
  for (let at = 0; at < ids.length; at += MOST) {
    const items = ids.slice(at, at + MOST).map((id) => ({ id }));
    const body = { operation: 'delete', each: true, items, ...(reason ? { reason } : {}) };
    answers.push(await api<BulkAnswer>(`/records/${entity}/bulk`, { method: 'POST', body }));
  }
  return {
    operations: answers.flatMap(({ operation }) => operation ?? []),
    results: answers.flatMap(({ results }) => results),
  };
}
