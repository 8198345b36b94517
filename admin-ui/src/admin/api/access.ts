import {
  useInfiniteQuery,
  useQuery,
  type InfiniteData,
  type UseInfiniteQueryReturnType,
  type UseQueryReturnType,
} from '@tanstack/vue-query';
import type { ConflictsAnswer, PreviewAnswer, WhoAnswer } from '@mortise/core/contract';
import { computed, toValue, type MaybeRefOrGetter } from 'vue';
import { api } from '../../api/client';

/** What a user sees, from his compiled rights. Asked for anew each time, and logged by the server. */
export function usePreview(user: string): UseQueryReturnType<PreviewAnswer, Error> {
  return useQuery({
    queryKey: ['access', 'preview', user],
    queryFn: () => api<PreviewAnswer>('/access/preview', { query: { user } }),
    staleTime: 0,
    gcTime: 0,
  });
}

/** Rights that contradict each other or do nothing. */
export function useConflicts(): UseQueryReturnType<ConflictsAnswer, Error> {
  return useQuery({
    queryKey: ['access', 'conflicts'],
    queryFn: () => api<ConflictsAnswer>('/access/conflicts'),
    staleTime: 0,
    gcTime: 0,
  });
}

const PAGE = 50;

/** Who may know of a record, in pages; idle until `wanted`. */
export function useWho(
  entity: MaybeRefOrGetter<string>,
  id: MaybeRefOrGetter<string>,
  wanted: MaybeRefOrGetter<boolean>,
): UseInfiniteQueryReturnType<InfiniteData<WhoAnswer>, Error> {
  return useInfiniteQuery({
    queryKey: computed(() => ['access', 'who', toValue(entity), toValue(id)]),
    initialPageParam: 0,
    queryFn: ({ pageParam }) =>
      api<WhoAnswer>('/access/who', {
        query: { entity: toValue(entity), id: toValue(id), limit: PAGE, offset: pageParam },
      }),
    getNextPageParam: (last: WhoAnswer, pages: readonly WhoAnswer[]) =>
      pages.length * PAGE < last.total ? pages.length * PAGE : undefined,
    enabled: computed(() => toValue(wanted)),
    staleTime: 0,
    gcTime: 0,
  });
}
