import { problem } from '../../errors/catalogue.ts';
import type { StepsAnswer } from '../../http/contract.ts';
import type { Queryable } from '../../store/database.ts';
import type { LocaleText } from '../../text/locale.ts';
import type { OnlineStep, StepProgress } from './online-step.ts';

const MOST_SHOWN = 200;

/** The oldest step that one of `kinds` can do on a model of `version`, other than those `skipped`; undefined when none is left. */
export async function nextStep(
  db: Queryable,
  kinds: readonly string[],
  version: number,
  skipped: readonly string[],
): Promise<OnlineStep | undefined> {
  const [step] = await db.query<OnlineStep & Record<string, unknown>>({
    text: `select id, kind, subject, label, payload, version, cursor, done::float8 as done, total::float8 as total
      from mortise.online_step
      where state in ('waiting', 'running') and kind = any($1::text[]) and version <= $2 and id <> all($3::uuid[])
      order by number limit 1`,
    values: [kinds, version, skipped],
  });
  return step;
}

/** Marks a step as begun. Answers false when it is no longer wanted. */
export async function beginStep(db: Queryable, id: string): Promise<boolean> {
  const rows = await db.query({
    text: `update mortise.online_step set state = 'running', attempts = attempts + 1, updated_at = now()
      where id = $1 and state in ('waiting', 'running') returning id`,
    values: [id],
  });
  return rows.length > 0;
}

/** Keeps how far a step has come. Answers false when it is no longer wanted. */
export async function storeProgress(db: Queryable, id: string, progress: StepProgress): Promise<boolean> {
  const rows = await db.query({
    text: `update mortise.online_step set state = $2, cursor = $3, done = $4, total = $5, error = null, updated_at = now(),
        attempts = 1 where id = $1 and state = 'running' returning id`,
    values: [
      id,
      progress.finished ? 'done' : 'running',
      JSON.stringify(progress.cursor),
      progress.done,
      progress.total,
    ],
  });
  return rows.length > 0;
}

/** Keeps why a piece went wrong; with `final` the step waits for an administrator. Answers the attempts so far. */
export async function storeFailure(
  db: Queryable,
  id: string,
  error: LocaleText,
  final: boolean,
): Promise<number> {
  const [row] = await db.query<{ attempts: number }>({
    text: `update mortise.online_step set state = $2, error = $3, updated_at = now()
      where id = $1 and state in ('waiting', 'running') returning attempts`,
    values: [id, final ? 'failed' : 'waiting', JSON.stringify(error)],
  });
  return row?.attempts ?? 0;
}

/** The steps as the administrator's screen shows them, the newest first. */
export async function readSteps(db: Queryable): Promise<StepsAnswer> {
  const items = await db.query<StepsAnswer['items'][number] & Record<string, unknown>>({
    // The server itself knows how far the building of an index has come.
    text: `select id, kind, subject, label as text, version, state, error, created_at as at, updated_at,
        coalesce(p.blocks_done, done)::float8 as done, coalesce(p.blocks_total, total)::float8 as total
      from mortise.online_step s left join pg_stat_progress_create_index p
        on s.state = 'running' and s.kind = 'index' and p.datname = current_database()
          and p.index_relid = to_regclass(quote_ident(s.subject))
      where state <> 'cancelled' order by number desc limit ${MOST_SHOWN}`,
  });
  return { items };
}

/** Lets a failed step be tried once more. @throws MRT_DOCUMENT_UNKNOWN when there is no failed step of this id */
export async function retryStep(db: Queryable, id: string): Promise<void> {
  const rows = await db.query({
    text: `update mortise.online_step set state = 'waiting', attempts = 0, error = null, updated_at = now()
      where id::text = $1 and state = 'failed' returning id`,
    values: [id],
  });
  if (rows.length === 0) throw problem('MRT_DOCUMENT_UNKNOWN', { kind: 'step', name: id });
}
