import type { BulkAnswer, HistoryEntry, ListAnswer, RecordData } from '@mortise/core/contract';
import { api } from './client';

export type RecordState = 'live' | 'all' | 'void' | 'deleted';
export type Filter = Readonly<Record<string, unknown>>;

export interface ListOptions {
  readonly filter?: Filter | undefined;
  readonly sort?: string | undefined;
  readonly fields?: readonly string[] | undefined;
  readonly search?: string | undefined;
  readonly limit?: number;
  readonly offset?: number | undefined;
  readonly cursor?: string | undefined;
  readonly count?: 'exact' | 'estimate' | 'none';
  readonly state?: RecordState | undefined;
  /** The colleague who is away and for whom these wait. */
  readonly absent?: string | undefined;
  readonly signal?: AbortSignal | undefined;
}

/** Records as they are to oneself, or what of them waits for a colleague who is away. */
const path = (entity: string, id?: string, tail = '', absent?: string): string =>
  `${absent ? `/me/absent/${encodeURIComponent(absent)}` : ''}/records/${entity}${id ? `/${encodeURIComponent(id)}` : ''}${tail}`;

/** One page of a list, with the texts people read beside codes and ids (`<field>$display`). */
export function listRecords(entity: string, options: ListOptions): Promise<ListAnswer> {
  return api(path(entity, undefined, '', options.absent), {
    query: {
      filter:
        options.filter && Object.keys(options.filter).length > 0 ? JSON.stringify(options.filter) : undefined,
      sort: options.sort,
      fields: options.fields?.join(','),
      search: options.search,
      limit: options.limit,
      offset: options.cursor ? undefined : options.offset,
      cursor: options.cursor,
      count: options.count ?? 'none',
      state: options.state,
      display: true,
    },
    signal: options.signal,
  });
}

/** Texts that records of the entity have in this field, the most used first, beginning with `words`. */
export async function valuesInUse(entity: string, field: string, words: string): Promise<readonly string[]> {
  const answer = await api<{ readonly items: readonly { readonly value: string }[] }>(
    `/records/${entity}/values/${encodeURIComponent(field)}`,
    { query: { search: words || undefined } },
  );
  return answer.items.map((item) => item.value);
}

/** A record that waits for a colleague who is away, as he would see it. */
export function readAbsentRecord(absent: string, entity: string, id: string): Promise<RecordData> {
  return api(path(entity, id, '', absent), { query: { display: true } });
}

/** @param rights adds `$rights`, what this person may do with the record */
export function readRecord(
  entity: string,
  id: string,
  include: readonly string[] = [],
  rights = false,
): Promise<RecordData> {
  return api(path(entity, id), {
    query: { display: true, include: include.join(','), rights: rights || undefined },
  });
}

/** A client-made `id` in `input` makes a repeated create harmless (DESIGN §4). */
export function createRecord(entity: string, input: RecordData): Promise<RecordData> {
  return api(path(entity), { method: 'POST', body: input });
}

/** All of them or none; the answer is the first. @throws ApiProblem with faults such as `/items/3/name` */
export async function createRecords(entity: string, items: readonly RecordData[]): Promise<RecordData> {
  const { results } = await api<BulkAnswer>(path(entity, undefined, '/bulk'), {
    method: 'POST',
    body: { operation: 'create', items },
  });
  return { id: results[0]?.id };
}

/** @throws ApiProblem MRT_RECORD_CONFLICT with `current` and `yours` in its body */
export function updateRecord(
  entity: string,
  id: string,
  version: number,
  patch: RecordData,
): Promise<RecordData> {
  return api(path(entity, id), { method: 'PATCH', body: patch, ifMatch: version });
}

/** To the recycle bin. */
export function removeRecord(entity: string, id: string, reason: string): Promise<void> {
  return api(path(entity, id), { method: 'DELETE', query: { reason } });
}

export function restoreRecord(entity: string, id: string): Promise<RecordData> {
  return api(path(entity, id, '/restore'), { method: 'POST', body: {} });
}

export function setVoid(entity: string, id: string, isVoid: boolean, reason: string): Promise<RecordData> {
  return api(path(entity, id, isVoid ? '/void' : '/unvoid'), { method: 'POST', body: { reason } });
}

export async function readHistory(entity: string, id: string): Promise<readonly HistoryEntry[]> {
  const answer = await api<readonly HistoryEntry[] | { readonly items: readonly HistoryEntry[] }>(
    path(entity, id, '/history'),
  );
  return 'items' in answer ? answer.items : answer;
}
