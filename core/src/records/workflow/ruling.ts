import { problem } from '../../errors/catalogue.ts';
import type { Context } from '../../context/context.ts';
import type { CheckedExpression } from '../../expression/index.ts';
import type { EntityModel, Model } from '../../model/model.ts';
import type { Queryable } from '../../store/database.ts';
import type { Assignment } from '../../workflow/is-asked.ts';
import type { TransitionCase } from '../../workflow/judge-transition.ts';
import { voteOf } from '../../workflow/approvals.ts';
import { compileMachine, type Machine } from '../../workflow/machine.ts';
import { machinesOf, rulingMachines } from '../../workflow/machines-of.ts';
import type { Draft } from '../draft.ts';
import { evaluate, type Calculated, type CalculationScope } from '../evaluate-record.ts';
import { RelatedValues } from '../related-values.ts';
import type { WriteScope } from '../write-scope.ts';
import { People } from './people.ts';
import { readLog, type RunningInstance } from './workflow-log.ts';

/** A machine that rules a record, by the definition of its running round. */
export interface Ruling {
  readonly machine: Machine;
  readonly instance: RunningInstance | null;
  /** Its steps that were passed on to somebody, oldest first. */
  readonly assignments: readonly Assignment[];
}

/** A record under its machines, with what their expressions need. */
export interface RuledRecord {
  readonly rulings: readonly Ruling[];
  readonly calculation: CalculationScope;
  readonly record: Calculated;
  readonly people: People;
}

const PAST = new WeakMap<Model, Map<string, Machine>>();

/** The machine of a running round whose definition has changed since. @throws MRT_TRANSITION_DEFINITION when it speaks of fields that are gone */
export function pastMachine(model: Model, entity: EntityModel, instance: RunningInstance): Machine {
  let ofModel = PAST.get(model);
  if (!ofModel) PAST.set(model, (ofModel = new Map()));
  const key = `${entity.name} ${instance.definition}`;
  let machine = ofModel.get(key);
  if (!machine) {
    try {
      machine = compileMachine(model, entity, instance.document!, instance.definition);
    } catch (error) {
      throw problem('MRT_TRANSITION_DEFINITION', {
        reason: error instanceof Error ? error.message : String(error),
      });
    }
    ofModel.set(key, machine);
  }
  return machine;
}

/** Machines by the values in memory alone, for writes that start or guard states: no round is asked for. */
export async function machinesRuling(
  calculation: CalculationScope,
  db: Queryable,
  record: Calculated,
  machines: readonly Machine[],
): Promise<readonly Machine[]> {
  const conditional = machines.filter(({ when }) => when !== null);
  if (conditional.length > 0)
    await calculation.related.load(
      db,
      [record],
      conditional.map((each) => each.related),
    );
  return rulingMachines(
    machines,
    ({ when }) => when === null || evaluate(when, record, calculation) === true,
  );
}

/** The machines of a record, each by the definition that its running round keeps (ENG-12). */
export async function ruledRecord(
  scope: WriteScope,
  context: Context,
  db: Queryable,
  draft: Draft,
): Promise<RuledRecord> {
  const { entity } = draft;
  const current = machinesOf(context.model, entity);
  const log = await readLog(
    db,
    context.model,
    entity.name,
    draft.id,
    current.map((machine) => machine.hash),
  );
  const machines = current.map((machine) => {
    const instance = log.rounds.get(machine.document.name);
    return instance?.document ? pastMachine(context.model, entity, instance) : machine;
  });
  const related = new RelatedValues(context.model);
  const calculation: CalculationScope = { context, dictionaries: scope.dictionaries, related };
  const record: Calculated = { entity, values: draft.values, previous: draft.previous, at: '' };
  await related.load(
    db,
    [record],
    machines.map((machine) => machine.related),
  );
  const people = new People(context.model);
  await people.load(db, usersSupervised(machines, draft.values));
  const ruling = rulingMachines(
    machines,
    // Whether a machine holds is asked of the stored record: a transition cannot talk itself out of it.
    ({ when }) =>
      when === null ||
      evaluate(when, { ...record, values: { ...(draft.previous ?? draft.values) } }, calculation) === true,
  );
  return {
    rulings: ruling.map((machine) => ({
      machine,
      instance: log.rounds.get(machine.document.name) ?? null,
      assignments: log.assignments.get(machine.document.name) ?? [],
    })),
    calculation,
    record,
    people,
  };
}

/** The users in the fields of whom somebody must be the superior. */
export function usersSupervised(
  machines: readonly Machine[],
  values: Readonly<Record<string, unknown>>,
): readonly unknown[] {
  return machines.flatMap(({ supervised }) => [...supervised].map((field) => values[field]));
}

/** What a condition says of the one who acts; where he acts for another, it must hold of both of them. */
function askBoth(
  expression: CheckedExpression,
  record: Calculated,
  calculation: CalculationScope,
  named: { readonly opinion: string | null },
): unknown {
  const { context } = calculation;
  const answer = evaluate(expression, record, calculation, named);
  if (!context.behalf || answer !== true) return answer;
  const absent = { ...context, actor: { ...context.actor, id: context.behalf.id } };
  return evaluate(expression, record, { ...calculation, context: absent }, named);
}

/** The record as a transition looks at it. */
export function caseOf(
  { calculation, record, people }: RuledRecord,
  { machine, instance, assignments }: Ruling,
  opinion: string | null,
): TransitionCase {
  const { context, related } = calculation;
  const on: TransitionCase = {
    values: record.values,
    valueAt(path) {
      const [first = '', second] = path.split('.');
      const value = record.values[first] ?? null;
      return second === undefined || value === null
        ? value
        : related.value(record.entity, first, value, second);
    },
    evaluate: (expression: CheckedExpression) => askBoth(expression, record, calculation, { opinion }),
    actor: context.access.parameters,
    isAskedBy(name) {
      const other = machine.transitions.get(name);
      return other !== undefined && voteOf(other, on) !== null;
    },
    isAbove: (user) => people.isAbove(context.access.parameters.me ?? '', user),
    roles: context.actor.roles,
    steps: instance?.steps ?? [],
    assignments,
  };
  return on;
}
