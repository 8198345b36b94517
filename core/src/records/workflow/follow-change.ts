import { invalidRecord } from '../../errors/catalogue.ts';
import type { Fault } from '../../errors/problem.ts';
import type { Context } from '../../context/context.ts';
import type { Transaction } from '../../store/database.ts';
import { refusalsOfRecord, stateOf } from '../../workflow/judge-transition.ts';
import type { MachineTransition } from '../../workflow/machine.ts';
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

function isTouched(transition: MachineTransition, content: readonly string[]): boolean {
  const { watch } = transition.document;
  return watch === undefined ? content.length > 0 : content.some((name) => watch[name] === true);
}

/**
 * The transitions that happen by themselves when the content of a record changes (DM-COM-15: what was reviewed must
 * be reviewed again). @param except machine whose own transition makes the change
 */
export function automaticSteps(ruled: RuledRecord, draft: Draft, except?: string): readonly TakenStep[] {
  const states = new Set(
    ruled.rulings.flatMap(({ machine }) => machine.regions.map((region) => region.field.name)),
  );
  const content = contentChanges(draft, states);
  if (content.length === 0) return [];
  const faults: Fault[] = [];
  const steps = ruled.rulings.flatMap((ruling) => {
    const { machine } = ruling;
    if (machine.document.name === except) return [];
    return machine.regions.flatMap((region) => {
      const state = stateOf(region, draft.previous ?? {});
      const found = [...machine.transitions.values()].find(
        (each) =>
          each.region === region &&
          each.document.on === 'change' &&
          each.document.from[state] === true &&
          isTouched(each, content) &&
          refusalsOfRecord(each, caseOf(ruled, ruling, null), false).length === 0,
      );
      return found ? [takeStep(ruled, ruling, found, draft, null, faults)] : [];
    });
  });
  if (faults.length > 0) throw invalidRecord(faults);
  return steps;
}

/** The automatic steps of a change. One statement, only for a record that has left its initial state. */
export async function followChange(
  scope: WriteScope,
  context: Context,
  tx: Transaction,
  draft: Draft,
): Promise<readonly TakenStep[]> {
  const machines = machinesOf(context.model, draft.entity);
  const previous = draft.previous ?? {};
  const hasLeft = machines.some((machine) =>
    machine.regions.some((region) => stateOf(region, previous) !== region.document.initial),
  );
  if (!hasLeft || contentChanges(draft, new Set()).length === 0) return [];
  return automaticSteps(await ruledRecord(scope, context, tx, draft), draft);
}
