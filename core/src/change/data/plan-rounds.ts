import { problem } from '../../errors/catalogue.ts';
import { docFault } from '../../model/doc-fault.ts';
import type { Fault } from '../../errors/problem.ts';
import type { DataChange, RoundsChoice, RoundsReport } from '../../http/contract.ts';
import { documentKey, type EntityModel, type FieldModel, type Model } from '../../model/model.ts';
import { pointer } from '../../model/pointer.ts';
import type { RegionDocument, WorkflowDocument } from '../../model/workflow-document.ts';
import type { Queryable } from '../../store/database.ts';
import { quote } from '../../store/quote.ts';
import { sentence } from '../change-text.ts';
import { conditionSql } from './condition-sql.ts';
import { countOf, type DataWork } from './data-work.ts';
import { adoptDefinition, moveStates, type RoundsPlace } from './move-rounds.ts';
import { recordsWith } from './rewrite-column.ts';

type Rounds = Extract<DataChange, { type: 'rounds' }>;

/** A workflow that differs, before and after. */
interface Changed {
  readonly before: WorkflowDocument;
  readonly after: WorkflowDocument;
  readonly hash: string;
}

/**
 * What becomes of the records that are under way in the workflows that a change touches: running rounds keep their
 * definition (ENG-12) unless `move` is asked for; records in a state that goes, and that no round carries on, need
 * another one before the change can be applied. @throws MRT_PLAN_REFUSED for rounds of a workflow that is not there
 */
export async function planRounds(
  db: Queryable,
  current: Model,
  next: Model,
  data: readonly DataChange[],
): Promise<readonly DataWork[]> {
  const works: DataWork[] = [];
  for (const [index, each] of data.entries())
    if (each.type === 'rounds' && !next.workflows.has(each.workflow))
      throw problem('MRT_PLAN_REFUSED', {}, [
        docFault(
          `/data/${index}/workflow`,
          'MRT_DOC_REFERENCE',
          `没有工作流“${each.workflow}”`,
          `there is no workflow “${each.workflow}”`,
        ),
      ]);
  for (const [name, before] of current.workflows) {
    const after = next.workflows.get(name);
    const hash = next.documents.get(documentKey('workflow', name))?.base ?? '';
    const at = data.findIndex((each) => each.type === 'rounds' && each.workflow === name);
    const isChanged = current.documents.get(documentKey('workflow', name))?.base !== hash;
    if (!after || (!isChanged && at < 0)) continue;
    const choice = (data[at] as Rounds | undefined) ?? {};
    const work = await roundsWork(db, next, { before, after, hash }, choice, `/data/${at}`);
    if (work) works.push(work);
  }
  return works;
}

/** Entities whose records a workflow rules; one for all leaves those that have one of their own over its fields. */
function ruledEntities(model: Model, workflow: WorkflowDocument): readonly EntityModel[] {
  if (workflow.entity !== '*') {
    const entity = model.entities.get(workflow.entity);
    return entity ? [entity] : [];
  }
  const fields = Object.values(workflow.regions).map(({ field }) => field);
  const own = [...model.workflows.values()].filter(
    (other) =>
      other.entity !== '*' && Object.values(other.regions).some(({ field }) => fields.includes(field)),
  );
  return [...model.entities.values()].filter(
    (entity) =>
      fields.every((field) => entity.fields.has(field)) && !own.some((other) => other.entity === entity.name),
  );
}

/** Where the states of a workflow's regions lie in its entities, with the records that it holds for. */
export function placesOf(model: Model, workflow: WorkflowDocument, faults: Fault[]): RoundsPlace[] {
  return ruledEntities(model, workflow).flatMap((entity) =>
    Object.entries(workflow.regions).flatMap(([name, region]): RoundsPlace[] => {
      const field = entity.fields.get(region.field);
      if (!field?.column || field.def.compute !== undefined) return [];
      const values: unknown[] = [];
      const own: Fault[] = [];
      const holds =
        workflow.when === undefined
          ? null
          : conditionSql(model, entity, workflow.when, values, `workflow/${workflow.name}#/when`, own);
      faults.push(...own);
      return [{ entity, field, workflow, region: { name, document: region }, holds, values }];
    }),
  );
}

