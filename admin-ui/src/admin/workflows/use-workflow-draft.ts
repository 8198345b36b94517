import { computed, ref, watch, type ComputedRef, type Ref } from 'vue';
import type { WorkflowDraft } from './workflow-edit';

/** Typing is one step of the history, not each letter. */
const PAUSE_MS = 500;
const MOST_STEPS = 200;

interface DraftHistory {
  readonly draft: Ref<WorkflowDraft | null>;
  readonly dirty: ComputedRef<boolean>;
  readonly canUndo: ComputedRef<boolean>;
  readonly canRedo: ComputedRef<boolean>;
  /** Begins with a document. @param isNew nothing is stored of it yet: it counts as changed */
  open(document: WorkflowDraft | null, isNew?: boolean): void;
  /** What is there now has been stored. */
  saved(): void;
  undo(): void;
  redo(): void;
}

/** A workflow that is edited in place, with every state it was in. */
export function useWorkflowDraft(): DraftHistory {
  const draft = ref<WorkflowDraft | null>(null);
  const past = ref<string[]>([]);
  const future = ref<string[]>([]);
  const stored = ref('');
  let current = '';
  let last = 0;
  let isOwn = false;
  const textOf = (): string => JSON.stringify(draft.value);
  const now = ref('');

  watch(
    draft,
    () => {
      const next = textOf();
      now.value = next;
      if (isOwn || next === current) return;
      const at = Date.now();
      if (at - last > PAUSE_MS || past.value.length === 0)
        past.value = [...past.value, current].slice(-MOST_STEPS);
      last = at;
      current = next;
      future.value = [];
    },
    { deep: true, flush: 'sync' },
  );

  function put(text: string): void {
    isOwn = true;
    draft.value = JSON.parse(text) as WorkflowDraft | null;
    current = text;
    now.value = text;
    last = 0;
    isOwn = false;
  }

  return {
    draft,
    dirty: computed(() => draft.value !== null && now.value !== stored.value),
    canUndo: computed(() => past.value.length > 0),
    canRedo: computed(() => future.value.length > 0),
    open(document, isNew = false) {
      past.value = [];
      future.value = [];
      put(JSON.stringify(document));
      stored.value = isNew ? '' : current;
    },
    saved() {
      stored.value = current;
    },
    undo() {
      const text = past.value.at(-1);
      if (text === undefined) return;
      past.value = past.value.slice(0, -1);
      future.value = [...future.value, current];
      put(text);
    },
    redo() {
      const text = future.value.at(-1);
      if (text === undefined) return;
      future.value = future.value.slice(0, -1);
      past.value = [...past.value, current];
      put(text);
    },
  };
}
