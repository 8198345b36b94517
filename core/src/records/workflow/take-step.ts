import type { Fault } from '../../errors/problem.ts';
import { stateOf } from '../../workflow/judge-transition.ts';
import type { Vote } from '../../workflow/approvals.ts';
import type { MachineTransition } from '../../workflow/machine.ts';
import type { Draft } from '../draft.ts';
import { evaluate, fitChecked } from '../evaluate-record.ts';
import type { RuledRecord, Ruling } from './ruling.ts';

/** A step on its way into the database. */
export interface TakenStep {
  readonly ruling: Ruling;
  readonly transition: MachineTransition;
  readonly from: string;
  readonly opinion: string | null;
  /** One approval of several: the record stays where it is. */
  readonly vote?: Vote;
}

/** Moves the draft: sets what the transition's actions say, then the state. */
export function takeStep(
  ruled: RuledRecord,
  ruling: Ruling,
  transition: MachineTransition,
  draft: Draft,
  opinion: string | null,
  faults: Fault[],
): TakenStep {
  const { record, calculation } = ruled;
  const from = stateOf(transition.region, draft.values);
  const named = { opinion };
  for (const { document, when, values } of transition.actions) {
    if (document.action !== 'set') continue;
    if (when !== null && evaluate(when, record, calculation, named) !== true) continue;
    // All are calculated before one is set, so that their order does not matter.
    const next = values.map(({ name, expression }) => ({
      field: draft.entity.fields.get(name)!,
      value: evaluate(expression, record, calculation, named),
    }));
    for (const { field, value } of next) draft.values[field.name] = fitChecked(field, value, record, faults);
  }
  const { region, document } = transition;
  if (!region.isCalculated) draft.values[region.field.name] = document.to;
  return { ruling, transition, from, opinion };
}
