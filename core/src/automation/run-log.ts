import { Problem } from '../errors/problem.ts';
import { isUuid } from '../fields/uuid.ts';
import type { Queryable, Row } from '../store/database.ts';
import type { LocaleText } from '../text/locale.ts';

type RunState = 'done' | 'failed' | 'loop';

/** What one action did. */
export interface ActionTaken {
  readonly name: string;
  readonly action: string;
  /** The record written or made. */
  readonly record?: { readonly entity: string; readonly id: string };
  /** Fields that were set, or names of what is sent. */
  readonly fields?: readonly string[];
  readonly transition?: string;
  /** Entry of the outbox. */
  readonly delivery?: string;
}

/** One run on its way into the log. */
export interface NewRun {
  readonly id: string;
  readonly rule: string;
  readonly label: LocaleText;
  readonly trigger: string;
  readonly entity: string | null;
  readonly record: string | null;
  readonly state: RunState;
  readonly at: Date;
  readonly by: string;
  readonly fireKey: string | null;
  readonly actions: readonly ActionTaken[];
  readonly error: LocaleText | null;
}

const COLUMNS = 'id, rule, label, trigger, entity, record_id, state, at, "by", fire_key, actions, error';

/**
 * Notes a run; with a fire key only the first of them. @returns false when that moment has had its run
 */
export async function noteRun(db: Queryable, run: NewRun): Promise<boolean> {
  const rows = await db.query<Row>({
    text: `insert into mortise.rule_run (${COLUMNS})
      values ($1::uuid, $2, $3::json, $4, $5, $6::uuid, $7, $8::timestamptz, $9::uuid, $10, $11::json, $12::json)
      on conflict (fire_key) where fire_key is not null do nothing returning id`,
    values: [
      run.id,
      run.rule,
      JSON.stringify(run.label),
      run.trigger,
      run.entity,
      run.record,
      run.state,
      run.at.toISOString(),
      isUuid(run.by) ? run.by : null,
      run.fireKey,
      JSON.stringify(run.actions),
      run.error === null ? null : JSON.stringify(run.error),
    ],
  });
  return rows.length > 0;
}

/** Tells what a run has done, which was noted before it was done. */
export async function noteActions(db: Queryable, id: string, actions: readonly ActionTaken[]): Promise<void> {
  await db.query({
    text: 'update mortise.rule_run set actions = $2::json where id = $1::uuid',
    values: [id, JSON.stringify(actions)],
  });
}

/** Why something failed, as the log tells it: a problem with its faults, anything else by its message. */
export function reasonOf(error: unknown): LocaleText {
  if (!(error instanceof Problem)) {
    const text = error instanceof Error ? error.message : String(error);
    return { 'zh-CN': text, en: text };
  }
  const faults = error.faults.map(({ path, message }) => ({ path, message }));
  const tell = (locale: 'zh-CN' | 'en'): string =>
    [
      error.text[locale],
      ...faults.map(({ path, message }) => `${path === '' ? '' : `${path}: `}${message[locale]}`),
    ].join(' ');
  return { 'zh-CN': tell('zh-CN'), en: tell('en') };
}
