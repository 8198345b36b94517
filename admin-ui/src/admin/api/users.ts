import { useInfiniteQuery, type UseInfiniteQueryReturnType } from '@tanstack/vue-query';
import type { InfiniteData } from '@tanstack/vue-query';
import type { HandOverAnswer, ListAnswer, RecordData } from '@mortise/core/contract';
import { computed, type Ref } from 'vue';
import { api } from '../../api/client';
import { keys } from '../../api/keys';
import { listRecords } from '../../api/records';

const FIELDS = [
  'id',
  'version',
  'username',
  'display_name',
  'unit',
  'roles',
  'groups',
  'status',
  'last_login_at',
  'must_change_password',
];

/** A user as the list shows him. */
export type UserRow = RecordData;

/** Users in pages of a hundred; `words` searches names. */
export function useUsers(words: Ref<string>): UseInfiniteQueryReturnType<InfiniteData<ListAnswer>, Error> {
  return useInfiniteQuery({
    queryKey: computed(() => [...keys.records('user'), 'admin', words.value]),
    initialPageParam: undefined as string | undefined,
    queryFn: ({ pageParam, signal }) =>
      listRecords('user', {
        fields: FIELDS,
        sort: 'username',
        limit: 100,
        search: words.value || undefined,
        cursor: pageParam,
        signal,
      }),
    getNextPageParam: (last: ListAnswer) => last.next ?? undefined,
  });
}

/** Gives a user another password. @throws ApiProblem MRT_PASSWORD_WEAK, MRT_ACCESS_FUNCTION */
export const setUserPassword = (id: string, password: string, mustChange: boolean): Promise<void> =>
  api(`/users/${encodeURIComponent(id)}/password`, {
    method: 'POST',
    body: { password, must_change: mustChange },
  });

/** What is handed over to whom; see `POST /api/v1/users/:id/hand-over`. */
export interface HandOver {
  readonly to: readonly string[];
  readonly fields?: readonly string[];
  readonly disable?: boolean;
  readonly reason?: string;
  readonly preview?: boolean;
}

/** Gives what a leaving person answers for to others, or says what there is. */
export const handOver = (id: string, body: HandOver): Promise<HandOverAnswer> =>
  api(`/users/${encodeURIComponent(id)}/hand-over`, { method: 'POST', body });
