import { computed, type ComputedRef } from 'vue';
import { useI18n } from 'vue-i18n';
import { useModel } from '../api/model';
import { locale, text } from '../locales';
import type { CellScope } from './contracts';

/** Language and time zone in which cells print values. */
export function useCellScope(): ComputedRef<CellScope> {
  const { t } = useI18n();
  const { data: model } = useModel();
  return computed(() => ({
    locale: locale.value,
    timeZone: model.value?.timeZone ?? 'Asia/Shanghai',
    yes: (value) => t(value ? 'value.yes' : 'value.no'),
    text,
  }));
}
