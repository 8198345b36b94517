import { scopeHolds } from '../access/scope-set.ts';
import type { Context } from '../context/context.ts';
import { Problem } from '../errors/problem.ts';
import { isUuid } from '../fields/uuid.ts';
import type { EntityModel, FieldModel } from '../model/model.ts';
import { loadRecord } from '../records/load-record.ts';
import { displayScopeOf } from '../records/display-scope.ts';
import type { Records } from '../records/records.ts';
import { targetEntity, typeOfField } from '../records/type-of-field.ts';
import type { Row, Transaction } from '../store/database.ts';
import type { Dictionaries } from '../store/dictionaries.ts';
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
  readonly rule: string;
  readonly record_id: string | null;
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

/** Rows that this transaction has written since they were last collected. */
export interface Written {
  readonly history: readonly HistoryRow[];
  readonly told: readonly ToldRow[];
  readonly runs: readonly RunRow[];
  readonly sent: readonly SentRow[];
  readonly timers: readonly TimerRow[];
}

/** What one trial has written so far, and tells step by step what came to it. */
export class TrialJournal {
  readonly #seen = new Set<string>();
  readonly #written = new Set<string>();
  readonly #first: string;
  readonly #tx: Transaction;
  readonly #asker: Context;
  readonly #records: Records;
  readonly #dictionaries: Dictionaries;
  readonly #record: { readonly entity: string; readonly id: string };

  /** @param first an id made in this transaction before anything was written */
  constructor(
    tx: Transaction,
    asker: Context,
    records: Records,
    dictionaries: Dictionaries,
    record: { readonly entity: string; readonly id: string },
    first: string,
  ) {
    this.#dictionaries = dictionaries;
    this.#first = first;
    this.#tx = tx;
    this.#asker = asker;
    this.#records = records;
    this.#record = record;
  }

  /** What was written, as far as the asker may read it. */
  async effects({ history, told, runs, sent, timers }: Written): Promise<TrialEffects> {
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

  /** @param now the moment of the trial's contexts, by which rules and deadlines are written */
  async collect(now: Date): Promise<Written> {
    const { entity, id } = this.#record;
    const at = now.toISOString();
    const ask = async <R extends Row & { readonly id: string }>(
      text: string,
      values: readonly unknown[],
    ): Promise<R[]> => {
      const rows = await this.#tx.query<R>({ text, values });
      const fresh = rows.filter((row) => !this.#seen.has(row.id));
      for (const row of fresh) this.#seen.add(row.id);
      return fresh;
    };
    // Ids grow with time: all of this transaction lie above the first one, found by the key. The moment at which the
    // transaction began tells its rows from others of the meantime.
    const history = await ask<HistoryRow>(
      `select id, entity, record_id, action, changes from mortise.history
        where id >= $1::uuid and at = now() order by id`,
      [this.#first],
    );
    for (const row of history) this.#written.add(row.record_id);
    // Rules and what they send bear the moment of the request, which others may share: by the records written here.
    const runs = await ask<RunRow>(
      `select id, rule, label, state, error, record_id from mortise.rule_run
        where record_id = any($1::uuid[]) and at = $2::timestamptz and id >= $3::uuid order by id`,
      [[...this.#written], at, this.#first],
    );
    return {
      history,
      runs,
      told: await ask<ToldRow>(
        'select id, "user", text from mortise.notification where id >= $1::uuid and at = now() order by id',
        [this.#first],
      ),
      sent: await ask<SentRow>(
        'select id, kind, payload from mortise.outbox where run = any($1::uuid[]) order by id',
        [runs.map((run) => run.id)],
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

  /** A reference by what its record is called, anything else as lists and prints show it. */
  async #shown(field: FieldModel, value: unknown): Promise<string | null> {
    if (value === null) return null;
    const target = targetEntity(field);
    const ids = (Array.isArray(value) ? value : [value]).filter((id) => typeof id === 'string' && isUuid(id));
    if (target !== null && ids.length > 0) {
      const names = [];
      for (const id of ids) names.push((await this.#display(target, String(id))) ?? '—');
      return names.join(this.#asker.locale === 'en' ? ', ' : '、');
    }
    const { type, def } = typeOfField(field);
    return type.format(value, def, displayScopeOf(this.#asker, this.#dictionaries));
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
