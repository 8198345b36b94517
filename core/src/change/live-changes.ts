import { setTimeout } from 'node:timers/promises';
import type { Actor } from '../context/context.ts';
import { problem } from '../errors/catalogue.ts';
import { Problem } from '../errors/problem.ts';
import type {
  ApplyAnswer,
  CompareAnswer,
  DataChange,
  DocumentAnswer,
  DocumentChange,
  LayerConflict,
  PackagePlanAnswer,
  PlanAnswer,
  PlanOperation,
  PluginsAnswer,
  ProvenanceAnswer,
  Risk,
  StepsAnswer,
  VersionAnswer,
} from '../http/contract.ts';
import type { DictionaryDocument, DocumentKind } from '../model/documents.ts';
import { documentKey, type EffectiveDocument, type Model } from '../model/model.ts';
import type { Database, Queryable, Transaction } from '../store/database.ts';
import type { Dictionaries } from '../store/dictionaries.ts';
import { failpoint } from '../store/failpoint.ts';
import {
  changeSetsUnderAllNames,
  entriesAfter,
  readChangeSet,
  readVersions,
  type ChangeSet,
} from './change-log.ts';
import type { ApplyRequest, ChangeRequest, Changes, ModelJudge, RevertTo, TrialModel } from './changes.ts';
import { afterValues } from './data/after-values.ts';
import { commitChange, StaleState } from './commit-change.ts';
import { compareVersions } from './compare-versions.ts';
import { compose } from './compose.ts';
import { withStoredValues } from './dictionary-change.ts';
import { readValues, type StoredValue } from './dictionary-rows.ts';
import { DictionaryStore } from './dictionary-store.ts';
import { typedValue, type TypedValue } from './extend-dictionary.ts';
import type { OnlineStepKind } from './online-steps/online-step.ts';
import { StepRunner } from './online-steps/step-runner.ts';
import { readSteps, retryStep } from './online-steps/step-store.ts';
import { checkFaults, checkRisks, planAnswer } from './plan-answer.ts';
import { dropPlan, isPackagePlan, readPlan, storePlan, type StoredPlan } from './plan-store.ts';
import { pluginAnswers, switchOperation } from './plugin-answers.ts';
import { checkSwitch, pluginStates, pluginVersions, type FileLayers } from './plugin-layers.ts';
import { prepareChange, type Prepared, type Snapshot, type Target } from './prepare-change.ts';
import { provenanceOf } from './provenance-of.ts';
import { revertTarget, selectedTarget } from './revert-target.ts';
import { stateFaults } from './state-values.ts';
import { checkTrialChanges } from './trial-changes.ts';
import { readState } from './stored-state.ts';
import type { MetadataPackage } from './transport/metadata-package.ts';
import { commonState, rememberState } from './transport/package-log.ts';
import { type PackageTouches, type PackageWish, packageTarget } from './transport/package-target.ts';
import { type PackageContent, sitePackage } from './transport/site-package.ts';
import { packageDifferences } from './transport/package-differences.ts';
import type { Difference } from './transport/three-way.ts';
import { decideConflict, openConflicts } from './upgrade/conflict-store.ts';
import { withoutOverlayEntry } from './upgrade/without-overlay-entry.ts';
import { inverse } from './rename-entity/entity-mentions.ts';
import { namesBefore } from './rename-entity/logged-renames.ts';
import { documentRead, renamingTarget } from './rename-entity/renaming-target.ts';
import { baseOf } from './wished-target.ts';

const swapped = failpoint('change.swapped');
const ATTEMPTS = 4;
/** How long a change comes back to a table that is in use, and how long it leaves it to others in between. */
const PATIENCE_MS = 5_000;
const PAUSE_MS = 250;
const isBusy = (error: unknown): boolean => error instanceof Problem && error.code === 'MRT_PLAN_BUSY';

/** What comes with a change beside its target. */
interface Extra {
  /** Said before all other operations. */
  readonly headline?: PlanOperation;
  readonly judge?: ModelJudge | undefined;
  /** Done in the same transaction. */
  readonly also?: (tx: Transaction) => Promise<unknown>;
}

