import { problem } from '../errors/catalogue.ts';
import type { PlanOperation, VersionAnswer } from '../http/contract.ts';
import type { Database } from '../store/database.ts';
import type { DocumentKind } from '../model/documents.ts';
import type { LogEntry } from './commit-change.ts';
import { type EntityRenames, inverse, renamedDocument } from './rename-entity/entity-mentions.ts';
import { inNamesOfToday, inNewNames, renamesOf } from './rename-entity/logged-renames.ts';

const MOST_SHOWN = 1000;

/** The log of change sets, newest first. Changes of dictionary values alone repeat the version they were made at. */
export async function readVersions(db: Database): Promise<VersionAnswer> {
  const rows = await db.query<{
    id: string;
    version: number;
    at: string;
    author: string;
    note: string;
    operations: PlanOperation[];
  }>({
    text: `select id, version, at, author_name as author, note, operations
      from mortise.change_set order by number desc limit ${MOST_SHOWN}`,
  });
  return {
    items: rows.map(({ operations, ...row }) => ({ ...row, summary: operations.map(({ text }) => text) })),
  };
}

/** One change set in full, as it is exported. */
export interface ChangeSet {
  readonly id: string;
  readonly version: number;
  readonly at: string;
  readonly author: string;
  readonly note: string;
  readonly changes: readonly LogEntry[];
  readonly operations: readonly PlanOperation[];
}

/** @throws MRT_DOCUMENT_UNKNOWN */
export async function readChangeSet(db: Database, id: string): Promise<ChangeSet> {
  const [found] = await db.query<ChangeSet & Record<string, unknown>>({
    text: `select id, version, at, author_name as author, note, changes, operations from mortise.change_set where id::text = $1`,
    values: [id],
  });
  if (!found) throw problem('MRT_DOCUMENT_UNKNOWN', { kind: 'change set', name: id });
  return found;
}

/** The change sets that had a hand in a document, newest first. */
async function changeSetsOf(db: Database, kind: string, name: string): Promise<readonly ChangeSet[]> {
  return await db.query<ChangeSet & Record<string, unknown>>({
    text: `select id, version, at, author_name as author, note, changes, operations from mortise.change_set
      where changes::jsonb @> $1::jsonb order by number desc limit ${MOST_SHOWN}`,
    values: [JSON.stringify([{ type: 'overlay', kind, name }])],
  });
}

/**
 * {@link changeSetsOf} a document, with those of the time when its entity had another name: all of them as if it had had
 * today's from the beginning.
 */
export async function changeSetsUnderAllNames(
  db: Database,
  kind: DocumentKind,
  name: string,
): Promise<readonly ChangeSet[]> {
  const found: ChangeSet[] = [];
  let since: EntityRenames = new Map();
  for (let at = name, before = Infinity; ;) {
    const sets = (await changeSetsOf(db, kind, at)).filter(({ version }) => version < before);
    const renaming = sets.find(
      ({ changes }) => renamedDocument(kind, at, inverse(renamesOf(changes))) !== at,
    );
    for (const each of sets) {
      if (renaming && each.version < renaming.version) continue;
      found.push({ ...each, changes: inNamesOfToday(inNewNames(each.changes), since) });
    }
    if (!renaming) return found;
    const renames = renamesOf(renaming.changes);
    const former = renamedDocument(kind, at, inverse(renames));
    since = new Map([...renames].map(([from, to]) => [from, since.get(to) ?? to]));
    [at, before] = [former, renaming.version];
  }
}

/** What was logged after version `n`, newest first. @throws MRT_DOCUMENT_UNKNOWN when there was no such version */
export async function entriesAfter(db: Database, version: number): Promise<readonly LogEntry[]> {
  const known = await db.query({
    text: 'select 1 from mortise.change_set where version = $1 limit 1',
    values: [version],
  });
  if (known.length === 0) throw problem('MRT_DOCUMENT_UNKNOWN', { kind: 'version', name: String(version) });
  const later = await db.query<{ changes: LogEntry[] }>({
    text: 'select changes from mortise.change_set where version > $1 order by number desc',
    values: [version],
  });
  return later.flatMap(({ changes }) => [...changes].reverse());
}
