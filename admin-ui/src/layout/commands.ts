import { inject, provide, ref, type InjectionKey, type Ref } from 'vue';
import { useI18n } from 'vue-i18n';
import { useRouter } from 'vue-router';
import { changeSettings, session, signOut } from '../session/session';
import { notifyProblem } from '../ui/notify';
import { confirmDiscard } from '../ui/confirm';
import { forgetTabs, hasUnsaved } from './tabs';

/** Commands of the window that a menu entry's `action` may name (FM-01). */
type CommandName = 'change-password' | 'sign-in-again' | 'sign-out' | 'toggle-task-panel';

export interface Commands {
  run(name: string): Promise<void>;
  has(name: string): boolean;
}

const KEY: InjectionKey<Commands> = Symbol('commands');

/** Makes the window's commands available below and holds the password dialog's state. */
export function provideCommands(): { readonly passwordOpen: Ref<boolean>; readonly commands: Commands } {
  const { t } = useI18n();
  const router = useRouter();
  const passwordOpen = ref(session.me?.user.must_change_password ?? false);

  async function leave(target: 'sign-in' | 'closed'): Promise<void> {
    if (hasUnsaved.value && !(await confirmDiscard(t('window.leaveUnsaved')))) return;
    await signOut();
    forgetTabs();
    await router.push({ name: target });
  }

  const table: Record<CommandName, () => Promise<void> | void> = {
    'change-password': () => {
      passwordOpen.value = true;
    },
    'sign-in-again': () => leave('sign-in'),
    'sign-out': () => leave('closed'),
    'toggle-task-panel': () =>
      changeSettings({ showTaskPanel: !(session.me?.settings.showTaskPanel ?? true) }),
  };

  const commands: Commands = {
    has: (name) => Object.hasOwn(table, name),
    async run(name) {
      try {
        await table[name as CommandName]?.();
      } catch (error) {
        notifyProblem(error);
      }
    },
  };
  provide(KEY, commands);
  return { passwordOpen, commands };
}

export function useCommands(): Commands {
  const commands = inject(KEY);
  if (!commands) throw new Error('useCommands is used inside the window only');
  return commands;
}
