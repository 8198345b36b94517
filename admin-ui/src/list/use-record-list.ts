import { useQueryClient } from '@tanstack/vue-query';
import type { RecordData } from '@mortise/core/contract';
import { computed, onScopeDispose, ref, shallowReactive, watch, type ComputedRef, type Ref } from 'vue';
import { keys } from '../api/keys';
import { listRecords, type Filter, type RecordState } from '../api/records';

const PAGE = 100;

/** What a list asks for. */
export interface ListQuestion {
  readonly entity: string;
  readonly fields: readonly string[];
  readonly filter: Filter;
  readonly search: string;
  readonly sort: string;
  readonly state?: RecordState | undefined;
  readonly locale: string;
}

export interface RecordList {
  /** Rows of the whole result; null until the first page has come. */
  readonly total: Ref<number | null>;
  /** The row at a place of the whole result, once its page is there. */
  rowAt(index: number): RecordData | undefined;
  /** Fetches what the eye sees. */
  show(first: number, last: number): void;
  readonly loading: ComputedRef<boolean>;
  readonly failure: Ref<unknown>;
  reload(): void;
  /** Rows that are there, in order. */
  loadedRows(): readonly RecordData[];
}

/**
 * The whole result of a query, page by page as it is looked at. A page after a known one is fetched by its cursor
 * (a keyset, the same cost at any depth); a jump goes by offset.
 */
export function useRecordList(question: ComputedRef<ListQuestion | null>): RecordList {
  const queryClient = useQueryClient();
  const total = ref<number | null>(null);
  const failure = ref<unknown>(null);
  const pages = shallowReactive(new Map<number, readonly RecordData[]>());
  const cursors = new Map<number, string>();
  const running = shallowReactive(new Map<number, AbortController>());
  let counted = false;
  let settle: ReturnType<typeof setTimeout> | undefined;
  let window = { first: 0, last: PAGE - 1 };

  async function load(page: number): Promise<void> {
    const asked = question.value;
    if (!asked || running.has(page)) return;
    const controller = new AbortController();
    running.set(page, controller);
    try {
      const answer = await listRecords(asked.entity, {
        fields: asked.fields,
        filter: asked.filter,
        search: asked.search || undefined,
        sort: asked.sort || undefined,
        state: asked.state,
        limit: PAGE,
        cursor: cursors.get(page),
        offset: page * PAGE,
        count: counted ? 'none' : 'exact',
        signal: controller.signal,
      });
      if (controller.signal.aborted) return;
      failure.value = null;
      pages.set(page, answer.items);
      if (answer.next) cursors.set(page + 1, answer.next);
      if (answer.total !== undefined) {
        total.value = answer.total;
        counted = true;
      } else if (total.value === null) total.value = page * PAGE + answer.items.length;
    } catch (error) {
      if (!controller.signal.aborted) failure.value = error;
    } finally {
      if (running.get(page) === controller) running.delete(page);
    }
  }

  function fetchWindow(): void {
    const lastPage = Math.floor(Math.max(window.last, 0) / PAGE);
    for (let page = Math.floor(window.first / PAGE); page <= lastPage; page += 1) {
      if (total.value !== null && page * PAGE >= total.value && page > 0) break;
      if (!pages.has(page)) void load(page);
    }
  }

  function reset(): void {
    for (const controller of running.values()) controller.abort();
    running.clear();
    cursors.clear();
    pages.clear();
    counted = false;
    total.value = null;
    failure.value = null;
    window = { first: 0, last: PAGE - 1 };
    fetchWindow();
  }

  /** Asks again for what is shown, without emptying the list in between. */
  async function refresh(): Promise<void> {
    if (!question.value || total.value === null) return reset();
    const { first, last } = window;
    for (const controller of running.values()) controller.abort();
    running.clear();
    cursors.clear();
    counted = false;
    const shown = Math.floor(first / PAGE);
    await load(shown);
    for (const page of pages.keys()) if (page !== shown) pages.delete(page);
    window = { first, last };
    fetchWindow();
  }

  watch(() => JSON.stringify(question.value), reset, { immediate: true });

  // Writes and server events make the records of an entity stale; the list is not a query of the cache itself.
  let timer: ReturnType<typeof setTimeout> | undefined;
  const unsubscribe = queryClient.getQueryCache().subscribe((event) => {
    const entity = question.value?.entity;
    if (event.type !== 'updated' || event.action.type !== 'invalidate' || !entity) return;
    if (event.query.queryKey[0] !== keys.records(entity)[0] || event.query.queryKey[1] !== entity) return;
    clearTimeout(timer);
    timer = setTimeout(() => void refresh(), 150);
  });
  // A query that stands for the list, so that an invalidation reaches it although no other screen is open.
  const marker = computed(() => [...keys.records(question.value?.entity ?? ''), 'list']);
  watch(marker, (key) => void queryClient.setQueryData(key, true), { immediate: true });

  onScopeDispose(() => {
    unsubscribe();
    clearTimeout(timer);
    clearTimeout(settle);
    for (const controller of running.values()) controller.abort();
  });

  return {
    total,
    failure,
    loading: computed(() => running.size > 0),
    rowAt: (index) => pages.get(Math.floor(index / PAGE))?.[index % PAGE],
    show(first, last) {
      window = { first, last };
      // Pages flown over while the scroll bar is dragged are not worth asking for.
      clearTimeout(settle);
      settle = setTimeout(fetchWindow, 60);
    },
    reload: reset,
    loadedRows: () => [...pages.entries()].sort(([a], [b]) => a - b).flatMap(([, rows]) => rows),
  };
}
