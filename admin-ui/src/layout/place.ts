import { reactive, readonly } from 'vue';

/** Where the person is, as title and status bar say it (UI-01, UI-02). */
interface Place {
  module: string;
  task: string;
}

const state = reactive<Place>({ module: '', task: '' });

/** Names module and task; `CRM:<module>|<task>` in the status bar. */
export function setPlace(module: string, task = ''): void {
  state.module = module;
  state.task = task;
}

export const place = readonly(state);
