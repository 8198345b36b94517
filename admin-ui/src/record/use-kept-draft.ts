import type { RecordData, StoredDraft } from '@mortise/core/contract';
import { onBeforeUnmount, ref, watch, type Ref } from 'vue';
import { api } from '../api/client';
import { changesOf, sameValue } from '../form/draft';
import { plainCopy } from '../form/plain-copy';
import type { RecordForm } from '../form/use-record-form';
import { session } from '../session/session';
import { notifyProblem } from '../ui/notify';

/** How long after the last change it is kept. */
const WAIT_MS = 2000;

interface KeptDraft {
  /** What was typed on an earlier visit, to be taken over or forgotten. */
  readonly offered: Ref<StoredDraft | null>;
  /** Puts it into the form; where the record was changed meanwhile, both are compared first and the offer stands. */
  takeOver(): void;
  forget(): Promise<void>;
  /** The form was saved, or its record is gone: nothing of it is to be kept. */
  settle(): Promise<void>;
}

/**
 * Keeps on the server what is typed and not saved, so that it outlives the session and the machine, and offers it when
 * the form is opened again. Until that offer is answered nothing is kept: it would take the place of what is offered.
 */
export function useKeptDraft(entity: string, record: string | null, form: RecordForm): KeptDraft {
  const path = `/drafts/${entity}/${record ?? 'new'}`;
  const offered = ref<StoredDraft | null>(null);
  let timer: ReturnType<typeof setTimeout> | undefined;
  let looked = false;
  let kept = false;
  let told = false;
  let settled = false;

  async function attempt(action: () => Promise<unknown>): Promise<void> {
    try {
      await action();
    } catch (error) {
      // Once is enough: it would come with every letter.
      if (!told) notifyProblem(error);
      told = true;
    }
  }

  async function keep(): Promise<void> {
    const view = form.entity.value;
    if (!view || !looked || settled || offered.value || form.saving.value || !session.me) return;
    if (!form.dirty.value) {
      if (kept) await attempt(() => api(path, { method: 'DELETE' }));
      kept = false;
      return;
    }
    const changed = changesOf(view, form.draft, form.stored.value);
    const values = Object.fromEntries(
      Object.keys(changed).flatMap((name) => {
        const display = form.draft[`${name}$display`];
        return [
          [name, form.draft[name] ?? null],
          ...(display === undefined ? [] : [[`${name}$display`, display]]),
        ];
      }),
    ) as RecordData;
    const base = Object.fromEntries(
      Object.keys(changed).map((name) => [name, form.stored.value[name] ?? null]),
    );
    kept = true;
    await attempt(() =>
      api(path, {
        method: 'PUT',
        body: { version: Number(form.stored.value['version'] ?? 0), values, base },
      }),
    );
  }

  watch(
    () => (form.dirty.value ? JSON.stringify(form.draft) : ''),
    () => {
      clearTimeout(timer);
      timer = setTimeout(() => void keep(), WAIT_MS);
    },
  );
  watch(
    form.loading,
    async (loading) => {
      if (loading || looked) return;
      if (form.editable.value) {
        await attempt(async () => {
          const { draft } = await api<{ draft: StoredDraft | null }>(path);
          if (draft && differs(draft.values, form.draft)) offered.value = draft;
          kept = draft !== null;
        });
      }
      looked = true;
    },
    { immediate: true },
  );
  onBeforeUnmount(() => {
    clearTimeout(timer);
    void keep();
  });

  return {
    offered,
    takeOver() {
      const draft = offered.value;
      if (!draft) return;
      const current = form.stored.value;
      if (record !== null && Number(current['version']) !== draft.version) {
        form.conflict.value = {
          current,
          mine: { ...plainCopy(current), ...draft.values },
          stored: { ...current, ...draft.base },
        };
        return;
      }
      offered.value = null;
      for (const [name, value] of Object.entries(draft.values))
        if (name.endsWith('$display')) form.draft[name] = value ?? undefined;
        else if (!form.isReadOnly(name)) form.set(name, value);
    },
    async forget() {
      offered.value = null;
      kept = false;
      await attempt(() => api(path, { method: 'DELETE' }));
    },
    async settle() {
      clearTimeout(timer);
      // A new record’s form is not used again; that of a stored one is, and may be changed once more.
      settled = record === null;
      if (kept) await attempt(() => api(path, { method: 'DELETE' }));
      kept = false;
    },
  };
}

function differs(values: RecordData, shown: Readonly<Record<string, unknown>>): boolean {
  return Object.entries(values).some(
    ([name, value]) => !name.endsWith('$display') && !sameValue(value, shown[name]),
  );
}
