import type { DuplicateCandidate, JudgementsAnswer, Judgement, RecordData } from '@mortise/core/contract';
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

/** What a record was judged different from (ENT-03). */
export async function readJudgements(entity: string, id: string): Promise<readonly Judgement[]> {
  return (await api<JudgementsAnswer>(`/records/${entity}/${encodeURIComponent(id)}/judgements`)).items;
}