/** SQL: the records of a place with their running round (`i`), and the values it needs. */
function withRounds({ entity, field, workflow, holds, values }: RoundsPlace): {
  readonly from: string;
  readonly column: string;
  readonly values: readonly unknown[];
} {
  const [ofEntity, ofWorkflow] = [`$${values.length + 1}`, `$${values.length + 2}`];
  return {
    from: `${recordsWith(entity, field.column!.table)} left join mortise.workflow_instance i
      on i.entity = ${ofEntity} and i.record_id = m.id and i.workflow = ${ofWorkflow} and i.closed_at is null
      where ${holds === null ? 'true' : `m.id in (${holds})`}`,
    column: `t.${quote(field.column!.name)}`,
    values: [...values, entity.name, workflow.name],
  };
}

function goneStates(before: RegionDocument | undefined, after: RegionDocument): readonly string[] {
  if (before?.field !== after.field) return [];
  return Object.keys(before.states).filter((state) => !Object.hasOwn(after.states, state));
}

async function standing(
  db: Queryable,
  place: RoundsPlace,
  state: string,
  moves: boolean,
): Promise<{ readonly count: number; readonly stranded: number }> {
  const { from, column, values } = withRounds(place);
  const bound = `$${values.length + 1}::text`;
  const count = await countOf(db, `select count(*)::int as n from ${from} and ${column} = ${bound}`, [
    ...values,
    state,
  ]);
  if (count === 0 || moves) return { count, stranded: count };
  const stranded = await countOf(
    db,
    `select count(*)::int as n from ${from} and ${column} = ${bound} and i.id is null`,
    [...values, state],
  );
  return { count, stranded };
}

async function reportOf(
  db: Queryable,
  places: readonly RoundsPlace[],
  { before, after, hash }: Changed,
  choice: RoundsChoice,
): Promise<RoundsReport> {
  const running = await countOf(
    db,
    `select count(*)::int as n from mortise.workflow_instance
      where workflow = $1 and closed_at is null and ended_at is null and definition <> $2`,
    [after.name, hash],
  );
  let bare = 0;
  const states = new Map<string, RoundsReport['states'][number]>();
  for (const place of places) {
    const { from, column, values } = withRounds(place);
    const { name, document } = place.region;
    bare += await countOf(
      db,
      `select count(*)::int as n from ${from} and i.id is null and ${column} = any($${values.length + 1}::text[])`,
      [...values, Object.keys(document.states).filter((state) => state !== document.initial)],
    );
    for (const state of goneStates(before.regions[name], document)) {
      const found = await standing(db, place, state, choice.move === true);
      const key = `${name}/${state}`;
      const sum = states.get(key);
      if (found.count === 0) continue;
      states.set(key, {
        region: name,
        state,
        label: before.regions[name]?.states[state]?.label ?? sentence(state, state),
        count: (sum?.count ?? 0) + found.count,
        stranded: (sum?.stranded ?? 0) + found.stranded,
        targets: Object.entries(document.states).map(([target, { label }]) => ({ state: target, label })),
      });
    }
  }
  const { states: given, move } = choice;
  const kept = { ...(given ? { states: given } : {}), ...(move === undefined ? {} : { move }) };
  return { workflow: after.name, running, bare, states: [...states.values()], choice: kept };
}

/** Wished places for states that go: each must go, and lead to one that is there. */
function choiceFaults({ before, after }: Changed, { states = {} }: RoundsChoice, path: string): Fault[] {
  return Object.entries(states).flatMap(([name, moves]) =>
    Object.entries(moves).flatMap(([from, to]) => {
      const region = after.regions[name];
      const isKnown =
        region && goneStates(before.regions[name], region).includes(from) && Object.hasOwn(region.states, to);
      if (isKnown) return [];
      const at = pointer(pointer(`${path}/states`, name), from);
      return [
        docFault(at, 'MRT_DOC_REFERENCE', `不能从“${from}”改为“${to}”`, `“${from}” cannot become “${to}”`),
      ];
    }),
  );
}

