import type { SearchAnswer, SearchGroup } from '@mortise/core/contract';
import { api } from './client';

/** Records of every entity that fit what is typed (QRY-05), the entity with the best hit first. */
export async function searchRecords(q: string, signal: AbortSignal): Promise<readonly SearchGroup[]> {
  return (await api<SearchAnswer>('/search', { query: { q }, signal })).groups;
}
