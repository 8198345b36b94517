import { computed, type ComputedRef } from 'vue';
import { useI18n } from 'vue-i18n';
import type { RecordAction, RecordRight } from '@mortise/core/contract';
import type { RecordForm } from '../form/use-record-form';
import { text } from '../locales';

type Button = 'add' | 'save' | 'remove' | 'print' | 'void' | 'restore';

/** Why a button of the record panel cannot be used now; null when it can (UI-04). */
export function useRecordReasons(
  form: RecordForm,
  recordId: string | null,
): ComputedRef<Record<Button, string | null>> {
  const { t } = useI18n();
  return computed(() => {
    const entity = text(form.entity.value?.label);
    const denied = (action: RecordAction, label: string): string | null =>
      form.entity.value?.actions.includes(action) ? null : t('reason.noRight', { action: label, entity });
    /** The right may be there for other records and not for this one. */
    const deniedHere = (right: RecordRight, label: string): string | null =>
      denied(right, label) ?? (form.may(right) ? null : t('reason.noRightHere', { action: label }));
    const unsaved = recordId === null ? t('reason.saveFirst') : null;
    const readOnly = form.stored.value['deleted_at']
      ? t('record.isDeleted')
      : form.stored.value['is_void'] === true
        ? t('record.isVoid')
        : null;
    return {
      add: denied('create', t('action.add')),
      save:
        (recordId === null ? denied('create', t('action.save')) : deniedHere('update', t('action.save'))) ??
        readOnly ??
        (recordId !== null && !form.dirty.value ? t('reason.nothingToSave') : null),
      remove:
        unsaved ??
        deniedHere('delete', t('action.delete')) ??
        (form.stored.value['deleted_at'] ? t('record.isDeleted') : null),
      print: unsaved ?? deniedHere('print', t('action.print')),
      void:
        unsaved ??
        deniedHere('void', t(form.stored.value['is_void'] === true ? 'action.unvoid' : 'action.void')),
      restore: unsaved ?? deniedHere('restore', t('action.restore')),
    };
  });
}
