import type { Fault } from '../../errors/problem.ts';
import type { Queryable } from '../../store/database.ts';
import { machinesOf } from '../../workflow/machines-of.ts';
import type { Draft } from '../draft.ts';
import type { CalculationScope } from '../evaluate-record.ts';
import { pointerSegment } from '../query-problem.ts';
import { sameValue } from '../same-value.ts';
import { faultAt } from '../value-fault.ts';
import { machinesRuling } from './ruling.ts';
import type { TakenStep } from './take-step.ts';

/** The fault of a state that is written past the transitions. */
export function stateFault(field: string): Fault {
  return faultAt(
    `/${pointerSegment(field)}`,
    'MRT_VALUE_STATE',
    '状态只能通过流程操作改变。',
    'The state is changed by transitions only.',
  );
}

/**
 * States that a write changes without a transition: sent by a client, set by a hook, or calculated from what was
 * changed. Asked of the finished draft, so there is no way round it.
 */
export async function stateFaults(
  calculation: CalculationScope,
  db: Queryable,
  draft: Draft,
  steps: readonly TakenStep[],
): Promise<readonly Fault[]> {
  const { entity, values, previous } = draft;
  if (previous === null) return [];
  const machines = machinesOf(calculation.context.model, entity);
  const moved = new Set(steps.map((step) => step.transition.region.field.name));
  const isWritten = (name: string): boolean => !moved.has(name) && !sameValue(values[name], previous[name]);
  if (!machines.some(({ regions }) => regions.some(({ field }) => isWritten(field.name)))) return [];
  const ruling = await machinesRuling(
    calculation,
    db,
    { entity, values: { ...previous }, previous, at: '' },
    machines,
  );
  return ruling.flatMap(({ regions }) =>
    regions.filter(({ field }) => isWritten(field.name)).map(({ field }) => stateFault(field.name)),
  );
}
