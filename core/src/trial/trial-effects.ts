import { scopeHolds } from '../access/scope-set.ts';
import type { Context } from '../context/context.ts';
import { Problem } from '../errors/problem.ts';
import { isUuid } from '../fields/uuid.ts';
import type { EntityModel, FieldModel } from '../model/model.ts';
import { loadRecord } from '../records/load-record.ts';
import type { Records } from '../records/records.ts';
import { targetEntity } from '../records/type-of-field.ts';
import type { Row, Transaction } from '../store/database.ts';
import type { LocaleText } from '../text/locale.ts';
import type { TrialChanges, TrialEffects } from './trial.ts';

interface HistoryRow extends Row {
  readonly id: string;
  readonly entity: string;
  readonly record_id: string;
  readonly action: string;
  readonly changes: Readonly<Record<string, { readonly old?: unknown; readonly new?: unknown }>>;
}
interface ToldRow extends Row {
  readonly id: string;
  readonly user: string;
  readonly text: LocaleText;
}
interface RunRow extends Row {
  readonly id: string;
  readonly label: LocaleText;
  readonly state: string;
  readonly error: LocaleText | null;
}
interface SentRow extends Row {
  readonly id: string;
  readonly kind: string;
  readonly payload: Readonly<Record<string, unknown>>;
}
interface TimerRow extends Row {
  readonly id: string;
  readonly due_at: string;
  readonly document: { readonly label: LocaleText };
}

/** The rows that steps of this transaction have written: they bear the moment at which it began. */
interface Written {
  readonly history: readonly HistoryRow[];
  readonly told: readonly ToldRow[];
  readonly runs: readonly RunRow[];
  readonly sent: readonly SentRow[];
  readonly timers: readonly TimerRow[];
}

/** What one trial has written so far, and tells step by step what came to it. */
export class TrialJournal {
  readonly #seen = new Set<string>();
  readonly #tx: Transaction;
  readonly #asker: Context;
  readonly #records: Records;
  readonly #record: { readonly entity: string; readonly id: string };

  constructor(
    tx: Transaction,
    asker: Context,
    records: Records,
    record: { readonly entity: string; readonly id: string },
  ) {
    this.#tx = tx;
    this.#asker = asker;
    this.#records = records;
    this.#record = record;
  }

  /** What was written before the first step is no effect of one. */
  async skip(now: Date): Promise<void> {
    await this.#fresh(now);
  }

  /** What came since the last call, as far as the asker may read it. @param now the moment of the trial's contexts */
  async effects(now: Date): Promise<TrialEffects> {
    const { history, told, runs, sent, timers } = await this.#fresh(now);
    const records = [];
    for (const row of history) {
      const entity = this.#asker.model.entities.get(row.entity);
      if (entity) records.push(await this.#recordView(entity, row));
    }
    const names = [];
    for (const { user, text } of told) names.push({ name: await this.#display('user', user), text });
    return {
      records,
      told: names,
      rules: runs.map(({ label, state, error }) => ({ label, state, error })),
      sent: sent.map(({ kind, payload }) => ({
        kind,
        target: String(payload['url'] ?? `${String(payload['plugin'])}.${String(payload['call'])}`),
      })),
      deadlines: timers.map(({ document, due_at: due }) => ({ label: document.label, due })),
    };
  }

  async #fresh(now: Date): Promise<Written> {
    const { entity, id } = this.#record;
    const at = now.toISOString();
    const isNew = (row: { readonly id: string }): boolean => {
      if (this.#seen.has(row.id)) return false;
      this.#seen.add(row.id);
      return true;
    };
    const ask = async <R extends Row & { readonly id: string }>(
      text: string,
      values: readonly unknown[] = [],
    ): Promise<R[]> => (await this.#tx.query<R>({ text, values })).filter(isNew);
    return {
      history: await ask<HistoryRow>(
        'select id, entity, record_id, action, changes from mortise.history where at = now() order by id',
      ),
      told: await ask<ToldRow>(
        'select id, "user", text from mortise.notification where at = now() order by id',
      ),
      runs: await ask<RunRow>(
        'select id, label, state, error from mortise.rule_run where at = $1::timestamptz order by id',
        [at],
      ),
      sent: await ask<SentRow>(
        'select id, kind, payload from mortise.outbox where created_at = $1::timestamptz order by id',
        [at],
      ),
      timers: await ask<TimerRow>(
        `select id, due_at, document from mortise.timer
          where entity = $1 and record_id = $2::uuid and created_at = $3::timestamptz order by due_at`,
        [entity, id, at],
      ),
    };
  }

  async #recordView(entity: EntityModel, row: HistoryRow): Promise<TrialEffects['records'][number]> {
    const readable = await this.#readable(entity, row.record_id);
    const changes: Record<string, TrialChanges[string]> = {};
    let hidden = 0;
    for (const [name, change] of Object.entries(row.changes)) {
      const field = entity.fields.get(name);
      if (!field || (field.system && HOUSEKEEPING.has(name))) continue;
      if (!readable(field)) hidden += 1;
      else changes[name] = { label: field.label, value: await this.#shown(field, change.new ?? null) };
    }
    return {
      entity: entity.name,
      label: entity.label,
      action: row.action,
      isOwn: entity.name === this.#record.entity && row.record_id === this.#record.id,
      changes,
      hidden,
    };
  }

  async #readable(entity: EntityModel, id: string): Promise<(field: FieldModel) => boolean> {
    const { access } = this.#asker;
    const loaded = await loadRecord(this.#tx, this.#asker, entity, id);
    if (!loaded) return () => false;
    const rights = access.compiled.entity(entity);
    return (field) =>
      scopeHolds(rights.field(field).read, loaded.values, access.parameters, loaded.up ?? undefined);
  }

  /** A reference by what its record is called. */
  async #shown(field: FieldModel, value: unknown): Promise<unknown> {
    const target = field.type === 'reference' ? targetEntity(field) : null;
    return target === null || !isUuid(value) ? value : ((await this.#display(target, value)) ?? value);
  }

  async #display(entityName: string, id: string): Promise<string | null> {
    const display = this.#asker.model.entities.get(entityName)?.display;
    if (display === undefined) return null;
    try {
      const found = await this.#records.read(this.#asker, entityName, id, { fields: [display] }, this.#tx);
      return typeof found[display] === 'string' ? found[display] : null;
    } catch (error) {
      if (error instanceof Problem && error.status < 500) return null;
      throw error;
    }
  }
}

/** Written with every change, and no news. */
const HOUSEKEEPING: ReadonlySet<string> = new Set([
  'version',
  'updated_at',
  'updated_by',
  'last_modified_on',
]);
