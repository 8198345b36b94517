import { ACTOR_MARKERS } from '../../access/actor-parameters.ts';
import { quoteName } from '../../access/quote-name.ts';
import { conditionSql, rowCondition } from '../../access/row-condition.ts';
import { ExpressionError } from '../../expression/index.ts';
import type { WhoDocument } from '../../model/workflow-document.ts';
import type { Machine, MachineRegion, MachineTransition, MachineWho } from '../../workflow/machine.ts';
import { voidAssignmentSql } from '../../workflow/void-assignment.ts';
import { machinesOf } from '../../workflow/machines-of.ts';
import { conjunction, disjunction, type QuerySource } from '../query-source.ts';
import { belowMeSql } from './people.ts';
import { approvalSql, isMineSql, notVotedSql } from './waiting-approvals.ts';

/** States in which something waits to be done. */
const WAITING: ReadonlySet<string> = new Set(['waiting', 'active', 'returned']);

/** Steps of a region that somebody is waited for with, and the states they are taken from. */
export function expectedSteps(
  machine: Machine,
  region: MachineRegion,
): readonly { readonly transition: MachineTransition; readonly from: readonly string[] }[] {
  return [...machine.transitions.values()].flatMap((transition) => {
    const { document } = transition;
    if (transition.region !== region || document.on === 'change' || document.aside === true) return [];
    const from = Object.keys(document.from).filter((state) => {
      const { kind, final } = region.document.states[state] ?? {};
      return final !== true && WAITING.has(kind ?? '');
    });
    return from.length === 0 ? [] : [{ transition, from }];
  });
}

/**
 * The records of the source that wait for the actor: he may take a step that their state waits for, by role,
 * department, field and the steps taken so far. What the record still lacks, its guards, and conditions over other
 * records are asked when the step is taken.
 * @param field the state field whose steps count; null: those of all
 */
export function waitingSql(
  source: QuerySource,
  roles: readonly string[],
  field: string | null = null,
): string {
  const { entity, scope } = source;
  const rights = scope.roles.entity(entity);
  const machines = machinesOf(scope.roles.model, entity);
  const steps = machines.flatMap((machine, index) =>
    machine.regions
      .filter((region) => field === null || region.field.name === field)
      .flatMap((region) =>
        expectedSteps(machine, region).map(({ transition, from }) => {
          const state = source.rawColumn(region.field);
          return conjunction([
            rulesSql(source, machine, machines.slice(0, index)),
            `${state} = ANY(${scope.parameters.bind(from)}::text[])`,
            passedSql(source, transition, [
              whoSql(source, transition.who, roles),
              ...approvalSql(
                source,
                transition,
                (who) => whoSql(source, who, roles),
                (asked, unknown) => askSql(source, asked, unknown),
              ),
            ]),
            ...eyesSql(source, transition),
            keptSql(source, machine, transition, state),
          ]);
        }),
      ),
  );
  return conjunction([
    source.rows(rights.rows('read')),
    source.rows(rights.rows('transition')),
    disjunction(steps),
  ]);
}

/** Of several machines over one field the first that applies rules a record. */
function rulesSql(source: QuerySource, machine: Machine, before: readonly Machine[]): string {
  const fields = new Set(machine.regions.map(({ field }) => field.name));
  const others = before.filter(({ regions }) => regions.some(({ field }) => fields.has(field.name)));
  return conjunction([
    askSql(source, machine.document.when),
    ...others.map(({ document }) => `(${askSql(source, document.when, 'false')}) IS NOT TRUE`),
  ]);
}

/** A condition over the record's own fields; one that looks further is asked when the step is taken. */
function askSql(source: QuerySource, expression: string | undefined, unknown = 'true'): string {
  if (expression === undefined) return 'true';
  try {
    const condition = rowCondition(source.entity, expression);
    return conditionSql(condition, source.entity, source.alias, source.scope.parameters.bind);
  } catch (error) {
    if (error instanceof ExpressionError) return unknown;
    throw error;
  }
}

function whoSql(source: QuerySource, who: readonly MachineWho[], roles: readonly string[]): string {
  if (who.length === 0) return 'true';
  return disjunction(who.map(({ document }) => oneSql(source, document, roles)));
}

