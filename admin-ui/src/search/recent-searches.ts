import { ref, watch, type Ref } from 'vue';
import { session } from '../session/session';

const MOST = 6;

const keyOf = (user: string): string => `mortise.searches.${user}`;

function read(user: string): readonly string[] {
  try {
    const kept: unknown = JSON.parse(localStorage.getItem(keyOf(user)) ?? '[]');
    return Array.isArray(kept) ? kept.filter((each) => typeof each === 'string').slice(0, MOST) : [];
  } catch {
    // Somebody else's text under our name is no reason to fail.
    return [];
  }
}

/** What this person has lately found something with, in this browser; the newest first. */
export function useRecentSearches(): {
  readonly recent: Ref<readonly string[]>;
  add(words: string): void;
  clear(): void;
} {
  const recent = ref<readonly string[]>([]);
  watch(
    () => session.me?.user.id,
    (user) => (recent.value = user ? read(user) : []),
    { immediate: true },
  );
  function keep(words: readonly string[]): void {
    const user = session.me?.user.id;
    recent.value = words;
    if (user) localStorage.setItem(keyOf(user), JSON.stringify(words));
  }
  return {
    recent,
    add: (words) => keep([words, ...recent.value.filter((each) => each !== words)].slice(0, MOST)),
    clear: () => keep([]),
  };
}
