import { useInfiniteQuery, type UseInfiniteQueryReturnType } from '@tanstack/vue-query';
import type { InfiniteData } from '@tanstack/vue-query';
import type { OutputKind, OutputLogAnswer, UnusualAnswer } from '@mortise/core/contract';
import { computed, type Ref } from 'vue';
import { api } from '../../api/client';

const PAGE = 100;

/** What the log is asked. */
export interface OutputFilter {
  readonly user: string;
  readonly kind: '' | OutputKind;
  readonly from: string;
  readonly to: string;
  readonly refused: boolean;
}

/** The log of prints, exports and mails, newest first. */
export function useOutputLog(
  filter: Ref<OutputFilter>,
): UseInfiniteQueryReturnType<InfiniteData<OutputLogAnswer>, Error> {
  return useInfiniteQuery({
    queryKey: computed(() => ['output-log', filter.value]),
    initialPageParam: 0,
    staleTime: 0,
    queryFn: ({ pageParam, signal }) => {
      const { user, kind, from, to, refused } = filter.value;
      return api<OutputLogAnswer>('/output-log', {
        query: {
          user: user || undefined,
          kind: kind || undefined,
          from: from || undefined,
          to: to || undefined,
          refused: refused || undefined,
          limit: PAGE,
          offset: pageParam,
        },
        signal,
      });
    },
    getNextPageParam: (last, pages) => (pages.length * PAGE < last.total ? pages.length * PAGE : undefined),
  });
}

/** Use of the last two weeks that is worth a look. */
export const readUnusual = (): Promise<UnusualAnswer> => api('/output-log/unusual');

/** Lets somebody go past his quota once, within a day. */
export const releaseOutput = (
  user: string,
  kind: OutputKind,
  records: number,
  reason: string,
): Promise<{ readonly id: string; readonly until: string }> =>
  api('/output-log/releases', {
    method: 'POST',
    body: { user, kind, records, ...(reason ? { reason } : {}) },
  });
