import { computed, type ComputedRef } from 'vue';
import { changeSettings, session } from '../session/session';
import { notifyProblem } from '../ui/notify';
import type { ViewSetting } from './columns';

/** What the signed-in person has set for one view, and how to change it (DM-USR-05). */
export function useViewSetting(name: () => string): {
  readonly setting: ComputedRef<ViewSetting>;
  readonly change: (change: ViewSetting) => Promise<void>;
} {
  const setting = computed<ViewSetting>(() => session.me?.settings.views?.[name()] ?? {});
  async function change(part: ViewSetting): Promise<void> {
    const views = session.me?.settings.views ?? {};
    try {
      await changeSettings({ views: { ...views, [name()]: { ...setting.value, ...part } } });
    } catch (error) {
      notifyProblem(error);
    }
  }
  return { setting, change };
}
