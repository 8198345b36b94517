import { useQuery, type UseQueryReturnType } from '@tanstack/vue-query';
import { api } from '../../api/client';

/** How many records are marked as sample data. */
interface SampleCount {
  readonly records: number;
}

const sampleKey = ['sample-data'] as const;

export function useSampleCount(): UseQueryReturnType<SampleCount, Error> {
  return useQuery({ queryKey: sampleKey, queryFn: () => api<SampleCount>('/demo'), staleTime: 0 });
}

/** Takes up to a minute. @throws ApiProblem MRT_RECORD_STATE when there is sample data already */
export const loadSampleData = (): Promise<SampleCount> => api('/demo', { method: 'POST', body: {} });

/** For good. @throws ApiProblem MRT_RECORD_REFERENCED when records that people made refer to it */
export const removeSampleData = (): Promise<SampleCount> => api('/demo', { method: 'DELETE' });
