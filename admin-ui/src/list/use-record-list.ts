import { useQueryClient } from '@tanstack/vue-query';
import type { RecordData } from '@mortise/core/contract';
import { computed, onScopeDispose, ref, shallowReactive, watch, type ComputedRef, type Ref } from 'vue';
import { keys } from '../api/keys';
import { listRecords, type Filter, type RecordState } from '../api/records';

const PAGE = 100;

/** Most pages that are kept: ten thousand rows, whatever somebody scrolls through in a morning. */
const KEPT = 100;

/** What a list asks for. */
export interface ListQuestion {
  readonly entity: string;
  readonly fields: readonly string[];
  readonly filter: Filter;
  readonly search: string;
  readonly sort: string;
  readonly state?: RecordState | undefined;
  /** The colleague who is away and for whom the rows wait. */
  readonly absent?: string | undefined;
  readonly locale: string;
}

/** How a page is asked for. */
interface Way {
  /** In the opposite order, from the end. */
  readonly backwards: boolean;
  readonly limit: number;
  readonly cursor?: string;
  readonly offset?: number;
}

/** The opposite order; the server reverses its tie-break with the last key. */
function reversed(sort: string): string {
  return sort
    .split(',')
    .map((term) => term.trim())
    .map((term) => (term.startsWith('-') ? term.slice(1) : `-${term.replace(/^\+/, '')}`))
    .join(',');
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
 * The whole result of a query, page by page as it is looked at. A page beside a known one is fetched by its cursor
 * (a keyset, the same cost at any depth); a jump goes by offset, counted from the nearer end. Another question keeps
 * the rows in sight until its first page has come.
 * @param replaced called when the rows of another question have taken the place of those before
 */
export function useRecordList(
  question: ComputedRef<ListQuestion | null>,
  replaced: () => void = () => undefined,
): RecordList {
  const queryClient = useQueryClient();
  const total = ref<number | null>(null);
  const failure = ref<unknown>(null);
  const pages = shallowReactive(new Map<number, readonly RecordData[]>());
  /** Where a page begins, known from the page before it; and, read backwards, from the page behind it. */
  const cursors = new Map<number, string>();
  const backCursors = new Map<number, string>();
  const running = shallowReactive(new Map<number, AbortController>());
  let counted = false;
  let replacing = false;
  let shownEntity = '';
  let settle: ReturnType<typeof setTimeout> | undefined;
  let window = { first: 0, last: PAGE - 1 };

  /** The cheapest way to a page: from its neighbour, else from the nearer end of the result. */
  function wayTo(page: number, sort: string): Way {
    const cursor = cursors.get(page);
    if (cursor) return { backwards: false, limit: PAGE, cursor };
    const rest = counted ? (total.value ?? 0) - (page + 1) * PAGE : 0;
    const backCursor = backCursors.get(page);
    if (backCursor) return { backwards: true, limit: PAGE, cursor: backCursor };
    if (!counted || sort === '' || rest >= page * PAGE)
      return { backwards: false, limit: PAGE, offset: page * PAGE };
    return { backwards: true, limit: Math.min(PAGE, PAGE + rest), offset: Math.max(rest, 0) };
  }

  /** Lets go of the pages farthest from what is looked at. */
  function forgetFar(): void {
    const here = Math.floor(window.first / PAGE);
    while (pages.size > KEPT) {
      const [far = 0] = [...pages.keys()].sort((a, b) => Math.abs(b - here) - Math.abs(a - here));
      pages.delete(far);
    }
  }

  async function load(page: number): Promise<void> {
    const asked = question.value;
    if (!asked || running.has(page)) return;
    const controller = new AbortController();
    running.set(page, controller);
    try {
      const way = wayTo(page, asked.sort);
      const answer = await listRecords(asked.entity, {
        fields: asked.fields,
        filter: asked.filter,
        search: asked.search || undefined,
        sort: (way.backwards ? reversed(asked.sort) : asked.sort) || undefined,
        state: asked.state,
        absent: asked.absent,
        limit: way.limit,
        cursor: way.cursor,
        offset: way.offset,
        count: counted ? 'none' : 'exact',
        signal: controller.signal,
      });
      if (controller.signal.aborted) return;
      failure.value = null;
      if (replacing) pages.clear();
      pages.set(page, way.backwards ? answer.items.toReversed() : answer.items);
      if (answer.next)
        (way.backwards ? backCursors : cursors).set(page + (way.backwards ? -1 : 1), answer.next);
      if (answer.total !== undefined) {
        total.value = answer.total;
        counted = true;
      } else if (total.value === null) total.value = page * PAGE + answer.items.length;
      if (replacing) {
        replacing = false;
        replaced();
      }
      forgetFar();
    } catch (error) {
      if (!controller.signal.aborted) failure.value = error;
    } finally {
      if (running.get(page) === controller) running.delete(page);
    }
  }

  function fetchWindow(): void {
    if (replacing) return;
    const lastPage = Math.floor(Math.max(window.last, 0) / PAGE);
    for (let page = Math.floor(window.first / PAGE); page <= lastPage; page += 1) {
      if (total.value !== null && page * PAGE >= total.value && page > 0) break;
      if (!pages.has(page)) void load(page);
    }
  }

  function drop(): void {
    for (const controller of running.values()) controller.abort();
    running.clear();
    cursors.clear();
    backCursors.clear();
    counted = false;
  }

  function reset(): void {
    drop();
    failure.value = null;
    window = { first: 0, last: PAGE - 1 };
    // Rows of another kind say nothing under the new columns.
    const entity = question.value?.entity ?? '';
    if (entity !== shownEntity) {
      pages.clear();
      total.value = null;
    }
    shownEntity = entity;
    replacing = true;
    void load(0);
  }

  /** Asks again for what is shown, without emptying the list in between. */
  async function refresh(): Promise<void> {
    if (!question.value || total.value === null || replacing) return reset();
    const { first, last } = window;
    drop();
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
