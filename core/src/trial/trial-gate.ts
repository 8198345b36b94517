import { lookedAt, readableIn, rulePaths } from '../automation/dry-run-gate.ts';
import type { Context } from '../context/context.ts';
import { problem } from '../errors/catalogue.ts';
import { isUuid } from '../fields/uuid.ts';
import type { EntityModel, Model } from '../model/model.ts';
import { loadRecord } from '../records/load-record.ts';
import type { RecordData } from '../records/records.ts';
import { targetEntity } from '../records/type-of-field.ts';
import { pastMachine } from '../records/workflow/ruling.ts';
import { readLog } from '../records/workflow/workflow-log.ts';
import type { Transaction } from '../store/database.ts';
import { localise } from '../text/locale.ts';
import { rulesOf } from '../workflow/automation.ts';
import { machinesOf } from '../workflow/machines-of.ts';
import type { Written } from './trial-journal.ts';

/** Reference field → records that it leads to. */
type Led = ReadonlyMap<string, readonly string[]>;

/** Who asks, in which transaction, about which workflow of which model. */
interface TrialQuestion {
  readonly tx: Transaction;
  readonly asker: Context;
  /** With the documents that are tried. */
  readonly model: Model;
  readonly workflow: string;
  readonly record: { readonly entity: string; readonly id: string };
}

/**
 * A tried definition may copy any field into one that its asker reads, and each guard answers yes or no. So all that
 * the workflow, and the rules that fire, look at must be readable for the asker, in the clear, in that very record
 * and behind its references: what a step hands in may lead elsewhere, so it is looked at before the step, and what
 * was written after it.
 */
export class TrialGate {
  readonly #on: TrialQuestion;
  #paths: ReadonlySet<string> = new Set();

  constructor(on: TrialQuestion) {
    this.#on = on;
  }

  /** Of the record as it enters the trial. @throws MRT_TRIAL_HIDDEN */
  async open(): Promise<void> {
    const { tx, asker, model, workflow, record } = this.#on;
    const paths = new Set(this.#workflowPaths(record.entity));
    const { rounds } = await readLog(
      tx,
      model,
      record.entity,
      record.id,
      machinesOf(model, model.entities.get(record.entity)!).map(({ hash }) => hash),
    );
    const round = rounds.get(workflow);
    if (round?.document)
      for (const read of pastMachine(model, model.entities.get(record.entity)!, round).reads) paths.add(read);
    this.#paths = paths;
    const entity = asker.model.entities.get(record.entity);
    if (entity) await this.#check(entity, record.id, paths);
  }

  /** Of the records that a step's form leads to. @throws MRT_TRIAL_HIDDEN */
  async before(input: RecordData | undefined): Promise<void> {
    const { asker, record } = this.#on;
    const entity = asker.model.entities.get(record.entity);
    if (!entity || !input) return;
    const led = new Map(Object.entries(input).map(([name, id]) => [name, idsIn(id)]));
    await this.#checkBehind(entity, this.#paths, led);
  }

  /** Of what was written, and of the rules that fired. @throws MRT_TRIAL_HIDDEN */
  async after({ history, runs }: Written): Promise<void> {
    const { asker, model, record } = this.#on;
    for (const row of history) {
      const entity = asker.model.entities.get(row.entity);
      if (!entity) continue;
      const isOwn = row.entity === record.entity && row.record_id === record.id;
      const led = new Map(
        Object.entries(row.changes).map(([name, change]) => [
          name,
          [...idsIn(change.new), ...idsIn(change.old)],
        ]),
      );
      if (isOwn) await this.#checkBehind(entity, this.#paths, led);
      else await this.#check(entity, row.record_id, this.#workflowPaths(row.entity), led);
    }
    for (const run of runs) {
      const rule = rulesOf(model).byName.get(run.rule);
      const entity = rule?.entity && asker.model.entities.get(rule.entity.name);
      if (rule && entity && run.record_id !== null)
        await this.#check(entity, run.record_id, rulePaths(asker, entity, rule));
    }
  }

  #workflowPaths(name: string): readonly string[] {
    const { model, workflow } = this.#on;
    const entity = model.entities.get(name);
    if (!entity) return [];
    return machinesOf(model, entity)
      .filter(({ document }) => document.name === workflow)
      .flatMap(({ reads }) => [...reads]);
  }

  async #check(
    entity: EntityModel,
    id: string,
    paths: Iterable<string>,
    also: Led = new Map(),
  ): Promise<void> {
    const { tx, asker } = this.#on;
    const { own, related } = lookedAt(entity, paths);
    if (own.size === 0) return;
    if (!(await readableIn(tx, asker, entity, [id], own)).has(id)) throw this.#hidden(entity, own);
    if (related.size === 0) return;
    const loaded = await loadRecord(tx, asker, entity, id);
    const led = new Map(
      [...related.keys()].map((name) => [name, [...idsIn(loaded?.values[name]), ...(also.get(name) ?? [])]]),
    );
    await this.#checkBehind(entity, paths, led);
  }

  async #checkBehind(entity: EntityModel, paths: Iterable<string>, led: Led): Promise<void> {
    const { tx, asker } = this.#on;
    for (const [reference, fields] of lookedAt(entity, paths).related) {
      const target = asker.model.entities.get(targetEntity(entity.fields.get(reference)!) ?? '');
      const ids = [...new Set(led.get(reference))];
      if (!target || ids.length === 0) continue;
      const known = await readableIn(tx, asker, target, ids, fields);
      if (!ids.every((id) => known.has(id))) throw this.#hidden(target, fields);
    }
  }

  #hidden({ label, fields }: EntityModel, names: ReadonlySet<string>): Error {
    const { locale } = this.#on.asker;
    const named = [...names].map((name) => localise(fields.get(name)?.label ?? label, locale));
    return problem('MRT_TRIAL_HIDDEN', {
      entity: localise(label, locale),
      fields: named.join(locale === 'en' ? ', ' : '、'),
    });
  }
}

const idsIn = (value: unknown): readonly string[] =>
  (Array.isArray(value) ? value : [value]).flatMap((id) =>
    typeof id === 'string' && isUuid(id) ? [id.toLowerCase()] : [],
  );
