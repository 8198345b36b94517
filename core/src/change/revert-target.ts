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
import {
  inNamesOfToday,
  inOldNames,
  namesBefore,
  renamesOf,
  touchesBefore,
} from './rename-entity/logged-renames.ts';
import { type EntityRenames, inverse, renamedDocument } from './rename-entity/entity-mentions.ts';
import { type Renamed, renamedSnapshot } from './rename-entity/renamed-snapshot.ts';
import type { FileLayers } from './plugin-layers.ts';
import { keepSiteFields } from './reverted-overlays.ts';
import type { Overlays } from './stored-state.ts';
import { undone } from './undone.ts';

/**
 * Everything that was logged since is taken back: documents, dictionary values and the records that were rewritten.
 * @param entries newest first
 */
export function revertTarget(
  layers: FileLayers,
  live: Snapshot,
  dictionaries: Dictionaries,
  entries: readonly LogEntry[],
): Target {
  const renamed = renamedBack(layers, live, namesBefore(entries));
  const current = renamed?.snapshot ?? live;
  const overlays = new Map(current.overlays);
  for (const entry of entries) {
    if (entry.type !== 'overlay') continue;
    setOverlay(overlays, entry.kind as DocumentKind, entry.name, entry.before);
  }
  return targetOf(current, dictionaries, overlays, touchesBefore(entries), renamed);
}

/** The state with the names that its entities had; null when none had another one. */
function renamedBack(layers: FileLayers, live: Snapshot, names: EntityRenames): Renamed | null {
  const there = [...names].filter(([today]) => live.model.documents.has(documentKey('entity', today)));
  return there.length > 0 ? renamedSnapshot(layers, live, new Map(there)) : null;
}

/**
 * Only what one change set did is taken back, or a part of it; what was done since stays.
 * @param logged of one change set, newest first
 * @param since what it has called entities → what they are called now
 * @param select documents, or with `path` a part of one (`/properties/wechat`); empty: all of the change set
 * @throws MRT_PLAN_REFUSED naming the places that were changed again since
 */
export function selectedTarget(
  layers: FileLayers,
  live: Snapshot,
  dictionaries: Dictionaries,
  logged: readonly LogEntry[],
  since: EntityRenames,
  asked: readonly RevertSelection[],
): Target {
  const renames = renamesOf(logged);
  const again = [...renames.values()].filter(
    (name) => since.has(name) || !live.model.documents.has(documentKey('entity', name)),
  );
  if (again.length > 0)
    throw problem(
      'MRT_PLAN_REFUSED',
      {},
      again.map((name) => changedSince(documentKey('entity', name))),
    );
  const isAsked = ({ kind, name }: RevertSelection): boolean =>
    kind === 'entity' && [...renames].some((pair) => pair.includes(name));
  const undoes = renames.size > 0 && (asked.length === 0 || asked.some(isAsked));
  const back = inverse(renames);
  const renamed = undoes ? renamedBack(layers, live, back) : null;
  const current = renamed?.snapshot ?? live;
  const entries = inNamesOfToday(undoes ? inOldNames(logged) : logged, since);
  const select = asked.map((each) => ({
    ...each,
    name: renamedDocument(each.kind as DocumentKind, each.name, undoes ? back : since),
  }));
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
  return targetOf(current, dictionaries, overlays, kept, renamed);
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
  renamed: Renamed | null,
): Target {
  return {
    ...(renamed ? { renamed } : {}),
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
