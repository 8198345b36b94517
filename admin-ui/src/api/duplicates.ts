import type { DuplicateCandidate, RecordData } from '@mortise/core/contract';
import { api } from './client';

/** Records that are probably meant by what is being typed (ENT-01, ENT-02). @param exclude the record being edited */
export async function findDuplicates(
  entity: string,
  values: RecordData,
  exclude: string | null,
  signal: AbortSignal,
): Promise<readonly DuplicateCandidate[]> {
  const answer = await api<{ readonly items: readonly DuplicateCandidate[] }>(
    `/records/${entity}/duplicates`,
    { method: 'POST', body: exclude === null ? values : { ...values, exclude }, signal },
  );
  return answer.items;
}
