import { inject, onActivated, onMounted, provide, watch, type InjectionKey } from 'vue';
import { activeTab, describeTab } from './tabs';
import { setPlace } from './place';

const KEY: InjectionKey<string> = Symbol('tab');

/** Tells the screens below which tab they stand in. */
export function provideTab(key: string): void {
  provide(KEY, key);
}

export interface ScreenDescription {
  readonly module: string;
  readonly task: string;
  /** Title of the tab; default the task. */
  readonly title?: string;
  readonly dirty?: boolean;
}

/** Keeps tab title, title bar and status bar in step with a screen. Gives the key of its tab. */
export function useScreen(describe: () => ScreenDescription): string {
  const key = inject(KEY, '');
  const apply = (description: ScreenDescription): void => {
    describeTab(key, { title: description.title ?? description.task, dirty: description.dirty ?? false });
    if (activeTab.value === key) setPlace(description.module, description.task);
  };
  watch(describe, apply);
  onMounted(() => apply(describe()));
  onActivated(() => apply(describe()));
  return key;
}
