import { problem } from '../errors/catalogue.ts';
import type { DictionaryDocument } from '../model/documents.ts';
import type { EffectiveDocument } from '../model/model.ts';
import type { Database, Transaction } from '../store/database.ts';
import { failpoint } from '../store/failpoint.ts';
import { isSqlError, SQL_STATE } from '../store/sql-error.ts';
import { uuid7 } from '../store/uuid7.ts';
import type { PlanOperation } from '../http/contract.ts';
import type { Composed } from './compose.ts';
import {
  readValues,
  seedValues,
  writeValues,
  type StoredValue,
  type ValueChange,
} from './dictionary-rows.ts';
import type { Overlay, Overlays } from './stored-state.ts';
import type { TablePlan } from '../store/table-plan.ts';

/** Channel on which nodes tell one another that the model or a dictionary has changed. */
export const MODEL_CHANNEL = 'mortise_model';

const reached = {
  locked: failpoint('change.locked'),
  tables: failpoint('change.tables-changed'),
  overlays: failpoint('change.overlays-stored'),
  values: failpoint('change.values-stored'),
  logged: failpoint('change.logged'),
  committed: failpoint('change.committed'),
};

/** The state this change was computed from is no longer the current one. Compute it again. */
export class StaleState extends Error {}

/** One undoable step of a change, as the log keeps it. */
export type LogEntry =
  | {
      readonly type: 'overlay';
      readonly kind: string;
      readonly name: string;
      readonly before: unknown;
      readonly after: unknown;
    }
  | { readonly type: 'plugin'; readonly name: string; readonly before: boolean; readonly after: boolean }
  | ({ readonly type: 'value' } & ValueChange);

/** Everything that one transaction of a change does. */
export interface Commit {
  /** What the database must still be at; null in a new installation. */
  readonly from: { readonly version: number; readonly dictionaryRevision: number } | null;
  readonly next: { readonly composed: Composed; readonly tables: TablePlan } | null;
  readonly fileHash: string;
  readonly overlays: { readonly before: Overlays; readonly after: Overlays };
  readonly plugins: {
    readonly before: ReadonlyMap<string, boolean>;
    readonly after: ReadonlyMap<string, boolean>;
    readonly versions: ReadonlyMap<string, string>;
  };
  readonly values: readonly ValueChange[];
  /** Also bring in the dictionary values of the documents. */
  readonly seed: boolean;
  readonly author: { readonly id: string | null; readonly name: string };
  readonly note: string;
  readonly operations: readonly PlanOperation[];
}

export interface Committed {
  readonly version: number;
  readonly dictionaryRevision: number;
  /** All dictionary values as of the commit; null when none changed. */
  readonly values: readonly StoredValue[] | null;
}

/**
 * Carries a change out in one transaction under the exclusive lock of the model, so that no writer with the old
 * model is at work. Waits three seconds at most for a lock.
 * @throws StaleState, MRT_PLAN_BUSY (nothing was changed), MRT_PLAN_REFUSED when stored rows break a new unique rule
 */
export async function commitChange(db: Database, commit: Commit): Promise<Committed> {
  try {
    const committed = await db.transaction((tx) => carryOut(tx, commit));
    reached.committed();
    return committed;
  } catch (error) {
    if (isSqlError(error, SQL_STATE.lockTimeout) || isSqlError(error, SQL_STATE.deadlock))
      throw problem('MRT_PLAN_BUSY');
    if (isSqlError(error, SQL_STATE.unique) && error.message.includes('unique index')) {
      const reason = error.detail ?? error.message;
      throw problem('MRT_PLAN_REFUSED', {}, [
        {
          path: '',
          code: 'MRT_PLAN_DUPLICATES',
          message: { 'zh-CN': `已有重复的值:${reason}`, en: `There are values that occur twice: ${reason}` },
        },
      ]);
    }
    throw error;
  }
}

async function carryOut(tx: Transaction, commit: Commit): Promise<Committed> {
  await tx.query({ text: `set local lock_timeout = '3s'` });
  await tx.query({ text: 'select mortise.lock_model()' });
  const [row] = await tx.query<{ version: number; dictionary_revision: number }>({
    text: 'select version, dictionary_revision from mortise.version',
  });
  const stale =
    row?.version !== commit.from?.version || row?.dictionary_revision !== commit.from?.dictionaryRevision;
  if (stale) throw new StaleState();
  reached.locked();

  const version = (commit.from?.version ?? 0) + (commit.next ? 1 : 0);
  const revision = (commit.from?.dictionaryRevision ?? 0) + (commit.values.length > 0 || commit.seed ? 1 : 0);
  for (const statement of commit.next?.tables.statements ?? []) await tx.query({ text: statement.sql });
  reached.tables();
  await storeOverlays(tx, commit);
  await storePlugins(tx, commit);
  reached.overlays();
  if (commit.seed && commit.next) await seedValues(tx, dictionariesIn(commit.next.composed.lower), revision);
  await writeValues(tx, commit.values, revision);
  reached.values();
  await log(tx, commit, version, revision);
  await storeVersion(tx, commit, version, revision);
  reached.logged();
  await tx.query({ text: 'select pg_notify($1, $2)', values: [MODEL_CHANNEL, `${version}.${revision}`] });
  const changed = revision !== commit.from?.dictionaryRevision;
  return { version, dictionaryRevision: revision, values: changed ? await readValues(tx) : null };
}

