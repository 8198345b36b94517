import type { Fault } from '../../errors/problem.ts';
import type { Queryable } from '../../store/database.ts';
import { machinesOf } from '../../workflow/machines-of.ts';
import type { Draft } from '../draft.ts';
import type { CalculationScope } from '../evaluate-record.ts';
import { isEmptyValue } from '../same-value.ts';
import { machinesRuling } from './ruling.ts';
import { stateFault } from './state-faults.ts';

/**
 * A new record stands in the initial state of each region, whatever the field's default; another one is refused, but
 * of sample data, which tells of a past.
 * @returns whether the draft was changed
 */
export async function startStates(
  calculation: CalculationScope,
  db: Queryable,
  draft: Draft,
  faults: Fault[],
): Promise<boolean> {
  const { entity, values, previous, sent } = draft;
  if (previous !== null) return false;
  const machines = machinesOf(calculation.context.model, entity).filter(({ regions }) =>
    regions.some((region) => !region.isCalculated),
  );
  if (machines.length === 0) return false;
  const isPast = calculation.context.source === 'demo';
  let changed = false;
  for (const { regions } of await machinesRuling(
    calculation,
    db,
    { entity, values, previous, at: '' },
    machines,
  )) {
    for (const { field, isCalculated, document } of regions) {
      const state = values[field.name];
      if (isCalculated || state === document.initial) continue;
      if (isPast && typeof state === 'string' && Object.hasOwn(document.states, state)) continue;
      if (sent.has(field.name) && !isEmptyValue(values[field.name])) faults.push(stateFault(field.name));
      else {
        values[field.name] = document.initial;
        changed = true;
      }
    }
  }
  return changed;
}
