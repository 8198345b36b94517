import { isUuid } from '../fields/uuid.ts';
import type { Queryable, Row } from '../store/database.ts';
import type { LocaleText } from '../text/locale.ts';
import type { ActionTaken } from './run-log.ts';

/** A run as the log shows it. */
export interface RunEntry {
  readonly id: string;
  readonly rule: string;
  readonly label: LocaleText;
  readonly trigger: string;
  readonly entity: string | null;
  readonly record: string | null;
  readonly state: string;
  readonly at: string;
  readonly by: string | null;
  readonly actions: readonly ActionTaken[];
  readonly error: LocaleText | null;
  readonly retriedBy: string | null;
  readonly deliveries: readonly DeliveryEntry[];
}

/** What a run has sent, or will send. */
export interface DeliveryEntry {
  readonly id: string;
  readonly action: string;
  readonly kind: string;
  readonly target: string;
  readonly state: string;
  readonly attempts: number;
  readonly dueAt: string;
  readonly status: number | null;
  readonly error: LocaleText | null;
}

export interface RunFilter {
  readonly rule?: string;
  /** Of the run; `undelivered`: something it sends has failed. */
  readonly state?: string;
  readonly entity?: string;
  readonly record?: string;
  /** Id of the last run of the page before. */
  readonly before?: string;
  readonly limit?: number;
}

const DELIVERIES = `(select coalesce(json_agg(json_build_object('id', o.id, 'action', o.action, 'kind', o.kind,
    'target', coalesce(o.payload ->> 'url', (o.payload ->> 'plugin') || '.' || (o.payload ->> 'call')),
    'state', o.state, 'attempts', o.attempts, 'dueAt', o.due_at, 'status', o.status, 'error', o.error) order by o.id), '[]'::json)
  from mortise.outbox o where o.run = r.id)`;
const COLUMNS = `r.id, r.rule, r.label, r.trigger, r.entity, r.record_id as record, r.state, r.at, r."by", r.actions, r.error,
  r.retried_by as "retriedBy", ${DELIVERIES} as deliveries`;

/** The runs that fit the filter, the newest first. */
export async function listRuns(db: Queryable, filter: RunFilter): Promise<readonly RunEntry[]> {
  const values: unknown[] = [];
  const bind = (value: unknown): string => `$${values.push(value)}`;
  const where: string[] = [];
  if (filter.rule !== undefined) where.push(`r.rule = ${bind(filter.rule)}`);
  if (filter.state === 'undelivered')
    where.push(`exists (select from mortise.outbox o where o.run = r.id and o.state = 'failed')`);
  else if (filter.state !== undefined) where.push(`r.state = ${bind(filter.state)}`);
  if (filter.entity !== undefined) where.push(`r.entity = ${bind(filter.entity)}`);
  if (filter.record !== undefined && isUuid(filter.record))
    where.push(`r.record_id = ${bind(filter.record)}::uuid`);
  if (filter.before !== undefined && isUuid(filter.before)) {
    const id = `${bind(filter.before)}::uuid`;
    where.push(`(r.at, r.id) < (select b.at, b.id from mortise.rule_run b where b.id = ${id})`);
  }
  const condition = where.length > 0 ? `where ${where.join(' and ')}` : '';
  return await db.query<RunEntry & Row>({
    text: `select ${COLUMNS} from mortise.rule_run r ${condition} order by r.at desc, r.id desc limit ${bind(filter.limit ?? 50)}::integer`,
    values,
  });
}

/** One run; undefined when there is none of this id. */
export async function readRun(db: Queryable, id: string): Promise<RunEntry | undefined> {
  if (!isUuid(id)) return undefined;
  const [row] = await db.query<RunEntry & Row>({
    text: `select ${COLUMNS} from mortise.rule_run r where r.id = $1::uuid`,
    values: [id],
  });
  return row;
}

/** How a rule has done lately. */
export interface RuleFigures {
  readonly lastRun: string | null;
  /** Of the last seven days. */
  readonly runs: number;
  readonly failed: number;
  /** In the outbox now. */
  readonly waiting: number;
  readonly undelivered: number;
}

interface FiguresRow extends RuleFigures, Row {
  readonly rule: string;
}

/** Figures of all rules that have run in the last seven days or have something in the outbox. */
export async function ruleFigures(db: Queryable, now: Date): Promise<ReadonlyMap<string, RuleFigures>> {
  const rows = await db.query<FiguresRow>({
    text: `with r as (
        select rule, max(at) as last, count(*)::integer as runs, (count(*) filter (where state = 'failed' and retried_by is null))::integer as failed
        from mortise.rule_run where at > $1::timestamptz group by rule),
      o as (
        select rule, (count(*) filter (where state in ('waiting', 'sending')))::integer as waiting,
          (count(*) filter (where state = 'failed'))::integer as undelivered
        from mortise.outbox where state in ('waiting', 'sending', 'failed') group by rule)
      select coalesce(r.rule, o.rule) as rule, r.last as "lastRun", coalesce(r.runs, 0) as runs,
        coalesce(r.failed, 0) as failed, coalesce(o.waiting, 0) as waiting, coalesce(o.undelivered, 0) as undelivered
      from r full join o on o.rule = r.rule`,
    values: [new Date(now.getTime() - 7 * 86_400_000).toISOString()],
  });
  return new Map(rows.map(({ rule, ...figures }) => [rule, figures]));
}
