import { problem } from '../errors/catalogue.ts';
import type { DictionaryDocument } from '../model/documents.ts';
import type { EffectiveDocument } from '../model/model.ts';
import type { Database, Queryable, Transaction } from '../store/database.ts';
import { failpoint } from '../store/failpoint.ts';
import { isSqlError, SQL_STATE, type SqlError } from '../store/sql-error.ts';
import type { LocaleText } from '../text/locale.ts';
import { uuid7 } from '../store/uuid7.ts';
import type { PlanOperation } from '../http/contract.ts';
import { isUuid } from '../fields/uuid.ts';
import type { DataWork } from './data/data-work.ts';
import type { RewrittenData } from './data/undo-data.ts';
import type { NextModel } from './next-model.ts';
import { cancelSteps, recordSteps } from './online-steps/record-steps.ts';
import {
  readValues,
  seedValues,
  writeValues,
  type StoredValue,
  type ValueChange,
} from './dictionary-rows.ts';
import type { Overlay, Overlays } from './stored-state.ts';
import { isObject } from '../text/is-object.ts';

/** Channel on which nodes tell one another that the model or a dictionary has changed. */
export const MODEL_CHANNEL = 'mortise_model';

const reached = {
  locked: failpoint('change.locked'),
  checked: failpoint('change.checked'),
  statement: failpoint('change.statement-run'),
  tables: failpoint('change.tables-changed'),
  worked: failpoint('change.data-changed'),
  overlays: failpoint('change.overlays-stored'),
  plugins: failpoint('change.plugins-stored'),
  seeded: failpoint('change.values-seeded'),
  values: failpoint('change.values-stored'),
  logged: failpoint('change.logged'),
  versioned: failpoint('change.version-stored'),
  notified: failpoint('change.notified'),
  committed: failpoint('change.committed'),
};

/** How long writers wait at most for a change that waits for other writers. */
const MODEL_LOCK = '3s';
/** Who comes later to a table waits behind the change that waits for it: so it gives way soon and tries again. */
const TABLE_LOCK = '400ms';

