import { quoteName } from '../access/quote-name.ts';
import { RULE_RUN_DAYS } from '../automation/forget-old.ts';
import type { Context } from '../context/context.ts';
import { problem } from '../errors/catalogue.ts';
import type { EntityModel } from '../model/model.ts';
import { entityOf } from '../records/entity-of.ts';
import { QuerySource } from '../records/query-source.ts';
import { stateCondition } from '../records/row-state.ts';
import { StatementParameters } from '../records/statement-parameters.ts';
import { namedStatement } from '../records/named-statement.ts';
import { expectedSteps } from '../records/workflow/waiting-sql.ts';
import type { Queryable, Row } from '../store/database.ts';
import type { LocaleText } from '../text/locale.ts';
import type { Machine, MachineRegion } from '../workflow/machine.ts';
import { dateIn, momentOf } from '../workflow/business-time.ts';
import { machinesOf } from '../workflow/machines-of.ts';

/** By whom the figures are told apart. */
export const FIGURE_GROUPS = ['none', 'unit', 'person'] as const;
export type FigureGroup = (typeof FIGURE_GROUPS)[number];

export interface FiguresRequest {
  readonly entity: string;
  readonly workflow: string;
  /** Steps taken from this moment on, and before that one. */
  readonly from: Date;
  readonly to: Date;
  readonly by: FigureGroup;
}

/** How long records stood in one state before a step led out of it. */
export interface StepFigure {
  readonly region: string;
  readonly state: string;
  readonly label: LocaleText;
  /** Department of the record, or who took the step; null: none, or not told apart. */
  readonly group: string | null;
  readonly groupName: string | null;
  readonly steps: number;
  /** In seconds. */
  readonly mean: number;
  readonly longest: number;
  /** Led into a state of the kind `returned`. */
  readonly returns: number;
  /**
   * A deadline of the state had come before the step was taken. Of records that came into the state before
   * `overdueFrom` nobody knows; null: of none of these.
   */
  readonly overdue: number | null;
  /** Those that took longest, for a look at them. */
  readonly slowest: readonly string[];
}

/** What stands in a state now that somebody has to leave. */
export interface WaitingFigure {
  readonly region: string;
  readonly state: string;
  readonly label: LocaleText;
  readonly group: string | null;
  readonly groupName: string | null;
  readonly records: number;
  /** Seconds since they came into the state. */
  readonly mean: number;
  readonly longest: number;
  readonly oldest: readonly string[];
}

export interface WorkflowFigures {
  readonly steps: readonly StepFigure[];
  readonly waiting: readonly WaitingFigure[];
  /** The first day from which it is known which deadlines had come, `YYYY-MM-DD`: runs of rules are not kept for ever. */
  readonly overdueFrom: string;
}

/** A workflow on an entity whose figures can be asked for. */
export interface FiguredWorkflow {
  readonly entity: string;
  readonly entityLabel: LocaleText;
  readonly workflow: string;
  readonly label: LocaleText;
}

/** Whoever assigns work, or audits it, sees how it goes; of which records, his gate says. */
const READERS = ['assign', 'audit.read'] as const;
const MOST_SHOWN = 20;
const DAY_MS = 86_400_000;

function requireReader({ access }: Context): void {
  if (!READERS.some((name) => access.mayUse(name)))
    throw problem('MRT_ACCESS_FUNCTION', { function: READERS[0] });
}

/** The workflows over records that the asker may open. @throws MRT_ACCESS_FUNCTION */
export function figuredWorkflows(context: Context): readonly FiguredWorkflow[] {
  requireReader(context);
  const { model, access } = context;
  return [...model.entities.values()].flatMap((entity) =>
    access.compiled.entity(entity).rows('read').length === 0
      ? []
      : machinesOf(model, entity).map(({ document }) => ({
          entity: entity.name,
          entityLabel: entity.label,
          workflow: document.name,
          label: document.label,
        })),
  );
}

/**
 * Count, mean and maximum time of each step of a workflow in a period, returns and overdue steps, and the age of what
 * waits now (ENG-19, AUD-04): over the records that the asker may read, and the states that he may see.
 * @throws MRT_ACCESS_FUNCTION, MRT_ENTITY_UNKNOWN, MRT_WORKFLOW_UNKNOWN
 */
