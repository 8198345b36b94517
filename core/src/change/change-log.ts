import { problem } from '../errors/catalogue.ts';
import type { PlanOperation, VersionAnswer } from '../http/contract.ts';
import type { Database } from '../store/database.ts';
import type { LogEntry } from './commit-change.ts';

const MOST_SHOWN = 1000;

/** The log of change sets, newest first. Changes of dictionary values alone repeat the version they were made at. */
export async function readVersions(db: Database): Promise<VersionAnswer> {
  const rows = await db.query<{
    version: number;
    at: string;
    author: string;
    note: string;
    operations: PlanOperation[];
  }>({
    text: `select version, at, author_name as author, note, operations
      from mortise.change_set order by number desc limit ${MOST_SHOWN}`,
  });
  return {
    items: rows.map(({ operations, ...row }) => ({ ...row, summary: operations.map(({ text }) => text) })),
  };
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
