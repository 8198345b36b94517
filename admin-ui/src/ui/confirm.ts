import { ElMessageBox } from 'element-plus';
import { i18n } from '../locales';

/** Asks before something is given up. Resolves to false when the person stays. */
export async function confirmDiscard(message: string): Promise<boolean> {
  return ask(message, i18n.global.t('action.discard'));
}

/** Asks a yes-or-no question; the confirming button says what will happen. */
export async function ask(message: string, confirmText: string): Promise<boolean> {
  try {
    await ElMessageBox.confirm(message, i18n.global.t('window.confirm'), {
      confirmButtonText: confirmText,
      cancelButtonText: i18n.global.t('action.cancel'),
      type: 'warning',
      autofocus: false,
    });
    return true;
  } catch {
    // The box rejects when it is closed without a yes.
    return false;
  }
}
