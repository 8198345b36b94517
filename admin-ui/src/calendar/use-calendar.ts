import { useQueryClient } from '@tanstack/vue-query';
import { computed, ref, type ComputedRef, type Ref } from 'vue';
import { useRouter } from 'vue-router';
import { keys } from '../api/keys';
import { updateRecord } from '../api/records';
import { useModel } from '../api/model';
import { toWallTime } from '../fields/zone-time';
import { clock } from '../ui/clock';
import { notifyProblem } from '../ui/notify';
import { type CalendarItem, daysShown, type Mode, moved } from './calendar-days';

/** Where a calendar stands, and what can be done on it. */
export interface Calendar {
  readonly mode: Ref<Mode>;
  readonly day: Ref<string>;
  readonly today: ComputedRef<string>;
  readonly zone: ComputedRef<string>;
  /** First and last day shown. */
  readonly range: ComputedRef<{ readonly from: string; readonly to: string }>;
  open(item: CalendarItem): void;
  /** Writes the dates of a record so many days later, by the version that is shown. */
  move(item: CalendarItem, days: number): Promise<void>;
}

/** @param reload asks for what the calendar shows anew: after a move, and after one that was refused */
export function useCalendar(reload: () => Promise<unknown>): Calendar {
  const router = useRouter();
  const queryClient = useQueryClient();
  const { data: model } = useModel();
  const zone = computed(() => model.value?.timeZone ?? 'Asia/Shanghai');
  const today = computed(() => clock.value.slice(0, 10));
  const mode = ref<Mode>('month');
  const day = ref(toWallTime(new Date().toISOString(), zone.value).slice(0, 10));
  const range = computed(() => {
    const days = daysShown(mode.value, day.value);
    return { from: days[0]!, to: days.at(-1)! };
  });
  /** Being written: another move would be made by a version that is past. */
  const moving = new Set<string>();
  return {
    mode,
    day,
    today,
    zone,
    range,
    open: ({ entity, id }) => void router.push({ name: 'record', params: { entity, id } }),
    async move(item, days) {
      if (moving.has(item.id)) return;
      moving.add(item.id);
      const patch = Object.fromEntries(
        Object.entries(item.dates).map(([field, value]) => [field, moved(value, days, zone.value)]),
      );
      try {
        await updateRecord(item.entity, item.id, item.version, patch);
        await queryClient.invalidateQueries({ queryKey: keys.records(item.entity) });
      } catch (error) {
        notifyProblem(error);
      }
      await reload();
      moving.delete(item.id);
    },
  };
}
