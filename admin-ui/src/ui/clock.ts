import { computed, ref, type ComputedRef } from 'vue';
import { toWallTime } from '../fields/zone-time';

const now = ref(new Date());
setInterval(() => {
  now.value = new Date();
}, 1000);

/** Zone of the clock; the machine's own until somebody is signed in. */
const zone = ref<string>();

/** Sets the clock by the installation's zone, in which all times of records are shown. */
export function setClockZone(next: string | undefined): void {
  zone.value = next;
}

/** `YYYY-MM-DD HH:mm:ss`, running (UI-01). */
export const clock: ComputedRef<string> = computed(() =>
  toWallTime(now.value.toISOString(), zone.value ?? Intl.DateTimeFormat().resolvedOptions().timeZone),
);
