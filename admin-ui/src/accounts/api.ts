import { useInfiniteQuery, type UseInfiniteQueryReturnType } from '@tanstack/vue-query';
import type { InfiniteData } from '@tanstack/vue-query';
import type { AuditAnswer } from '@mortise/core/contract';
import { computed, type Ref } from 'vue';
import { api } from '../api/client';

/** What the logs are asked; empty: anything. */
export interface AuditFilter {
  readonly user: string;
  readonly action: string;
  readonly entity: string;
  readonly record: string;
  readonly address: string;
  readonly from: string;
  readonly to: string;
}

/** All logs, newest first, by pages. */
export function useAuditLog(
  filter: Ref<AuditFilter>,
): UseInfiniteQueryReturnType<InfiniteData<AuditAnswer>, Error> {
  return useInfiniteQuery({
    queryKey: computed(() => ['audit-log', filter.value]),
    initialPageParam: '',
    staleTime: 0,
    queryFn: ({ pageParam, signal }) =>
      api<AuditAnswer>('/audit-log', { query: { ...filter.value, limit: 100, cursor: pageParam }, signal }),
    getNextPageParam: ({ next }) => next ?? undefined,
  });
}

/** Address of the same as a table. */
export function auditTable(filter: AuditFilter): string {
  const asked = Object.entries(filter).filter(([, value]) => value !== '');
  return `/api/v1/audit-log/export?${new URLSearchParams(asked).toString()}`;
}
