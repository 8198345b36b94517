import { computed, type ComputedRef } from 'vue';
import { useRouter } from 'vue-router';
import { useModel } from '../api/model';
import { menuTree, moduleOfEntity, type MenuNode } from './menu-tree';

/** Commands known to the window; listed here so that the menu can be built without it. */
const COMMANDS = new Set(['change-password', 'sign-in-again', 'sign-out', 'toggle-task-panel']);

export interface Menu {
  readonly groups: ComputedRef<readonly MenuNode[]>;
  /** Module label of an entity's screens; its plural label stands in where no menu opens it. */
  moduleOf(entity: string): string;
}

/** The main menu of this user in the language in use. */
export function useMenu(): Menu {
  const router = useRouter();
  const { data } = useModel();
  const groups = computed(() =>
    data.value
      ? menuTree(data.value, {
          hasPage: (name) => router.hasRoute(name),
          hasCommand: (name) => COMMANDS.has(name),
        })
      : [],
  );
  return { groups, moduleOf: (entity) => moduleOfEntity(groups.value, entity) };
}