function dictionariesIn(documents: ReadonlyMap<string, EffectiveDocument>): DictionaryDocument[] {
  return [...documents.values()].flatMap(({ kind, document }) =>
    kind === 'dictionary' ? [document as DictionaryDocument] : [],
  );
}

/** The overlays that differ, with what they were. */
function overlayEntries(before: Overlays, after: Overlays): LogEntry[] {
  const keys = new Set([...before.keys(), ...after.keys()]);
  return [...keys].flatMap((key) => {
    const [old, now] = [before.get(key), after.get(key)];
    if (JSON.stringify(old?.document) === JSON.stringify(now?.document)) return [];
    const { kind, name } = (now ?? old) as Overlay;
    return [{ type: 'overlay', kind, name, before: old?.document ?? null, after: now?.document ?? null }];
  });
}

async function storeOverlays(tx: Transaction, commit: Commit): Promise<void> {
  for (const entry of overlayEntries(commit.overlays.before, commit.overlays.after)) {
    if (entry.type !== 'overlay') continue;
    if (entry.after === null) {
      await tx.query({
        text: 'delete from mortise.overlay where kind = $1 and name = $2',
        values: [entry.kind, entry.name],
      });
      continue;
    }
    const lower = commit.next?.composed.lower.get(`${entry.kind}/${entry.name}`);
    await tx.query({
      text: `insert into mortise.overlay (kind, name, document, replaced, lower_hash, updated_by) values ($1, $2, $3, $4, $5, $6)
        on conflict (kind, name) do update set document = excluded.document, replaced = excluded.replaced,
          lower_hash = excluded.lower_hash, updated_at = now(), updated_by = excluded.updated_by`,
      values: [
        entry.kind,
        entry.name,
        JSON.stringify(entry.after),
        lower ? JSON.stringify(replacedBy(lower.document, entry.after)) : null,
        lower?.base ?? null,
        commit.author.id,
      ],
    });
  }
}

/** The lower layers' values at the places an overlay sets, so that a later upgrade of the files can be compared. */
function replacedBy(lower: unknown, overlay: unknown): unknown {
  if (!isObject(lower) || !isObject(overlay)) return lower ?? null;
  const own = Object.entries(overlay).filter(([key]) => key !== 'extends' && key !== 'name');
  return Object.fromEntries(own.map(([key, value]) => [key, replacedBy(lower[key], value)]));
}

function isObject(value: unknown): value is Readonly<Record<string, unknown>> {
  return typeof value === 'object' && value !== null && !Array.isArray(value);
}

async function storePlugins(tx: Transaction, commit: Commit): Promise<void> {
  const { versions, after } = commit.plugins;
  for (const [name, version] of versions) {
    await tx.query({
      text: `insert into mortise.plugin_state (name, enabled, version) values ($1, $2, $3)
        on conflict (name) do update set enabled = excluded.enabled, version = excluded.version
        where (plugin_state.enabled, plugin_state.version) is distinct from (excluded.enabled, excluded.version)`,
      values: [name, after.get(name) ?? false, version],
    });
  }
}

async function log(tx: Transaction, commit: Commit, version: number, revision: number): Promise<void> {
  const switched = [...commit.plugins.after].flatMap(([name, after]): LogEntry[] => {
    const before = commit.plugins.before.get(name) ?? false;
    return before === after ? [] : [{ type: 'plugin', name, before, after }];
  });
  const entries: LogEntry[] = [
    ...overlayEntries(commit.overlays.before, commit.overlays.after),
    ...switched,
    ...commit.values.map((change): LogEntry => ({ type: 'value', ...change })),
  ];
  await tx.query({
    text: `insert into mortise.change_set (id, version, dictionary_revision, author, author_name, note, changes, operations)
      values ($1, $2, $3, $4, $5, $6, $7, $8)`,
    values: [
      uuid7(),
      version,
      revision,
      commit.author.id,
      commit.author.name,
      commit.note,
      JSON.stringify(entries),
      JSON.stringify(commit.operations),
    ],
  });
}

async function storeVersion(
  tx: Transaction,
  commit: Commit,
  version: number,
  revision: number,
): Promise<void> {
  if (!commit.next) {
    await tx.query({
      text: 'update mortise.version set dictionary_revision = $1, updated_at = now()',
      values: [revision],
    });
    return;
  }
  const { composed, tables } = commit.next;
  await tx.query({
    text: `insert into mortise.version (version, allocation, indexes, model_hash, file_hash, dictionary_revision)
      values ($1, $2, $3, $4, $5, $6)
      on conflict (only_row) do update set version = excluded.version, allocation = excluded.allocation,
        indexes = excluded.indexes, model_hash = excluded.model_hash, file_hash = excluded.file_hash,
        dictionary_revision = excluded.dictionary_revision, updated_at = now()`,
    values: [
      version,
      JSON.stringify(tables.laid.allocation),
      JSON.stringify(tables.laid.indexes),
      composed.model.hash,
      commit.fileHash,
      revision,
    ],
  });
}
