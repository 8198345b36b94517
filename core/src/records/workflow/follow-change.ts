import { invalidRecord } from '../../errors/catalogue.ts';
import type { Fault } from '../../errors/problem.ts';
import type { Context } from '../../context/context.ts';
import type { Transaction } from '../../store/database.ts';
import { refusalsOfRecord, stateOf } from '../../workflow/judge-transition.ts';
import type { Machine, MachineRegion, MachineTransition } from '../../workflow/machine.ts';
import { machinesOf } from '../../workflow/machines-of.ts';
import type { Draft } from '../draft.ts';
import { changesOf } from '../history-row.ts';
import type { WriteScope } from '../write-scope.ts';
import { caseOf, ruledRecord, type RuledRecord } from './ruling.ts';
import { takeStep, type TakenStep } from './take-step.ts';

/** Fields whose change is one of the content: neither the platform's own nor the states. */
function contentChanges(draft: Draft, states: ReadonlySet<string>): readonly string[] {
  return Object.keys(changesOf(draft)).filter(
    (name) => draft.entity.fields.get(name)?.system !== true && !states.has(name),
  );
}

/** What a step of another workflow fills in is content only for those that name it: a payment undoes no review. */
function isTouched(transition: MachineTransition, content: readonly string[], byStep: boolean): boolean {
  const { watch } = transition.document;
  return watch === undefined ? !byStep : content.some((name) => watch[name] === true);
}

/** Those that lead by themselves out of the state in which a region stood before the change. */
function automaticFrom(machine: Machine, region: MachineRegion, draft: Draft): readonly MachineTransition[] {
  const state = stateOf(region, draft.previous ?? {});
  return [...machine.transitions.values()].filter(
    (each) => each.region === region && each.document.on === 'change' && each.document.from[state] === true,
  );
}

/**
 * The transitions that happen by themselves when the content of a record changes (DM-COM-15: what was reviewed must
 * be reviewed again). @param except machine whose own step makes the change
 */
export function automaticSteps(ruled: RuledRecord, draft: Draft, except?: string): readonly TakenStep[] {
  const states = new Set(
    ruled.rulings.flatMap(({ machine }) => machine.regions.map((region) => region.field.name)),
  );
  const content = contentChanges(draft, states);
  if (content.length === 0) return [];
  // All are found before one is taken, so that what one region sets does not decide about another.
  const found = ruled.rulings.flatMap((ruling) => {
    const { machine } = ruling;
    if (machine.document.name === except) return [];
    return machine.regions.flatMap((region) => {
      const transition = automaticFrom(machine, region, draft).find(
        (each) =>
          isTouched(each, content, except !== undefined) &&
          refusalsOfRecord(each, caseOf(ruled, ruling, null), false).length === 0,
      );
      return transition ? [{ ruling, transition }] : [];
    });
  });
  const faults: Fault[] = [];
  const steps = found.map(({ ruling, transition }) =>
    takeStep(ruled, ruling, transition, draft, null, faults),
  );
  if (faults.length > 0) throw invalidRecord(faults);
  return steps;
}

/**
 * The automatic steps of a change. Asks the database only about a record that has left its initial state, and so may
 * keep a definition of the past, or that some transition leads out of by itself.
 */
export async function followChange(
  scope: WriteScope,
  context: Context,
  tx: Transaction,
  draft: Draft,
): Promise<readonly TakenStep[]> {
  const machines = machinesOf(context.model, draft.entity);
  const previous = draft.previous ?? {};
  const mayMove = machines.some((machine) =>
    machine.regions.some(
      (region) =>
        stateOf(region, previous) !== region.document.initial ||
        automaticFrom(machine, region, draft).length > 0,
    ),
  );
  if (!mayMove || contentChanges(draft, new Set()).length === 0) return [];
  return automaticSteps(await ruledRecord(scope, context, tx, draft), draft);
}
