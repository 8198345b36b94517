import type { DuplicateCandidate, EntityView, RecordData } from '@mortise/core/contract';
import { onScopeDispose, reactive } from 'vue';
import { ApiProblem } from '../api/client';
import { findDuplicates } from '../api/duplicates';
import { sameValue } from './draft';
import type { RecordForm } from './use-record-form';

/** What the search found when a field was left. */
interface Match {
  readonly key: string;
  readonly candidate: DuplicateCandidate;
}
export interface Matches {
  readonly items: readonly Match[];
  readonly failure: ApiProblem | null;
}

export interface DuplicateSearch {
  /** By the field under which they are shown. */
  readonly found: ReadonlyMap<string, Matches>;
  /** To be called whenever a field is left; asks only about changed values of checked fields (ENT-01). */
  leave(name: string): void;
  /** The person looked and says that it is another one. */
  dismiss(key: string): void;
}

const keyOf = (each: DuplicateCandidate): string =>
  each.id ?? [each.display, each.city, each.owner, each.lastActivity].join('\n');

const isChecked = (entity: EntityView, name: string): boolean =>
  entity.fields.some((field) => field.name === name && field.def['duplicateCheck'] !== undefined);

/** The values that identify a record: checked fields, places and what it belongs to. */
function question(entity: EntityView, draft: RecordData): RecordData {
  const asked = entity.fields.filter(
    (field) =>
      !field.system &&
      (field.def['duplicateCheck'] !== undefined || field.type === 'choice' || field.type === 'reference'),
  );
  return Object.fromEntries(
    asked.flatMap(({ name }) => {
      const value = draft[name];
      return typeof value === 'string' && value.trim() !== '' ? [[name, value]] : [];
    }),
  );
}

/**
 * Looks for duplicates in the background. Only the last question counts, typing is never held up, and each record is
 * shown once: under the field that brought it up.
 */
export function useDuplicates(form: RecordForm, recordId: string | null): DuplicateSearch {
  const found = reactive(new Map<string, Matches>());
  const dismissed = new Set<string>();
  const asked = new Map<string, unknown>();
  let running: AbortController | null = null;

  function show(name: string, candidates: readonly DuplicateCandidate[]): void {
    const matches = candidates.map((candidate): Match => ({ key: keyOf(candidate), candidate }));
    const current = new Map(matches.map((match) => [match.key, match]));
    const elsewhere = new Set<string>();
    for (const [other, shown] of found) {
      if (other === name) continue;
      const items = shown.items.flatMap(({ key }) => current.get(key) ?? []);
      for (const { key } of items) elsewhere.add(key);
      if (items.length > 0) found.set(other, { items, failure: null });
      else found.delete(other);
    }
    const items = matches.filter(({ key }) => !elsewhere.has(key) && !dismissed.has(key));
    if (items.length > 0) found.set(name, { items, failure: null });
    else found.delete(name);
  }

  async function ask(entity: EntityView, name: string): Promise<void> {
    running?.abort();
    const mine = (running = new AbortController());
    try {
      const answer = await findDuplicates(entity.name, question(entity, form.draft), recordId, mine.signal);
      if (mine === running) show(name, answer);
    } catch (error) {
      if (mine !== running || mine.signal.aborted) return;
      if (!(error instanceof ApiProblem)) throw error;
      found.set(name, { items: [], failure: error });
      asked.delete(name);
    }
  }

  onScopeDispose(() => running?.abort());

  return {
    found,
    leave(name) {
      const entity = form.entity.value;
      if (!entity || !isChecked(entity, name) || form.isReadOnly(name)) return;
      const value = form.draft[name];
      const before = asked.has(name) ? asked.get(name) : form.stored.value[name];
      if (sameValue(value, before)) return;
      asked.set(name, value);
      if (sameValue(value, null) || sameValue(value, form.stored.value[name])) found.delete(name);
      else void ask(entity, name);
    },
    dismiss(key) {
      dismissed.add(key);
      for (const [name, { items }] of found) {
        const left = items.filter((each) => each.key !== key);
        if (left.length > 0) found.set(name, { items: left, failure: null });
        else found.delete(name);
      }
    },
  };
}
