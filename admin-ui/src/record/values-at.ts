import type { HistoryEntry, RecordData } from '@mortise/core/contract';

/**
 * What the fields held right after an entry of the history, as far as they were changed since.
 * @param entries newest first
 */
export function valuesAt(entries: readonly HistoryEntry[], entry: HistoryEntry): RecordData {
  const later = entries.slice(0, Math.max(0, entries.indexOf(entry)));
  // The oldest of the later changes has the value of that moment; it comes last.
  return Object.assign(
    {},
    ...later.map(({ changes }) =>
      Object.fromEntries(Object.entries(changes).map(([name, { old }]) => [name, old])),
    ),
  ) as RecordData;
}