export async function workflowFigures(
  db: Queryable,
  context: Context,
  request: FiguresRequest,
): Promise<WorkflowFigures> {
  requireReader(context);
  const entity = entityOf(context, request.entity);
  const machine = machinesOf(context.model, entity).find(
    ({ document }) => document.name === request.workflow,
  );
  if (!machine) throw problem('MRT_WORKFLOW_UNKNOWN', { workflow: request.workflow });
  const rights = context.access.compiled.entity(entity);
  const overdueFrom = knownFrom(context);
  if (rights.visible.length === 0 || rights.rows('read').length === 0)
    return { steps: [], waiting: [], overdueFrom };
  const regions = machine.regions.filter(({ field }) => rights.field(field).read.length > 0);
  const steps = await stepRows(db, context, entity, machine, regions, request);
  const waiting: WaitingFigure[] = [];
  for (const region of regions)
    waiting.push(...(await waitingRows(db, context, entity, machine, region, request)));
  return { steps, waiting, overdueFrom };
}

/** The day after the one of which runs may already be forgotten in part. */
function knownFrom({ now, timeZone }: Context): string {
  return dateIn(timeZone, new Date(now.getTime() - (RULE_RUN_DAYS - 1) * DAY_MS));
}

function sourceOf(
  context: Context,
  entity: EntityModel,
): { readonly source: QuerySource; readonly parameters: StatementParameters } {
  const parameters = new StatementParameters();
  return {
    parameters,
    source: new QuerySource({ roles: context.access.compiled, parameters, nextAlias: 1 }, entity),
  };
}

/** Live records that may be opened, and whose state may be seen. */
function readable(source: QuerySource, regions: readonly MachineRegion[]): string[] {
  const rights = source.scope.roles.entity(source.entity);
  return [
    source.visible(),
    source.rows(rights.rows('read')),
    ...regions.map(({ field }) => source.rows(rights.field(field).read)),
    stateCondition(source, 'live'),
  ];
}

/** The name of a department or person: what the history shows to whoever reads it. */
function nameSql(context: Context, by: FigureGroup, id: string): string {
  const entity = by === 'none' ? undefined : context.model.entities.get(by === 'unit' ? 'unit' : 'user');
  const column = entity?.fields.get(entity.display ?? '')?.column;
  if (!entity || !column) return 'NULL::text';
  return `(SELECT n.${quoteName(column.name)}::text FROM ${quoteName(entity.table)} n WHERE n.id = ${id})`;
}

function unitSql(source: QuerySource): string {
  const unit = source.entity.fields.get('unit');
  return unit?.column ? source.rawColumn(unit) : 'NULL::uuid';
}

const LAST_STEP = (entity: string, id: string, workflow: string, more: string): string =>
  `(SELECT max(p.at) FROM mortise.workflow_step p JOIN mortise.workflow_instance pi ON pi.id = p.instance
    WHERE p.entity = ${entity} AND p.record_id = ${id} AND p.vote IS NULL AND pi.workflow = ${workflow} AND ${more})`;

interface FigureRow extends Row {
  readonly region: string;
  readonly state: string;
  readonly group: string | null;
  readonly name: string | null;
  readonly n: number;
  readonly mean: number;
  readonly longest: number;
  readonly returns: number;
  readonly overdue: number | null;
  readonly shown: readonly string[];
}

function told(
  { region, state, group, name }: FigureRow,
  machine: Machine,
): Omit<WaitingFigure, 'records' | 'mean' | 'longest' | 'oldest'> {
  const found = machine.regions.find((each) => each.name === region)?.document.states[state];
  const label = found?.label ?? { 'zh-CN': state, en: state };
  return { region, state, label, group, groupName: name };
}

