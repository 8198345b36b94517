import { randomBytes } from 'node:crypto';
import type { Actor } from '../context/context.ts';
import { problem } from '../errors/catalogue.ts';
import { Problem } from '../errors/problem.ts';
import type {
  ApplyAnswer,
  DocumentAnswer,
  DocumentChange,
  PlanAnswer,
  PlanOperation,
  PluginsAnswer,
  Risk,
  VersionAnswer,
} from '../http/contract.ts';
import type { DictionaryDocument, DocumentKind } from '../model/documents.ts';
import { documentKey, type EffectiveDocument, type Model } from '../model/model.ts';
import type { Database } from '../store/database.ts';
import type { Dictionaries } from '../store/dictionaries.ts';
import { failpoint } from '../store/failpoint.ts';
import { prepareSystem } from '../store/prepare-system.ts';
import { bootModel } from './boot-model.ts';
import { sentence } from './change-text.ts';
import type { ApplyRequest, ChangeRequest, Changes } from './changes.ts';
import { commitChange, MODEL_CHANNEL, StaleState, type LogEntry } from './commit-change.ts';
import { fileHash, compose } from './compose.ts';
import { withStoredValues } from './dictionary-change.ts';
import { readValues, type StoredValue } from './dictionary-rows.ts';
import { DictionaryStore } from './dictionary-store.ts';
import {
  checkSwitch,
  inDependencyOrder,
  pluginStates,
  pluginVersions,
  type FileLayers,
} from './plugin-layers.ts';
import { prepareChange, type Prepared, type Snapshot, type Target } from './prepare-change.ts';
import { revertedOverlays } from './reverted-overlays.ts';
import { readState } from './stored-state.ts';
import { baseOf, wishedTarget } from './wished-target.ts';

export interface ChangesOptions {
  readonly db: Database;
  readonly layers: FileLayers;
  /** Told of a failure to follow another node's change; the old model stays in place. */
  readonly report?: (error: unknown) => void;
}

const swapped = failpoint('change.swapped');
const ATTEMPTS = 4;
const HARMLESS: ReadonlySet<Risk> = new Set(['none', 'locks']);

/**
 * Brings the database to the model of the files and the site's overlays, and holds it from then on: compiles, makes
 * and extends tables, seeds dictionaries. A second start with the same files changes nothing.
 * @throws MRT_DOCUMENT_INVALID when files and overlays do not fit together, MRT_PLUGIN_STATE, MRT_PLAN_REFUSED
 */
export async function startChanges(options: ChangesOptions): Promise<Changes> {
  const { db } = options;
  const layers = { base: options.layers.base, plugins: inDependencyOrder(options.layers.plugins) };
  await prepareSystem(db);
  const hash = fileHash(layers);
  const snapshot = await bootModel(db, layers, hash);
  const changes = new LiveChanges(
    db,
    layers,
    hash,
    snapshot,
    await readValues(db),
    options.report ?? console.error,
  );
  await db.listen(MODEL_CHANNEL, () => changes.heard());
  await changes.refresh();
  return changes;
}

class LiveChanges implements Changes {
  readonly #db: Database;
  readonly #layers: FileLayers;
  readonly #fileHash: string;
  readonly #store = new DictionaryStore();
  readonly #swapListeners = new Set<(next: Model, previous: Model) => void>();
  readonly #dictionaryListeners = new Set<(dictionary: string) => void>();
  readonly #report: (error: unknown) => void;
  #snapshot: Snapshot;
  #values: readonly StoredValue[];
  #queue: Promise<unknown> = Promise.resolve();
  #stopped = false;

  constructor(
    db: Database,
    layers: FileLayers,
    hash: string,
    snapshot: Snapshot,
    values: readonly StoredValue[],
    report: (error: unknown) => void,
  ) {
    this.#db = db;
    this.#layers = layers;
    this.#fileHash = hash;
    this.#snapshot = snapshot;
    this.#values = values;
    this.#report = report;
    this.#store.load(values, snapshot.model);
  }

