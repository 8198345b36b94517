import type { FieldView, RecordData } from '@mortise/core/contract';
import { ref, type Ref } from 'vue';
import { loadEntity } from '../../api/model';
import { listRecords } from '../../api/records';

/** A record that a reference may point to. */
interface Candidate {
  readonly value: string;
  readonly label: string;
  /** A second line that tells namesakes apart. */
  readonly hint: string;
}

/** The filter of a field's `where`: values as they are, `$other` from the record; null when that one is empty. */
function whereFilter(field: FieldView, record: RecordData): Record<string, unknown> | null {
  const filter: Record<string, unknown> = {};
  for (const [name, wanted] of Object.entries(
    (field.def['where'] as Record<string, unknown> | undefined) ?? {},
  )) {
    if (typeof wanted === 'string' && wanted.startsWith('$')) {
      const value = record[wanted.slice(1)];
      if (value === null || value === undefined || value === '') return null;
      filter[name] = value;
    } else filter[name] = wanted;
  }
  return filter;
}

function labelOf(item: RecordData, display: string): string {
  return String(item[`${display}$display`] ?? item[display] ?? item['id'] ?? '');
}

export interface Candidates {
  readonly items: Ref<readonly Candidate[]>;
  readonly loading: Ref<boolean>;
  readonly failure: Ref<unknown>;
  find(words: string): Promise<void>;
}

/** Looks up records for a reference while somebody types; only the last question's answer counts. */
export function useCandidates(field: () => FieldView, record: () => RecordData): Candidates {
  const items = ref<readonly Candidate[]>([]);
  const loading = ref(false);
  const failure = ref<unknown>(null);
  let running: AbortController | null = null;

  async function find(words: string): Promise<void> {
    running?.abort();
    const mine = (running = new AbortController());
    loading.value = true;
    failure.value = null;
    try {
      const target = String(field().def['entity']);
      const entity = await loadEntity(target);
      const filter = whereFilter(field(), record());
      // The field this one depends on is empty: there is nothing to choose from yet.
      const answer =
        filter === null
          ? { items: [] }
          : await listRecords(target, {
              filter,
              search: words.trim() || undefined,
              limit: 20,
              signal: mine.signal,
            });
      if (mine !== running) return;
      const second = entity.views[0]
        ? Object.keys(entity.views[0].columns).find((name) => name !== entity.display)
        : undefined;
      items.value = answer.items.map((item) => ({
        value: String(item['id']),
        label: labelOf(item, entity.display),
        hint: second ? String(item[`${second}$display`] ?? item[second] ?? '') : '',
      }));
    } catch (error) {
      if (mine === running) failure.value = error;
    } finally {
      if (mine === running) loading.value = false;
    }
  }

  return { items, loading, failure, find };
}