function oneSql(source: QuerySource, who: WhoDocument, roles: readonly string[]): string {
  const { bind } = source.scope.parameters;
  // Who may only take back what he did himself is not waited for.
  if (who.stepBy || who.approverOf !== undefined) return 'false';
  if (who.roles && !roles.some((role) => who.roles?.[role] === true)) return 'false';
  const inUnit = (column: string, how: 'same' | 'below'): string =>
    how === 'same'
      ? `${column} = ${bind(ACTOR_MARKERS.unit)}::uuid`
      : `${column} = ANY(${bind(ACTOR_MARKERS.units)}::uuid[])`;
  const parts: string[] = [];
  if (who.unit) parts.push(inUnit(columnAt(source, 'unit'), who.unit));
  if (who.authorUnit) parts.push(inUnit(columnAt(source, 'created_by.unit'), who.authorUnit));
  if (who.unitOf) parts.push(inUnit(columnAt(source, `${who.unitOf.field}.unit`), who.unitOf.within));
  if (who.field !== undefined) parts.push(`${columnAt(source, who.field)} = ${bind(ACTOR_MARKERS.me)}::uuid`);
  if (who.supervisorOf !== undefined) {
    const below = belowMeSql(source.scope.roles.model, `${bind(ACTOR_MARKERS.me)}::uuid`);
    parts.push(below === null ? 'false' : `${columnAt(source, who.supervisorOf)} IN (${below})`);
  }
  parts.push(askSql(source, who.expr));
  return conjunction(parts);
}

/** Asked by the definition and not passed on to somebody else, or passed on to him. */
function passedSql(source: QuerySource, transition: MachineTransition, asked: readonly string[]): string {
  const { name, region } = transition;
  const { bind } = source.scope.parameters;
  const me = `${bind(ACTOR_MARKERS.me)}::uuid`;
  const open = (alias: string): string =>
    `${alias}.entity = ${bind(source.entity.name)} AND ${alias}.region = ${bind(region.name)} AND ${alias}.ended_at IS NULL`;
  const gone = (alias: string): string => voidAssignmentSql(source.scope.roles.model, alias);
  const given = `SELECT g.record_id FROM mortise.workflow_assignment g WHERE ${open('g')} AND g.from_user = ${me} AND NOT ${gone('g')}`;
  const taken = `SELECT p.record_id FROM mortise.workflow_assignment p WHERE ${open('p')} AND p.to_user = ${me}
    AND ${bind(name)} = ANY(p.transitions) AND NOT EXISTS (SELECT 1 FROM mortise.workflow_assignment l
      WHERE l.record_id = p.record_id AND ${open('l')} AND l.from_user = ${me} AND l.id > p.id AND NOT ${gone('l')})`;
  return disjunction([
    conjunction([...asked, `${source.alias}.id NOT IN (${given})`]),
    conjunction([`${source.alias}.id IN (${taken})`, ...notVotedSql(source, transition)]),
  ]);
}

/** Who entered the record, or took a certain step in its round, is not waited for. */
function eyesSql(source: QuerySource, { document }: MachineTransition): readonly string[] {
  const { bind } = source.scope.parameters;
  const parts: string[] = [];
  if (document.fourEyes?.author === true)
    for (const one of [ACTOR_MARKERS.me, ACTOR_MARKERS.acting])
      parts.push(`${columnAt(source, 'created_by')} IS DISTINCT FROM ${bind(one)}::uuid`);
  const apart = Object.entries(document.fourEyes?.transitions ?? {}).flatMap(([name, is]) =>
    is ? [name] : [],
  );
  if (apart.length > 0)
    parts.push(`NOT EXISTS (SELECT 1 FROM mortise.workflow_step st JOIN mortise.workflow_instance wi ON wi.id = st.instance
      WHERE wi.entity = ${bind(source.entity.name)} AND wi.record_id = ${source.alias}.id AND wi.closed_at IS NULL
        AND st.transition = ANY(${bind(apart)}::text[]) AND ${isMineSql(source)})`);
  return parts;
}

/**
 * A round that keeps an earlier definition (ENG-12) waits for a step only where that one has it from this state too.
 */
function keptSql(
  source: QuerySource,
  { document, hash }: Machine,
  { name, region }: MachineTransition,
  state: string,
): string {
  const { bind } = source.scope.parameters;
  const from = `ARRAY['regions', ${bind(region.name)}::text, 'transitions', ${bind(name)}::text, 'from', ${state}]`;
  return `NOT EXISTS (SELECT 1 FROM mortise.workflow_instance wi JOIN mortise.workflow_definition wd ON wd.hash = wi.definition
    WHERE wi.entity = ${bind(source.entity.name)} AND wi.record_id = ${source.alias}.id AND wi.closed_at IS NULL
      AND wi.workflow = ${bind(document.name)} AND wi.definition <> ${bind(hash)} AND (wd.document #> ${from}) IS NULL)`;
}

/** The column at a path of at most one reference, without the reader's gate: the definition asks it, not he. */
function columnAt(source: QuerySource, path: string): string {
  const [first = '', second] = path.split('.');
  const { entity } = source;
  const field = entity.fields.get(first);
  if (!field) return 'NULL::uuid';
  const own = source.rawColumn(field);
  if (second === undefined) return own;
  const target = source.scope.roles.model.entities.get(String(field.def['entity'] ?? field.type));
  const far = target?.fields.get(second)?.column;
  return target && far
    ? `(SELECT t.${quoteName(far.name)} FROM ${quoteName(target.table)} t WHERE t.id = ${own})`
    : 'NULL::uuid';
}