  get dictionaries(): Dictionaries {
    return this.#store;
  }

  current(): Model {
    return this.#snapshot.model;
  }

  onSwap(listener: (next: Model, previous: Model) => void): () => void {
    this.#swapListeners.add(listener);
    return () => this.#swapListeners.delete(listener);
  }

  onDictionaryChange(listener: (dictionary: string) => void): () => void {
    this.#dictionaryListeners.add(listener);
    return () => this.#dictionaryListeners.delete(listener);
  }

  async plan(actor: Actor, request: ChangeRequest): Promise<PlanAnswer> {
    const current = this.#snapshot;
    const prepared = await this.#prepare(current, wishedTarget(current, this.#store, request.changes));
    const token = randomBytes(24).toString('base64url');
    await this.#db.query({ text: `delete from mortise.plan where created_at < now() - interval '1 day'` });
    await this.#db.query({
      text: 'insert into mortise.plan (token, version, author, note, changes) values ($1, $2, $3, $4, $5)',
      values: [
        token,
        current.version,
        actor.id,
        request.note,
        JSON.stringify(this.#withBase(request.changes)),
      ],
    });
    return {
      plan: prepared.operations,
      risks: risksOf(prepared),
      sql: prepared.sql,
      warnings: warningsOf(prepared),
      token,
    };
  }

  /** The plan is applied only to what it was made for. */
  #withBase(changes: readonly DocumentChange[]): DocumentChange[] {
    return changes.map((change) => {
      const existing = this.#snapshot.model.documents.get(documentKey(change.kind, change.name));
      return { ...change, base: change.base ?? (existing ? baseOf(existing, this.#store) : '') };
    });
  }

  async apply(actor: Actor, request: ApplyRequest): Promise<ApplyAnswer> {
    if (!('token' in request)) {
      return await this.#change(
        actor,
        request.note,
        (current) => wishedTarget(current, this.#store, request.changes),
        (prepared) => checkRisks(prepared, request.accept ?? []),
      );
    }
    const [row] = await this.#db.query<{ version: number; note: string; changes: DocumentChange[] }>({
      text: 'select version, note, changes from mortise.plan where token = $1',
      values: [request.token],
    });
    if (!row) throw problem('MRT_PLAN_STALE');
    const answer = await this.#change(actor, row.note, (current) => {
      if (current.version !== row.version) throw problem('MRT_PLAN_STALE');
      return wishedTarget(current, this.#store, row.changes);
    });
    await this.#db.query({ text: 'delete from mortise.plan where token = $1', values: [request.token] });
    return answer;
  }

  document(kind: DocumentKind, name: string): DocumentAnswer {
    const found = this.#snapshot.model.documents.get(documentKey(kind, name));
    if (!found) throw problem('MRT_DOCUMENT_UNKNOWN', { kind, name });
    return this.#answer(found);
  }

  documents(kind?: DocumentKind): readonly DocumentAnswer[] {
    return [...this.#snapshot.model.documents.values()]
      .filter((document) => kind === undefined || document.kind === kind)
      .map((document) => this.#answer(document));
  }

  #answer(effective: EffectiveDocument): DocumentAnswer {
    const { kind, name, provenance } = effective;
    const document =
      kind === 'dictionary'
        ? withStoredValues(effective.document as DictionaryDocument, this.#store)
        : effective.document;
    return {
      kind,
      name,
      document: document as unknown as DocumentAnswer['document'],
      base: baseOf(effective, this.#store),
      provenance,
    };
  }

  async versions(): Promise<VersionAnswer> {
    const rows = await this.#db.query<{
      version: number;
      at: string;
      author: string;
      note: string;
      operations: PlanOperation[];
    }>({
      text: 'select version, at, author_name as author, note, operations from mortise.change_set order by number desc limit 1000',
    });
    return {
      items: rows.map(({ operations, ...row }) => ({ ...row, summary: operations.map(({ text }) => text) })),
    };
  }

  async revert(actor: Actor, version: number): Promise<ApplyAnswer> {
    return await this.#change(actor, `↩ ${version}`, async (current) => {
      const known = await this.#db.query({
        text: 'select 1 from mortise.change_set where version = $1 limit 1',
        values: [version],
      });
      if (known.length === 0)
        throw problem('MRT_DOCUMENT_UNKNOWN', { kind: 'version', name: String(version) });
      const later = await this.#db.query<{ changes: LogEntry[] }>({
        text: 'select changes from mortise.change_set where version > $1 order by number desc',
        values: [version],
      });
      const undone = later.flatMap(({ changes }) => [...changes].reverse());
      return { overlays: revertedOverlays(current, undone), plugins: current.plugins, values: [] };
    });
  }

  plugins(): PluginsAnswer['items'] {
    const { model } = this.#snapshot;
    return this.#layers.plugins.map(({ manifest, layer }) => ({
      name: manifest.name,
      version: manifest.version,
      label: manifest.label,
      ...(manifest.description ? { description: manifest.description } : {}),
      enabled: model.plugins.includes(manifest.name),
      dependencies: Object.keys(manifest.dependencies ?? {}),
      entities: layer.documents
        .filter(({ kind, document }) => kind === 'entity' && document.extends !== true)
        .map(({ name }) => name),
    }));
  }

  async setPlugin(actor: Actor, name: string, enabled: boolean): Promise<ApplyAnswer> {
    const manifest = this.#layers.plugins.find((plugin) => plugin.manifest.name === name)?.manifest;
    const [zh, en] = enabled ? ['启用', 'enabled'] : ['停用,数据保留', 'disabled, its data kept'];
    const operation: PlanOperation = {
      operation: enabled ? 'plugin.enable' : 'plugin.disable',
      text: sentence(`插件“${manifest?.label['zh-CN']}” ${zh}`, `The plugin “${manifest?.label.en}” ${en}`),
      risk: 'none',
      sql: [],
      rows: null,
    };
    try {
      return await this.#change(
        actor,
        '',
        (current) => {
          checkSwitch(this.#layers.plugins, new Set(current.model.plugins), name, enabled);
          return {
            overlays: current.overlays,
            plugins: new Map([...current.plugins, [name, enabled]]),
            values: [],
          };
        },
        () => {},
        operation,
      );
    } catch (error) {
      if (!(error instanceof Problem) || error.code !== 'MRT_DOCUMENT_INVALID') throw error;
      const reason = '其他元数据仍依赖它,见 errors / other documents still depend on it, see errors';
      throw problem('MRT_PLUGIN_STATE', { plugin: name, reason }, error.faults);
    }
  }

  /** A notification arrived: another node (or this one) has changed something. */
  heard(): void {
    if (this.#stopped) return;
    this.refresh().catch((error: unknown) => {
      if (!this.#stopped) this.#report(error);
    });
  }

  async refresh(): Promise<void> {
    await this.#serially(() => this.#catchUp());
  }

  async stop(): Promise<void> {
    this.#stopped = true;
    await this.#queue;
  }

  /** One change of this node after the other; their computation relies on the snapshot. */
  #serially<T>(run: () => Promise<T>): Promise<T> {
    const result = this.#queue.then(run);
    this.#queue = result.catch(() => {});
    return result;
  }

  async #catchUp(): Promise<void> {
    if (this.#stopped) return;
    const { version, dictionaryRevision } = this.#snapshot;
    const [row] = await this.#db.query<{ version: number; dictionary_revision: number }>({
      text: 'select version, dictionary_revision from mortise.version',
    });
    if (row?.version === version && row.dictionary_revision === dictionaryRevision) return;
    const [state, values] = await this.#db.transaction(async (tx) => {
      await tx.query({ text: 'set transaction isolation level repeatable read' });
      return [await readState(tx), await readValues(tx)] as const;
    });
    // A node with other files keeps its model: the guard refuses its writes, so it can only read (DESIGN §4).
    if (!state || state.fileHash !== this.#fileHash) {
      throw new Error(
        'the database was changed by a node with other files; this node is read-only until it is updated',
      );
    }
    const plugins = pluginStates(this.#layers.plugins, state.plugins);
    const composed = compose(this.#layers, state.overlays, plugins, state.version, state.laid.allocation);
    const { dictionaryRevision: revision, laid, overlays } = state;
    this.#swap(
      {
        version: state.version,
        dictionaryRevision: revision,
        laid,
        overlays,
        plugins,
        model: composed.model,
        lower: composed.lower,
      },
      values,
    );
  }

  async #prepare(current: Snapshot, target: Target): Promise<Prepared> {
    return await prepareChange(this.#db, this.#layers, current, target);
  }

  async #change(
    actor: Actor,
    note: string,
    aim: (current: Snapshot) => Target | Promise<Target>,
    check: (prepared: Prepared) => void = () => {},
    headline?: PlanOperation,
  ): Promise<ApplyAnswer> {
    return await this.#serially(async () => {
      for (let attempt = 1; ; attempt += 1) {
        const current = this.#snapshot;
        const prepared = await this.#prepare(current, await aim(current));
        check(prepared);
        if (!prepared.next && prepared.target.values.length === 0) return { version: current.version };
        try {
          return await this.#commit(actor, note, current, prepared, headline);
        } catch (error) {
          if (!(error instanceof StaleState)) throw error;
          if (attempt === ATTEMPTS) throw problem('MRT_PLAN_STALE');
          await this.#catchUp();
        }
      }
    });
  }

  async #commit(
    actor: Actor,
    note: string,
    current: Snapshot,
    prepared: Prepared,
    headline?: PlanOperation,
  ): Promise<ApplyAnswer> {
    const { target, next } = prepared;
    const committed = await commitChange(this.#db, {
      from: { version: current.version, dictionaryRevision: current.dictionaryRevision },
      next,
      fileHash: this.#fileHash,
      overlays: { before: current.overlays, after: target.overlays },
      plugins: {
        before: current.plugins,
        after: target.plugins,
        versions: pluginVersions(this.#layers.plugins),
      },
      values: target.values,
      seed: target.plugins !== current.plugins,
      author: { id: actor.id, name: actor.displayName },
      note,
      operations: headline ? [headline, ...prepared.operations] : prepared.operations,
    });
    this.#swap(
      {
        version: committed.version,
        dictionaryRevision: committed.dictionaryRevision,
        laid: next?.tables.laid ?? current.laid,
        overlays: target.overlays,
        plugins: target.plugins,
        model: next?.composed.model ?? current.model,
        lower: next?.composed.lower ?? current.lower,
      },
      committed.values ?? this.#values,
    );
    swapped();
    return { version: committed.version };
  }

  #swap(next: Snapshot, values: readonly StoredValue[]): void {
    const previous = this.#snapshot.model;
    this.#snapshot = next;
    this.#values = values;
    const changed = this.#store.load(values, next.model);
    if (next.model !== previous) for (const listener of this.#swapListeners) listener(next.model, previous);
    for (const name of changed) for (const listener of this.#dictionaryListeners) listener(name);
  }
}

function risksOf(prepared: Prepared): Risk[] {
  return [...new Set(prepared.operations.map(({ risk }) => risk))].filter((risk) => risk !== 'none');
}

function checkRisks(prepared: Prepared, accepted: readonly Risk[]): void {
  const open = risksOf(prepared).filter((risk) => !HARMLESS.has(risk) && !accepted.includes(risk));
  if (open.length > 0)
    throw problem('MRT_PLAN_RISK', { risks: open.join(', ') }, [], {
      risks: open,
      plan: prepared.operations,
    });
}

function warningsOf(prepared: Prepared): PlanAnswer['warnings'] {
  const restored = prepared.operations.filter(({ operation }) => operation === 'field.restore');
  const none = prepared.next === null && prepared.operations.length === 0;
  return [
    ...restored.map(({ text }) => text),
    ...(none ? [sentence('没有任何变化。', 'Nothing would change.')] : []),
  ];
}
