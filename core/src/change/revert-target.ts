import { problem } from '../errors/catalogue.ts';
import { docFault } from '../model/doc-fault.ts';
import type { Fault } from '../errors/problem.ts';
import type { RevertSelection } from '../http/contract.ts';
import type { AnyDocument, DocumentKind } from '../model/documents.ts';
import { documentKey } from '../model/model.ts';
import type { Dictionaries } from '../store/dictionaries.ts';
import type { LogEntry } from './commit-change.ts';
import type { ValueChange } from './dictionary-rows.ts';
import type { Snapshot, Target } from './prepare-change.ts';
import { keepSiteFields } from './reverted-overlays.ts';
import type { Overlays } from './stored-state.ts';
import { undone } from './undone.ts';

/**
 * Everything that was logged since is taken back: documents, dictionary values and the records that were rewritten.
 * @param entries newest first
 */
export function revertTarget(
  current: Snapshot,
  dictionaries: Dictionaries,
  entries: readonly LogEntry[],
): Target {
  const overlays = new Map(current.overlays);
  for (const entry of entries) {
    if (entry.type !== 'overlay') continue;
    setOverlay(overlays, entry.kind as DocumentKind, entry.name, entry.before);
  }
  return targetOf(current, dictionaries, overlays, entries);
}

/**
 * Only what one change set did is taken back, or a part of it; what was done since stays.
 * @param select documents, or with `path` a part of one (`/properties/wechat`); empty: all of the change set
 * @throws MRT_PLAN_REFUSED naming the places that were changed again since
 */
export function selectedTarget(
  current: Snapshot,
  dictionaries: Dictionaries,
  entries: readonly LogEntry[],
  select: readonly RevertSelection[],
): Target {
  const chosen = (kind: string, name: string): readonly string[] | null => {
    if (select.length === 0) return [''];
    const paths = select.filter((each) => each.kind === kind && each.name === name);
    return paths.length > 0 ? paths.map(({ path }) => path ?? '') : null;
  };
  const overlays = new Map(current.overlays);
  const faults: Fault[] = [];
  const kept: LogEntry[] = [];
  for (const entry of entries) {
    if (entry.type === 'overlay') {
      const paths = chosen(entry.kind, entry.name);
      const key = documentKey(entry.kind as DocumentKind, entry.name);
      for (const path of paths ?? []) {
        const result = undone(overlays.get(key)?.document ?? null, entry.before, entry.after, path);
        faults.push(...result.conflicts.map((at) => changedSince(`${key}#${at}`)));
        setOverlay(overlays, entry.kind as DocumentKind, entry.name, result.value);
      }
    }
    if (entry.type === 'value' && chosen('dictionary', entry.dictionary)) kept.push(entry);
    if (entry.type === 'data' && select.length === 0) kept.push(entry);
  }
  if (faults.length > 0) throw problem('MRT_PLAN_REFUSED', {}, faults);
  return targetOf(current, dictionaries, overlays, kept);
}

function changedSince(path: string): Fault {
  return docFault(
    path,
    'MRT_DOCUMENT_CONFLICT',
    '此处后来又改过,不能单独撤销',
    'it was changed again since and cannot be taken back by itself',
  );
}

function setOverlay(
  overlays: Map<string, Overlays extends ReadonlyMap<string, infer O> ? O : never>,
  kind: DocumentKind,
  name: string,
  document: unknown,
): void {
  const key = documentKey(kind, name);
  if (document === null) overlays.delete(key);
  else overlays.set(key, { kind, name, document: document as AnyDocument });
}

function targetOf(
  current: Snapshot,
  dictionaries: Dictionaries,
  overlays: Overlays,
  entries: readonly LogEntry[],
): Target {
  return {
    overlays: keepSiteFields(current, overlays),
    plugins: current.plugins,
    values: revertedValues(dictionaries, entries),
    data: [],
    undo: entries.flatMap((entry) =>
      entry.type === 'data' ? [{ changeSet: entry.changeSet, touches: entry.touches }] : [],
    ),
  };
}

/** Values as they were before the entries, newest first. A value that was added since is retired: it may be in use. */
function revertedValues(dictionaries: Dictionaries, entries: readonly LogEntry[]): ValueChange[] {
  const wanted = new Map<string, ValueChange>();
  for (const entry of entries) {
    if (entry.type !== 'value') continue;
    const { dictionary, code } = entry;
    const before = dictionaries.value(dictionary, code) ?? null;
    const after = entry.before ?? (before && { ...before, active: false });
    wanted.set(`${dictionary}/${code}`, { dictionary, code, before, after });
  }
  return [...wanted.values()].filter(({ before, after }) => JSON.stringify(before) !== JSON.stringify(after));
}
