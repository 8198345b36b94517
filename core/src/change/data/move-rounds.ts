import type { EntityModel, FieldModel, Model } from '../../model/model.ts';
import type { RegionDocument, WorkflowDocument } from '../../model/workflow-document.ts';
import type { Queryable, Transaction } from '../../store/database.ts';
import { quote } from '../../store/quote.ts';
import { leaveStateSql } from '../../workflow/leave-state.ts';
import { startDeadlines } from '../../workflow/state-deadlines.ts';
import type { ChangeMark } from './data-work.ts';
import { rewriteColumn } from './rewrite-column.ts';
import { TOUCHED } from './touched-rows.ts';

/** Where the states of one region of a workflow lie in one entity. */
export interface RoundsPlace {
  readonly entity: EntityModel;
  readonly field: FieldModel;
  readonly workflow: WorkflowDocument;
  readonly region: { readonly name: string; readonly document: RegionDocument };
  /** SQL: ids of the records that the workflow holds for, with its values from `$1` on; null: all. */
  readonly holds: string | null;
  readonly values: readonly unknown[];
}

/**
 * Gives the records in a state that goes the one that takes its place, with history; their running rounds go over to the
 * new definition, what was passed on in the state is over, and the deadlines of the new one begin now.
 */
export async function moveStates(
  tx: Transaction,
  model: Model,
  hash: string,
  place: RoundsPlace,
  { from, to }: { readonly from: string; readonly to: string },
  mark: ChangeMark,
): Promise<void> {
  const { entity, field, region, workflow, holds, values } = place;
  const [old, next] = [`$${values.length + 1}::text`, `$${values.length + 2}::text`];
  const label = region.document.states[to]?.label ?? { 'zh-CN': to, en: to };
  await rewriteColumn(
    tx,
    {
      entity,
      field,
      value: next,
      where: `t.${quote(field.column!.name)} = ${old}${holds === null ? '' : ` and m.id in (${holds})`}`,
      values: [...values, from, to],
      note: `流程变更 → ${label['zh-CN']} / Workflow changed → ${label.en}`,
    },
    mark,
  );
  const moved = await tx.query<{ id: string }>({ text: `select id from ${TOUCHED}` });
  const ids = moved.map(({ id }) => id);
  if (ids.length === 0) return;
  await adoptDefinition(tx, model, workflow, hash, { entity: entity.name, ids });
  await changeState(tx, model, place, to, ids);
}

const LEAVE = `with ${leaveStateSql({ entity: '$1', records: '$2::uuid[]', workflow: '$3', region: '$4' })} select 1`;

/** What a step does with the state that is left and the one that is entered, for records that a change has moved. */
export async function changeState(
  tx: Queryable,
  model: Model,
  { entity, field, workflow, region }: RoundsPlace,
  state: string,
  ids: readonly string[],
): Promise<void> {
  await tx.query({ text: LEAVE, values: [entity.name, ids, workflow.name, region.name] });
  const clock = { now: new Date(), model, timeZone: model.settings.timeZone };
  const deadlines = startDeadlines(clock, region.document.states[state], {
    entity: entity.name,
    ids,
    workflow: workflow.name,
    region: region.name,
    field: field.name,
    state,
  });
  if (deadlines) await tx.query(deadlines);
}

/**
 * Lets running rounds go over to a definition. Where all regions stand in their first states the round is closed, where
 * all are final it is ended, as a step would have done it.
 * @param of those of some records only; null: every round that is under way
 */
export async function adoptDefinition(
  tx: Queryable,
  model: Model,
  workflow: WorkflowDocument,
  hash: string,
  of: { readonly entity: string; readonly ids: readonly string[] } | null,
): Promise<void> {
  await tx.query({
    text: `insert into mortise.workflow_definition (hash, name, document) values ($1, $2, $3::json) on conflict (hash) do nothing`,
    values: [hash, workflow.name, JSON.stringify(workflow)],
  });
  const rows = await tx.query<{ entity: string }>({
    text: `select distinct entity from mortise.workflow_instance where workflow = $1 and closed_at is null`,
    values: [workflow.name],
  });
  for (const { entity: name } of rows) {
    const entity = model.entities.get(name);
    if (!entity || (of !== null && of.entity !== name)) continue;
    const { from, initial, final } = standingSql(entity, workflow);
    await tx.query({
      text: `update mortise.workflow_instance i set definition = $1,
          closed_at = case when ${initial} then now() end,
          ended_at = case when ${final} then coalesce(i.ended_at, now()) end
        from ${from}
        where i.workflow = $2 and i.entity = $3 and i.closed_at is null and r0.id = i.record_id
          and i.definition <> $1 and ${of === null ? 'i.ended_at is null and $4::uuid[] is null' : 'i.record_id = any($4::uuid[])'}`,
      values: [hash, workflow.name, name, of?.ids ?? null],
    });
  }
}

/** SQL: do all regions of a record stand in their first states, in final ones? `r0` is the entity's table. */
function standingSql(
  entity: EntityModel,
  { regions }: WorkflowDocument,
): { readonly from: string; readonly initial: string; readonly final: string } {
  const aliases = new Map([entity.table, ...entity.parts.values()].map((table, at) => [table, `r${at}`]));
  const literal = (text: string): string => `'${text.replaceAll("'", "''")}'`;
  const columns = Object.values(regions).flatMap((region) => {
    const column = entity.fields.get(region.field)?.column;
    return column ? [{ region, sql: `${aliases.get(column.table)}.${quote(column.name)}` }] : [];
  });
  const initial = columns.map(
    ({ region, sql }) =>
      `coalesce(nullif(${sql}, ''), ${literal(region.initial)}) = ${literal(region.initial)}`,
  );
  const final = columns.map(({ region, sql }) => {
    const ends = Object.entries(region.states).flatMap(([name, { final: isFinal }]) =>
      isFinal === true ? [literal(name)] : [],
    );
    return ends.length === 0
      ? 'false'
      : `coalesce(nullif(${sql}, ''), ${literal(region.initial)}) in (${ends.join(', ')})`;
  });
  const [main, ...parts] = [...aliases];
  const joins = parts.map(([table, alias]) => `left join ${quote(table)} ${alias} on ${alias}.id = r0.id`);
  return {
    from: `${quote(main![0])} r0 ${joins.join(' ')}`,
    initial: initial.join(' and ') || 'false',
    final: final.join(' and ') || 'false',
  };
}
