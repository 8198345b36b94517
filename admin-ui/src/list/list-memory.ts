import { onBeforeUnmount } from 'vue';
import type { Filter } from '../api/records';
import { session } from '../session/session';
import type { Group } from './filter-tree';

/** What somebody asked of a list and where he stands in it. */
export interface ListState {
  readonly search: string;
  readonly quickValues: Readonly<Record<string, unknown>>;
  readonly quickFilter: Filter | null;
  readonly group: Group;
  /** Pixels. */
  readonly scrolled: number;
}

const keyOf = (tab: string): string => `mortise.list:${session.me?.user.id ?? ''}:${tab}`;

/**
 * Keeps the state of a list over a reload of the page: written when the page goes, taken (once) when the list comes
 * again in the same tab of the browser, for the same person. A list that is closed is forgotten.
 * @param tab key of the list's tab in the window
 * @returns what was kept, null when there is nothing
 */
export function useListMemory(tab: string, state: () => ListState): ListState | null {
  const write = (): void => sessionStorage.setItem(keyOf(tab), JSON.stringify(state()));
  addEventListener('pagehide', write);
  onBeforeUnmount(() => removeEventListener('pagehide', write));
  const kept = sessionStorage.getItem(keyOf(tab));
  sessionStorage.removeItem(keyOf(tab));
  return kept === null ? null : (JSON.parse(kept) as ListState);
}