async function stepRows(
  db: Queryable,
  context: Context,
  entity: EntityModel,
  machine: Machine,
  regions: readonly MachineRegion[],
  { from, to, by, workflow }: FiguresRequest,
): Promise<readonly StepFigure[]> {
  if (regions.length === 0) return [];
  const { source, parameters } = sourceOf(context, entity);
  const bind = (value: unknown): string => parameters.bind(value);
  const [name, flow] = [`${bind(entity.name)}::text`, `${bind(workflow)}::text`];
  const group = by === 'unit' ? unitSql(source) : by === 'person' ? 'st."by"' : 'NULL::uuid';
  const began = `coalesce(${LAST_STEP(name, 'st.record_id', flow, 'p.region = st.region AND (p.version, p.id) < (st.version, st.id)')},
    ${source.rawColumn(entity.fields.get('created_at')!)})`;
  const returned = regions.flatMap((region) =>
    Object.entries(region.document.states)
      .filter(([, { kind }]) => kind === 'returned')
      .map(([state]) => `${region.name}/${state}`),
  );
  const shown = bind(regions.map((region) => region.name));
  const known = `${bind(momentOf(knownFrom(context), '00:00', context.timeZone).toISOString())}::timestamptz`;
  const text = `WITH moved AS (
      SELECT st.region, st.from_state AS state, ${group} AS "group", st.record_id, st.at, ${began} AS began,
        (st.region || '/' || st.to_state) = ANY(${bind(returned)}::text[]) AS returned
      FROM mortise.workflow_step st JOIN mortise.workflow_instance i ON i.id = st.instance
      JOIN ${source.from()} ON ${source.alias}.id = st.record_id
      WHERE st.entity = ${name} AND i.workflow = ${flow} AND st.vote IS NULL AND st.region = ANY(${shown}::text[])
        AND st.at >= ${bind(from.toISOString())}::timestamptz AND st.at < ${bind(to.toISOString())}::timestamptz
        AND ${readable(source, regions).join(' AND ')}
    ), timed AS (
      SELECT m.*, extract(epoch FROM m.at - m.began)::double precision AS seconds, CASE WHEN m.began >= ${known} THEN EXISTS (
        SELECT 1 FROM mortise.rule_run r WHERE r.record_id = m.record_id AND r.trigger = 'deadline'
          AND starts_with(r.rule, ${flow} || '/' || m.region || '/' || m.state || '/') AND r.at >= m.began AND r.at <= m.at
      ) END AS overdue FROM moved m
    ), counted AS (
      SELECT region, state, "group", count(*)::integer AS n, avg(seconds) AS mean, max(seconds) AS longest,
        (count(*) FILTER (WHERE returned))::integer AS returns,
        CASE WHEN count(overdue) > 0 THEN (count(*) FILTER (WHERE overdue))::integer END AS overdue,
        (array_agg(record_id ORDER BY seconds DESC))[1:${MOST_SHOWN}] AS shown
      FROM timed GROUP BY region, state, "group"
    )
    SELECT c.*, ${nameSql(context, by, 'c."group"')} AS name FROM counted c ORDER BY c.n DESC, c.region, c.state`;
  const rows = await db.query<FigureRow>(namedStatement(context, text, parameters.values));
  return rows.map((row) => ({
    ...told(row, machine),
    steps: row.n,
    mean: row.mean,
    longest: row.longest,
    returns: row.returns,
    overdue: row.overdue,
    slowest: row.shown,
  }));
}

async function waitingRows(
  db: Queryable,
  context: Context,
  entity: EntityModel,
  machine: Machine,
  region: MachineRegion,
  { by, workflow }: FiguresRequest,
): Promise<readonly WaitingFigure[]> {
  const states = [...new Set(expectedSteps(machine, region).flatMap(({ from }) => from))];
  // Who will take a step is not known before he does.
  if (states.length === 0 || by === 'person') return [];
  const { source, parameters } = sourceOf(context, entity);
  const bind = (value: unknown): string => parameters.bind(value);
  const state = source.rawColumn(region.field);
  const group = by === 'unit' ? unitSql(source) : 'NULL::uuid';
  const last = LAST_STEP(
    `${bind(entity.name)}::text`,
    `${source.alias}.id`,
    `${bind(workflow)}::text`,
    `p.region = ${bind(region.name)}::text`,
  );
  const text = `WITH stood AS (
      SELECT ${state} AS state, ${group} AS "group", ${source.alias}.id,
        extract(epoch FROM ${bind(context.now.toISOString())}::timestamptz - coalesce(${last}, ${source.rawColumn(entity.fields.get('created_at')!)}))::double precision AS seconds
      FROM ${source.from()} WHERE ${state} = ANY(${bind(states)}::text[]) AND ${readable(source, [region]).join(' AND ')}
    ), counted AS (
      SELECT state, "group", count(*)::integer AS n, avg(seconds) AS mean, max(seconds) AS longest,
        (array_agg(id ORDER BY seconds DESC))[1:${MOST_SHOWN}] AS shown FROM stood GROUP BY state, "group"
    )
    SELECT c.*, ${bind(region.name)}::text AS region, ${nameSql(context, by, 'c."group"')} AS name FROM counted c ORDER BY c.n DESC, c.state`;
  const rows = await db.query<FigureRow>(namedStatement(context, text, parameters.values));
  return rows.map((row) => ({
    ...told(row, machine),
    records: row.n,
    mean: Math.max(0, row.mean),
    longest: Math.max(0, row.longest),
    oldest: row.shown,
  }));
}