async function roundsWork(
  db: Queryable,
  model: Model,
  changed: Changed,
  choice: RoundsChoice,
  path: string,
): Promise<DataWork | null> {
  const { after } = changed;
  const faults = choiceFaults(changed, choice, path);
  const unasked: Fault[] = [];
  const places = placesOf(model, after, unasked);
  // A condition that looks over references cannot be asked of all records: none of them is moved by it then.
  if (choice.states !== undefined) faults.push(...unasked);
  const counted = places.filter(({ holds, workflow }) => workflow.when === undefined || holds !== null);
  const rounds = await reportOf(db, counted, changed, choice);
  const open = rounds.states.filter(
    ({ region, state, stranded }) => stranded > 0 && choice.states?.[region]?.[state] === undefined,
  );
  if (rounds.running === 0 && rounds.bare === 0 && rounds.states.length === 0 && faults.length === 0)
    return null;
  const moved = rounds.states.filter(({ region, state }) => choice.states?.[region]?.[state] !== undefined);
  const rewrites = moved.reduce((sum, { count }) => sum + count, 0);
  const [first] = counted;
  return {
    operation: {
      operation: 'workflow.rounds',
      text: roundsText(after, rounds, rewrites, choice),
      risk: rewrites > 0 ? 'rewrites' : 'none',
      sql: [],
      rows: rewrites > 0 ? rewrites : rounds.running,
      lock: rewrites > 0 || choice.move === true ? 'writers' : 'none',
      report: {
        reason: 'rounds',
        entity: after.entity,
        field: first?.field.name ?? '',
        count: open.reduce((sum, { stranded }) => sum + stranded, 0),
        rows: [],
        blocks: open.length > 0,
        ways: rounds.states.length > 0 || rounds.running > 0 ? ['rounds'] : [],
        rounds,
      },
    },
    faults,
    touches: moved.flatMap(({ region }) => touched(places, region)),
    async run(tx, mark) {
      for (const place of places)
        for (const [from, to] of Object.entries(choice.states?.[place.region.name] ?? {}))
          await moveStates(tx, model, changed.hash, place, { from, to }, mark);
      if (choice.move === true) await adoptDefinition(tx, model, after, changed.hash, null);
    },
  };
}

function touched(
  places: readonly RoundsPlace[],
  region: string,
): { readonly entity: string; readonly field: FieldModel['name'] }[] {
  return places
    .filter((place) => place.region.name === region)
    .map(({ entity, field }) => ({ entity: entity.name, field: field.name }));
}

function roundsText(
  { label }: WorkflowDocument,
  { running, bare, states }: RoundsReport,
  rewrites: number,
  { move }: RoundsChoice,
): ReturnType<typeof sentence> {
  const zh: string[] = [];
  const en: string[] = [];
  if (running > 0 && move === true) {
    zh.push(`${running} 条流转中的记录改按新流程办理`);
    en.push(`${running} record(s) under way go over to the new definition`);
  } else if (running > 0) {
    zh.push(`${running} 条流转中的记录仍按原流程办完,新的一轮起用新流程`);
    en.push(`${running} record(s) under way go on by their own definition; new rounds take the new one`);
  }
  if (bare > 0) {
    zh.push(`${bare} 条没有流转记录的(如导入的)立即按新流程`);
    en.push(`${bare} record(s) without a round (imported, for instance) follow the new one at once`);
  }
  if (rewrites > 0) {
    zh.push(`${rewrites} 条记录改到新状态`);
    en.push(`${rewrites} record(s) get another state`);
  }
  const left = states.reduce((sum, each) => sum + each.stranded, 0) - rewrites;
  if (left > 0) {
    zh.push(`${left} 条处于被移除的状态,须先指定新状态`);
    en.push(`${left} record(s) stand in a state that goes and need another one`);
  }
  return sentence(
    `工作流“${label['zh-CN']}”:${zh.join(';')}`,
    `The workflow “${label.en}”: ${en.join('; ')}`,
  );
}
