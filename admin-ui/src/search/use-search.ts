import type { SearchGroup } from '@mortise/core/contract';
import { onScopeDispose, ref, watch, type Ref } from 'vue';
import { searchRecords } from '../api/search';

/** A pause in typing that is worth a question. */
const PAUSE_MS = 150;

export interface LiveSearch {
  readonly groups: Ref<readonly SearchGroup[]>;
  /** The words that `groups` answer; empty before the first answer. */
  readonly answered: Ref<string>;
  readonly loading: Ref<boolean>;
  readonly failure: Ref<unknown>;
}

/** Asks while somebody types. Only the last question counts, those before it are cancelled. */
export function useSearch(words: () => string): LiveSearch {
  const groups = ref<readonly SearchGroup[]>([]);
  const answered = ref('');
  const loading = ref(false);
  const failure = ref<unknown>(null);
  let running: AbortController | null = null;
  let timer: ReturnType<typeof setTimeout> | undefined;

  function cancel(): void {
    clearTimeout(timer);
    running?.abort();
    running = null;
  }

  async function ask(q: string): Promise<void> {
    const mine = (running = new AbortController());
    try {
      const found = await searchRecords(q, mine.signal);
      if (mine !== running) return;
      groups.value = found;
      answered.value = q;
    } catch (error) {
      if (mine !== running) return;
      failure.value = error;
      groups.value = [];
    }
    loading.value = false;
  }

  watch(
    () => words().trim(),
    (q) => {
      cancel();
      failure.value = null;
      loading.value = q !== '';
      if (q === '') {
        groups.value = [];
        answered.value = '';
      } else timer = setTimeout(() => void ask(q), PAUSE_MS);
    },
  );
  onScopeDispose(cancel);

  return { groups, answered, loading, failure };
}
