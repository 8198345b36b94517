import { computed, reactive } from 'vue';
import type { RouteLocationNormalizedLoaded } from 'vue-router';

/** One open screen of the window (UI-10). */
export interface WindowTab {
  /** Stable name; also the name under which the screen is kept alive. */
  readonly key: string;
  path: string;
  title: string;
  /** Something typed is not saved yet (FM-05). */
  dirty: boolean;
}

const HOME = 'home';
const state = reactive<{ tabs: WindowTab[]; active: string }>({ tabs: [], active: HOME });

/** Screens of one key share a tab: a list by entity and view, a record by id. */
export function tabKey(route: RouteLocationNormalizedLoaded): string {
  const name = String(route.name ?? 'unknown');
  if (name === 'list') return `list:${String(route.params['entity'])}:${String(route.query['view'] ?? '')}`;
  if (name === 'record') return `record:${String(route.params['entity'])}:${String(route.params['id'])}`;
  if (name === 'new') return `new:${String(route.params['entity'])}:${String(route.query['n'] ?? '')}`;
  return name;
}

/** Makes the tab of a route the active one, opening it when needed. */
export function openTab(key: string, path: string): void {
  const found = state.tabs.find((tab) => tab.key === key);
  if (found) found.path = path;
  else if (key === HOME) state.tabs.unshift({ key, path, title: '', dirty: false });
  else state.tabs.push({ key, path, title: '', dirty: false });
  state.active = key;
}

export function describeTab(key: string, change: Partial<Pick<WindowTab, 'title' | 'dirty'>>): void {
  const tab = state.tabs.find((candidate) => candidate.key === key);
  if (tab) Object.assign(tab, change);
}

/** Closes a tab and gives the path to show next when it was the active one. */
export function closeTab(key: string): string | null {
  const index = state.tabs.findIndex((tab) => tab.key === key);
  if (index < 0) return null;
  state.tabs.splice(index, 1);
  if (state.active !== key) return null;
  return (state.tabs[index] ?? state.tabs[index - 1])?.path ?? '/';
}

export function forgetTabs(): void {
  state.tabs.splice(0);
  state.active = HOME;
}

export const tabs = computed<readonly WindowTab[]>(() => state.tabs);
export const activeTab = computed(() => state.active);
export const hasUnsaved = computed(() => state.tabs.some((tab) => tab.dirty));
