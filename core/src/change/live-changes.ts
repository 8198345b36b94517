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
  VersionAnswer,
} from '../http/contract.ts';
import type { DictionaryDocument, DocumentKind } from '../model/documents.ts';
import { documentKey, type EffectiveDocument, type Model } from '../model/model.ts';
import type { Database } from '../store/database.ts';
import type { Dictionaries } from '../store/dictionaries.ts';
import { failpoint } from '../store/failpoint.ts';
import { entriesAfter, readVersions } from './change-log.ts';
import type { ApplyRequest, ChangeRequest, Changes } from './changes.ts';
import { commitChange, StaleState } from './commit-change.ts';
import { compose } from './compose.ts';
import { withStoredValues } from './dictionary-change.ts';
import { readValues, type StoredValue } from './dictionary-rows.ts';
import { DictionaryStore } from './dictionary-store.ts';
import { checkRisks, planAnswer } from './plan-answer.ts';
import { dropPlan, readPlan, storePlan } from './plan-store.ts';
import { pluginAnswers, switchOperation } from './plugin-answers.ts';
import { checkSwitch, pluginStates, pluginVersions, type FileLayers } from './plugin-layers.ts';
import { prepareChange, type Prepared, type Snapshot, type Target } from './prepare-change.ts';
import { revertedOverlays } from './reverted-overlays.ts';
import { readState } from './stored-state.ts';
import { baseOf, wishedTarget } from './wished-target.ts';

const swapped = failpoint('change.swapped');
const ATTEMPTS = 4;

/** The changes of one running node: its snapshot of the model, swapped after every change. */
export class LiveChanges implements Changes {
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
    const { version } = current;
    const changes = this.#withBase(request.changes);
    const token = await storePlan(this.#db, actor, { version, note: request.note, changes });
    return planAnswer(prepared, token);
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
    const plan = await readPlan(this.#db, request.token);
    if (!plan) throw problem('MRT_PLAN_STALE');
    const answer = await this.#change(actor, plan.note, (current) => {
      if (current.version !== plan.version) throw problem('MRT_PLAN_STALE');
      return wishedTarget(current, this.#store, plan.changes);
    });
    await dropPlan(this.#db, request.token);
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
    return await readVersions(this.#db);
  }

  async revert(actor: Actor, version: number): Promise<ApplyAnswer> {
    return await this.#change(actor, `↩ ${version}`, async (current) => {
      const overlays = revertedOverlays(current, await entriesAfter(this.#db, version));
      return { overlays, plugins: current.plugins, values: [] };
    });
  }

  plugins(): PluginsAnswer['items'] {
    return pluginAnswers(this.#layers.plugins, this.#snapshot.model.plugins);
  }

  async setPlugin(actor: Actor, name: string, enabled: boolean): Promise<ApplyAnswer> {
    const operation = switchOperation(this.#layers.plugins, name, enabled);
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