const MISSING = { 'zh-CN': '引用的记录不存在', en: 'A record that is referred to does not exist' };
/** What a constraint's SQLSTATE means to who changes the model. */
const REFUSALS: Readonly<Record<string, { readonly code: string; readonly text: LocaleText }>> = {
  [SQL_STATE.unique]: {
    code: 'MRT_PLAN_DUPLICATES',
    text: { 'zh-CN': '会有重复的值', en: 'There would be values that occur twice' },
  },
  [SQL_STATE.foreignKey]: { code: 'MRT_DOC_REFERENCE', text: MISSING },
  [SQL_STATE.restrict]: { code: 'MRT_DOC_REFERENCE', text: MISSING },
  [SQL_STATE.notNull]: {
    code: 'MRT_VALUE_TYPE',
    text: { 'zh-CN': '会有不能为空的值为空', en: 'A value that must not be empty would be' },
  },
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
  /** An entity got another name; the entries behind it tell of its documents under both. */
  | { readonly type: 'rename'; readonly from: string; readonly to: string }
  | ({ readonly type: 'value' } & ValueChange)
  /** Records were rewritten, with history rows that name the change set. */
  | ({ readonly type: 'data' } & RewrittenData);

/** Everything that one transaction of a change does. */
export interface Commit {
  /** What the database must still be at; null in a new installation. */
  readonly from: { readonly version: number; readonly dictionaryRevision: number } | null;
  readonly next: NextModel | null;
  readonly fileHash: string;
  readonly overlays: { readonly before: Overlays; readonly after: Overlays };
  readonly plugins: {
    readonly before: ReadonlyMap<string, boolean>;
    readonly after: ReadonlyMap<string, boolean>;
    readonly versions: ReadonlyMap<string, string>;
  };
  /** Old → new name of entities. */
  readonly renames?: ReadonlyMap<string, string> | undefined;
  readonly values: readonly ValueChange[];
  /** Also bring in the dictionary values of the documents. */
  readonly seed: boolean;
  readonly author: { readonly id: string | null; readonly name: string };
  readonly note: string;
  readonly operations: readonly PlanOperation[];
  /** What else belongs to this change and is done in its transaction. */
  readonly also?: (tx: Transaction) => Promise<unknown>;
  readonly works?: readonly DataWork[];
  /** What must still hold now that nobody can write any more. */
  readonly recheck?: (tx: Queryable) => Promise<void>;
}

export interface Committed {
  readonly version: number;
  readonly dictionaryRevision: number;
  /** All dictionary values as of the commit; null when none changed. */
  readonly values: readonly StoredValue[] | null;
}

/**
 * Carries a change out in one transaction under the exclusive lock of the model, so that no writer with the old
 * model is at work. Does not wait long for a lock: the caller tries again.
 * @throws StaleState, MRT_PLAN_BUSY (nothing was changed), MRT_PLAN_REFUSED when stored rows break a rule of their table
 */
export async function commitChange(db: Database, commit: Commit): Promise<Committed> {
  try {
    const committed = await db.transaction((tx) => carryOut(tx, commit), { patient: true });
    reached.committed();
    return committed;
  } catch (error) {
    if (isSqlError(error, SQL_STATE.lockTimeout) || isSqlError(error, SQL_STATE.deadlock))
      throw problem('MRT_PLAN_BUSY');
    throw error;
  }
}

/**
 * Does something to business tables; what their constraints forbid refuses the change. PostgreSQL's detail has values of
 * the rows, which whoever configures may not be allowed to read, so that only its message is told. @throws MRT_PLAN_REFUSED
 */
async function refusing(run: () => Promise<unknown>): Promise<void> {
  try {
    await run();
  } catch (error) {
    const refusal = isSqlError(error) ? REFUSALS[error.code] : undefined;
    if (!refusal) throw error;
    const { message: reason } = error as SqlError;
    throw problem('MRT_PLAN_REFUSED', {}, [
      {
        path: '',
        code: refusal.code,
        message: { 'zh-CN': `${refusal.text['zh-CN']}:${reason}`, en: `${refusal.text.en}: ${reason}` },
      },
    ]);
  }
}

async function carryOut(tx: Transaction, commit: Commit): Promise<Committed> {
  await tx.query({ text: `set local lock_timeout = '${MODEL_LOCK}'` });
  await tx.query({ text: 'select mortise.lock_model()' });
  await tx.query({ text: `set local lock_timeout = '${TABLE_LOCK}'` });
  const [row] = await tx.query<{ version: number; dictionary_revision: number }>({
    text: 'select version, dictionary_revision from mortise.version',
  });
  const stale =
    row?.version !== commit.from?.version || row?.dictionary_revision !== commit.from?.dictionaryRevision;
  if (stale) throw new StaleState();
  reached.locked();
  await commit.recheck?.(tx);
  reached.checked();

  const changeSet = uuid7();
  const version = (commit.from?.version ?? 0) + (commit.next ? 1 : 0);
  const revision = (commit.from?.dictionaryRevision ?? 0) + (commit.values.length > 0 || commit.seed ? 1 : 0);
  for (const statement of commit.next?.tables.statements ?? []) {
    await refusing(() => tx.query({ text: statement.sql }));
    reached.statement();
  }
  reached.tables();
  const mark = { changeSet, author: isUuid(commit.author.id) ? commit.author.id : null };
  for (const work of commit.works ?? []) {
    await refusing(() => work.run(tx, mark));
    reached.worked();
  }
  await storeOverlays(tx, commit);
  reached.overlays();
  await storePlugins(tx, commit);
  reached.plugins();
  if (commit.seed && commit.next) await seedValues(tx, dictionariesIn(commit.next.composed.lower), revision);
  reached.seeded();
  await writeValues(tx, commit.values, revision);
  reached.values();
  await leaveSteps(tx, commit, version);
  await log(tx, commit, version, revision, changeSet);
  reached.logged();
  await storeVersion(tx, commit, version, revision);
  await commit.also?.(tx);
  reached.versioned();
  await tx.query({ text: 'select pg_notify($1, $2)', values: [MODEL_CHANNEL, `${version}.${revision}`] });
  reached.notified();
  const changed = revision !== commit.from?.dictionaryRevision;
  return { version, dictionaryRevision: revision, values: changed ? await readValues(tx) : null };
}

async function leaveSteps(tx: Transaction, { next }: Commit, version: number): Promise<void> {
  for (const { kind, index } of next?.tables.statements ?? [])
    if (kind === 'index.drop' && index !== undefined) await cancelSteps(tx, 'index', index);
  await recordSteps(tx, version, next?.steps ?? []);
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
export function replacedBy(lower: unknown, overlay: unknown, top = true): unknown {
  if (!isObject(lower) || !isObject(overlay)) return lower ?? null;
  const own = Object.entries(overlay).filter(([key]) => !top || (key !== 'extends' && key !== 'name'));
  return Object.fromEntries(own.map(([key, value]) => [key, replacedBy(lower[key], value, false)]));
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

async function log(
  tx: Transaction,
  commit: Commit,
  version: number,
  revision: number,
  changeSet: string,
): Promise<void> {
  const touches = (commit.works ?? []).flatMap((work) => work.touches);
  const switched = [...commit.plugins.after].flatMap(([name, after]): LogEntry[] => {
    const before = commit.plugins.before.get(name) ?? false;
    return before === after ? [] : [{ type: 'plugin', name, before, after }];
  });
  const entries: LogEntry[] = [
    ...[...(commit.renames ?? [])].map(([from, to]): LogEntry => ({ type: 'rename', from, to })),
    ...overlayEntries(commit.overlays.before, commit.overlays.after),
    ...switched,
    ...commit.values.map((change): LogEntry => ({ type: 'value', ...change })),
    ...(touches.length > 0 ? [{ type: 'data', changeSet, touches } satisfies LogEntry] : []),
  ];
  await tx.query({
    text: `insert into mortise.change_set (id, version, dictionary_revision, author, author_name, note, changes, operations)
      values ($1, $2, $3, $4, $5, $6, $7, $8)`,
    values: [
      changeSet,
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
