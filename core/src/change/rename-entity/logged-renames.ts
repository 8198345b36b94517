import type { AnyDocument, DocumentKind } from '../../model/documents.ts';
import { documentKey } from '../../model/model.ts';
import type { LogEntry } from '../commit-change.ts';
import { type EntityRenames, inverse, renamedDocument, withRenamedEntities } from './entity-mentions.ts';

type OverlayEntry = Extract<LogEntry, { type: 'overlay' }>;

/** A rename among logged entries, and where it stands among them. */
interface LoggedRename {
  readonly from: string;
  readonly to: string;
  readonly at: number;
}

function loggedRenames(entries: readonly LogEntry[]): readonly LoggedRename[] {
  return entries.flatMap((entry, at) =>
    entry.type === 'rename' ? [{ from: entry.from, to: entry.to, at }] : [],
  );
}

/** Old → new name, as one change set has given them. */
export function renamesOf(entries: readonly LogEntry[]): EntityRenames {
  return new Map(loggedRenames(entries).map(({ from, to }) => [from, to]));
}

/** Name of today → the one before all of these. @param entries newest first */
export function namesBefore(entries: readonly LogEntry[]): EntityRenames {
  const back = new Map<string, string>();
  for (const { from, to } of loggedRenames(entries)) {
    const [today = to] = [...back].find(([, then]) => then === to) ?? [];
    back.set(today, from);
  }
  return new Map([...back].filter(([today, then]) => today !== then));
}

/** Entries that say which records were rewritten, in the names before all of these. @param entries newest first */
export function touchesBefore(entries: readonly LogEntry[]): readonly LogEntry[] {
  const renames = loggedRenames(entries);
  return entries.map((entry, at) => {
    if (entry.type !== 'data' || renames.length === 0) return entry;
    const older = renames.filter((rename) => rename.at > at);
    const before = (name: string): string =>
      older.reduce((now, { from, to }) => (now === to ? from : now), name);
    const touches = entry.touches.map((each) => ({ ...each, entity: before(each.entity) }));
    return { ...entry, touches };
  });
}

/** The entries of one change set as if its entities had their old names all the time: the renames fall out. */
export function inOldNames(entries: readonly LogEntry[]): readonly LogEntry[] {
  return withoutRenames(entries, inverse(renamesOf(entries)), 'after');
}

/** {@link inOldNames}, with the new names. */
export function inNewNames(entries: readonly LogEntry[]): readonly LogEntry[] {
  return withoutRenames(entries, renamesOf(entries), 'before');
}

function withoutRenames(
  entries: readonly LogEntry[],
  renames: EntityRenames,
  side: 'before' | 'after',
): readonly LogEntry[] {
  if (renames.size === 0) return entries;
  const joined = new Map<string, OverlayEntry>();
  const others: LogEntry[] = [];
  for (const entry of entries) {
    if (entry.type === 'rename') continue;
    if (entry.type !== 'overlay') {
      others.push(entry.type === 'data' && side === 'after' ? touched(entry, renames) : entry);
      continue;
    }
    const kind = entry.kind as DocumentKind;
    const { name, document } = withRenamedEntities(
      { kind, name: entry.name, document: entry[side] as AnyDocument | null },
      renames,
    );
    const key = documentKey(kind, name);
    const moved = { ...entry, name, [side]: withoutFormer(document) };
    const other = joined.get(key);
    joined.set(key, other ? joinedEntry(other, moved) : moved);
  }
  return [...joined.values(), ...others];
}

/** What went under the one name and came under the other is one change of one document. */
function joinedEntry(one: OverlayEntry, other: OverlayEntry): OverlayEntry {
  return { ...one, before: one.before ?? other.before, after: one.after ?? other.after };
}

/** The former name is what a rename adds to a document. */
function withoutFormer(document: unknown): unknown {
  if (typeof document !== 'object' || document === null || !('renamedFrom' in document)) return document;
  const { renamedFrom: _former, ...rest } = document;
  return rest;
}

function touched(entry: Extract<LogEntry, { type: 'data' }>, renames: EntityRenames): LogEntry {
  const touches = entry.touches.map((each) => ({ ...each, entity: renames.get(each.entity) ?? each.entity }));
  return { ...entry, touches };
}

/** Entries of an older change set in the names that entities have got since. */
export function inNamesOfToday(entries: readonly LogEntry[], since: EntityRenames): readonly LogEntry[] {
  if (since.size === 0) return entries;
  return entries.map((entry) => {
    if (entry.type === 'data') return touched(entry, since);
    if (entry.type !== 'overlay') return entry;
    const kind = entry.kind as DocumentKind;
    const side = (document: unknown): unknown =>
      withRenamedEntities({ kind, name: entry.name, document: document as AnyDocument | null }, since)
        .document;
    const name = renamedDocument(kind, entry.name, since);
    return { ...entry, name, before: side(entry.before), after: side(entry.after) };
  });
}
