import { computed, ref, type ComputedRef } from 'vue';

const now = ref(new Date());
setInterval(() => {
  now.value = new Date();
}, 1000);

const pad = (value: number): string => String(value).padStart(2, '0');

/** `YYYY-MM-DD HH:mm:ss` as the person's machine shows it, running (UI-01). */
export const clock: ComputedRef<string> = computed(() => {
  const t = now.value;
  return `${t.getFullYear()}-${pad(t.getMonth() + 1)}-${pad(t.getDate())} ${pad(t.getHours())}:${pad(t.getMinutes())}:${pad(t.getSeconds())}`;
});