/** «↩ 7», as the log shows it. */
function revertNote({ version, changeSet, select, note }: RevertTo): string {
  const why = note ? ` — ${note}` : '';
  if (changeSet === undefined) return `↩ ${version}${why}`;
  const parts = select.map(({ kind, name, path }) => `${kind}/${name}${path ? `#${path}` : ''}`);
  return `↩ ${version}:${parts.length > 0 ? ` ${parts.join(', ')}` : ''}${why}`;
}

/** The changes of one running node: its snapshot of the model, swapped after every change. */
export class LiveChanges implements Changes {
  readonly #db: Database;
  readonly #layers: FileLayers;
  readonly #kinds: readonly OnlineStepKind[];
  readonly #fileHash: string;
  readonly #steps: StepRunner;
  readonly #store = new DictionaryStore();
  readonly #swapListeners = new Set<(next: Model, previous: Model) => void>();
  readonly #dictionaryListeners = new Set<(dictionary: string) => void>();
  readonly #report: (error: unknown) => void;
  #snapshot: Snapshot;
  #values: readonly StoredValue[];
  #queue: Promise<unknown> = Promise.resolve();
  #stopped = false;
  #behind = false;

  constructor(
    db: Database,
    layers: FileLayers,
    kinds: readonly OnlineStepKind[],
    hash: string,
    snapshot: Snapshot,
    values: readonly StoredValue[],
    report: (error: unknown) => void,
  ) {
    this.#db = db;
    this.#layers = layers;
    this.#kinds = kinds;
    this.#fileHash = hash;
    this.#snapshot = snapshot;
    this.#values = values;
    this.#report = report;
    this.#store.load(values, snapshot.model);
    this.#steps = new StepRunner({ db, kinds, model: () => this.current(), report });
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

  async plan(actor: Actor, request: ChangeRequest, judge?: ModelJudge): Promise<PlanAnswer> {
    const { changes, note, data = [] } = request;
    const current = this.#snapshot;
    const prepared = await this.#prepare(current, this.#wishedTarget(current, changes, data));
    if (prepared.next) judge?.(prepared.next.composed.model, prepared.before);
    const { version } = current;
    const plan = { version, note, changes: this.#withBase(changes), data, revert: null };
    return planAnswer(prepared, await storePlan(this.#db, actor, plan));
  }

  #wishedTarget(
    current: Snapshot,
    changes: readonly DocumentChange[],
    data: readonly DataChange[] | undefined,
  ): Target {
    return renamingTarget(this.#layers, current, this.#store, changes, data);
  }

  trial(changes: readonly DocumentChange[]): TrialModel {
    const { version, laid, plugins, model } = this.#snapshot;
    if (changes.length === 0) return { model, dictionaries: this.#store };
    checkTrialChanges(model, changes);
    const target = this.#wishedTarget(this.#snapshot, changes, undefined);
    const composed = compose(this.#layers, target.overlays, plugins, version, laid.allocation);
    if (Object.keys(composed.allocation).some((key) => laid.allocation[key] === undefined))
      throw problem('MRT_TRIAL_TABLES');
    const dictionaries = afterValues(this.#store, target.values);
    const faults = stateFaults(composed.model, dictionaries);
    if (faults.length > 0) throw problem('MRT_DOCUMENT_INVALID', { count: faults.length }, faults);
    return { model: composed.model, dictionaries };
  }

  /** The plan is applied only to what it was made for. */
  #withBase(changes: readonly DocumentChange[]): DocumentChange[] {
    const read = documentRead(this.#snapshot, changes);
    return changes.map((change) => {
      const existing = read(change);
      return { ...change, base: change.base ?? (existing ? baseOf(existing, this.#store) : '') };
    });
  }

  async apply(actor: Actor, request: ApplyRequest, judge?: ModelJudge): Promise<ApplyAnswer> {
    if (!('token' in request)) {
      return await this.#change(
        actor,
        request.note,
        (current) => this.#wishedTarget(current, request.changes, request.data),
        (prepared) => checkRisks(prepared, request.accept ?? []),
        { judge },
      );
    }
    const plan = await this.planned(request.token);
    const answer = await this.#applyPlan(actor, plan, judge);
    await dropPlan(this.#db, request.token);
    return answer;
  }

  async planned(token: string): Promise<StoredPlan> {
    const plan = await readPlan(this.#db, token);
    if (!plan) throw problem('MRT_PLAN_STALE');
    return plan;
  }

  async #applyPlan(actor: Actor, plan: StoredPlan, judge: ModelJudge | undefined): Promise<ApplyAnswer> {
    const { note, version, changes, data, revert } = plan;
    const unchanged = (current: Snapshot): void => {
      if (current.version !== version) throw problem('MRT_PLAN_STALE');
    };
    if (!isPackagePlan(changes)) {
      const wished = async (current: Snapshot): Promise<Target> => {
        unchanged(current);
        return revert
          ? await this.#revertTarget(current, revert)
          : this.#wishedTarget(current, changes, data);
      };
      return await this.#change(actor, note, wished, () => {}, { judge });
    }
    const sent = changes.package;
    const remember = (db: Queryable): Promise<unknown> => rememberState(db, sent, sent.lineage);
    const aim = async (current: Snapshot): Promise<Target> => {
      unchanged(current);
      const { target, conflicts } = await this.#packageTarget(current, changes);
      // A value of a dictionary may have changed since the preview without a new version.
      if (conflicts.length > 0) throw problem('MRT_PLAN_STALE');
      return target;
    };
    const answer = await this.#change(actor, note, aim, () => {}, { also: remember, judge });
    // Where nothing differed there was no transaction to remember it in.
    await remember(this.#db);
    return answer;
  }

  async exportPackage(): Promise<MetadataPackage> {
    const content = this.#sitePackage();
    const lineage = await this.#db.transaction((tx) => rememberState(tx, content));
    return { format: content.format, lineage, plugins: content.plugins, documents: content.documents };
  }

  comparePackage(sent: MetadataPackage): readonly Difference[] {
    return packageDifferences(this.#sitePackage(), sent);
  }

  async planPackage(actor: Actor, wish: PackageWish, note: string): Promise<PackagePlanAnswer> {
    const current = this.#snapshot;
    const { target, conflicts } = await this.#packageTarget(current, wish);
    if (conflicts.length > 0) return { conflicts, plan: null };
    const prepared = await this.#prepare(current, target);
    const token = await storePlan(this.#db, actor, {
      version: current.version,
      note,
      changes: wish,
      data: [],
      revert: null,
    });
    return { conflicts, plan: planAnswer(prepared, token) };
  }

  async packageTouches(wish: PackageWish): Promise<PackageTouches> {
    return (await this.#packageTarget(this.#snapshot, wish)).touches;
  }

  #sitePackage(): PackageContent {
    return sitePackage(this.#snapshot, this.#layers, this.#store);
  }

  async #packageTarget(current: Snapshot, wish: PackageWish): Promise<ReturnType<typeof packageTarget>> {
    const common = await commonState(this.#db, wish.package.lineage);
    return packageTarget(current, this.#layers, this.#store, wish, common);
  }

  async addValue(
    actor: Actor,
    dictionary: string,
    typed: TypedValue,
  ): Promise<{ readonly code: string; readonly isNew: boolean }> {
    const wanted = (current: Snapshot): ReturnType<typeof typedValue> => {
      const document = current.model.dictionaries.get(dictionary);
      if (!document) throw problem('MRT_DOCUMENT_UNKNOWN', { kind: 'dictionary', name: dictionary });
      return typedValue(document, this.#store, typed);
    };
    let found = wanted(this.#snapshot);
    // Who asks for a value that is there need not wait for a change.
    if (!found.isNew) return { code: found.value.code, isNew: false };
    await this.#change(actor, '', (current) => {
      found = wanted(current);
      const { overlays, plugins } = current;
      const { code } = found.value;
      const values = found.isNew ? [{ dictionary, code, before: null, after: found.value }] : [];
      return { overlays, plugins, values, data: [], undo: [] };
    });
    return { code: found.value.code, isNew: found.isNew };
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

  async revert(
    actor: Actor,
    to: number | RevertTo,
    accept?: readonly Risk[],
    judge?: ModelJudge,
  ): Promise<ApplyAnswer> {
    const request = typeof to === 'number' ? { version: to, select: [] } : to;
    return await this.#change(
      actor,
      revertNote(request),
      (current) => this.#revertTarget(current, request),
      // Asked for without a preview, going back is itself the consent, except to lose data.
      (prepared) => checkRisks(prepared, accept ?? ['rewrites', 'hides-data']),
      { judge },
    );
  }

  async planRevert(actor: Actor, request: RevertTo): Promise<PlanAnswer> {
    const current = this.#snapshot;
    const prepared = await this.#prepare(current, await this.#revertTarget(current, request));
    const { version } = current;
    const plan = { version, note: revertNote(request), changes: [], data: [], revert: request };
    return planAnswer(prepared, await storePlan(this.#db, actor, plan));
  }

  async #revertTarget(current: Snapshot, request: RevertTo): Promise<Target> {
    if (request.changeSet === undefined)
      return revertTarget(this.#layers, current, this.#store, await entriesAfter(this.#db, request.version));
    const { changes, version } = await readChangeSet(this.#db, request.changeSet);
    const since = inverse(namesBefore(await entriesAfter(this.#db, version)));
    const entries = [...changes].reverse();
    return selectedTarget(this.#layers, current, this.#store, entries, since, request.select);
  }

  async changeSet(id: string): Promise<ChangeSet> {
    return await readChangeSet(this.#db, id);
  }

  async compare(from: number, to: number): Promise<CompareAnswer> {
    return await compareVersions(this.#db, this.#layers, this.#snapshot, from, to);
  }

  async provenance(kind: DocumentKind, name: string, path: string): Promise<ProvenanceAnswer> {
    this.document(kind, name);
    const { provenance } = this.#snapshot.model.documents.get(documentKey(kind, name))!;
    const sets = await changeSetsUnderAllNames(this.#db, kind, name);
    return provenanceOf(provenance, sets, { kind, name, path });
  }

  async steps(): Promise<StepsAnswer> {
    return await readSteps(this.#db);
  }

  async retryStep(id: string): Promise<void> {
    await retryStep(this.#db, id);
    this.#steps.wake();
  }

  resumeSteps(): void {
    this.#steps.resume();
  }

  async settled(): Promise<void> {
    await this.#steps.settled();
  }

  async conflicts(): Promise<readonly LayerConflict[]> {
    return await openConflicts(this.#db);
  }

  async decideConflict(
    actor: Actor,
    id: string,
    side: 'site' | 'shipped',
    judge?: ModelJudge,
  ): Promise<void> {
    const [conflict] = await openConflicts(this.#db, id);
    if (!conflict) throw problem('MRT_DOCUMENT_UNKNOWN', { kind: 'conflict', name: id });
    const decide = (db: Queryable): Promise<void> => decideConflict(db, id, side, actor.id);
    const { reason, kind, name, path } = conflict;
    if (side === 'shipped' && reason === 'changed') {
      const aim = (current: Snapshot): Target => withoutOverlayEntry(current, documentKey(kind, name), path);
      await this.#change(actor, `${kind}/${name}#${path}`, aim, () => {}, { also: decide, judge });
    }
    // Where nothing had to change there was no transaction to note it in.
    await decide(this.#db);
  }

  plugins(): PluginsAnswer['items'] {
    return pluginAnswers(this.#layers.plugins, this.#snapshot.model.plugins);
  }

  async setPlugin(actor: Actor, name: string, enabled: boolean, judge?: ModelJudge): Promise<ApplyAnswer> {
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
            data: [],
            undo: [],
          };
        },
        () => {},
        { headline: operation, judge },
      );
    } catch (error) {
      if (!(error instanceof Problem) || error.code !== 'MRT_DOCUMENT_INVALID') throw error;
      // Its roles hold powers that the actor lacks: nothing depends on it, he may not.
      if (error.faults.some(({ code }) => code === 'MRT_VALUE_ROLE_HIGHER')) throw error;
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

  readOnly(): boolean {
    return this.#behind;
  }

  async refresh(): Promise<void> {
    await this.#serially(() => this.#catchUp());
  }

  async stop(): Promise<void> {
    this.#stopped = true;
    await Promise.all([this.#queue, this.#steps.stop()]);
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
      this.#behind = true;
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
    return await prepareChange(
      { db: this.#db, layers: this.#layers, kinds: this.#kinds, dictionaries: this.#store },
      current,
      target,
    );
  }

  async #change(
    actor: Actor,
    note: string,
    aim: (current: Snapshot) => Target | Promise<Target>,
    check: (prepared: Prepared) => void = () => {},
    extra: Extra = {},
  ): Promise<ApplyAnswer> {
    return await this.#serially(async () => {
      const began = Date.now();
      for (let attempt = 1; ; attempt += 1) {
        const current = this.#snapshot;
        const prepared = await this.#prepare(current, await aim(current));
        if (prepared.next) extra.judge?.(prepared.next.composed.model, prepared.before);
        check(prepared);
        checkFaults(prepared);
        const { next, target, works } = prepared;
        if (!next && target.values.length === 0 && works.length === 0) return { version: current.version };
        try {
          return await this.#commit(actor, note, current, prepared, extra);
        } catch (error) {
          if (isBusy(error) && Date.now() - began < PATIENCE_MS && !this.#stopped) {
            await setTimeout(PAUSE_MS);
            attempt -= 1;
            continue;
          }
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
    { headline, also }: Extra,
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
      renames: target.renamed?.renames,
      values: target.values,
      seed: target.plugins !== current.plugins,
      author: { id: actor.id, name: actor.displayName },
      note,
      works: prepared.works,
      recheck: prepared.recheck,
      operations: headline ? [headline, ...prepared.operations] : prepared.operations,
      ...(also ? { also } : {}),
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
    this.#behind = false;
    this.#values = values;
    const changed = this.#store.load(values, next.model);
    if (next.model !== previous) for (const listener of this.#swapListeners) listener(next.model, previous);
    for (const name of changed) for (const listener of this.#dictionaryListeners) listener(name);
    this.#steps.wake();
  }
}
