import type { Context } from '../../context/context.ts';
import type { Transaction } from '../../store/database.ts';
import type { Machine, MachineRegion } from '../../workflow/machine.ts';
import { machinesOf } from '../../workflow/machines-of.ts';
import { startDeadlines } from '../../workflow/state-deadlines.ts';
import type { Draft } from '../draft.ts';
import type { CalculationScope } from '../evaluate-record.ts';
import { RelatedValues } from '../related-values.ts';
import { runPoint } from '../write-points.ts';
import type { WriteScope } from '../write-scope.ts';
import { machinesRuling } from './ruling.ts';

/** Begins the deadlines of the state that a record enters. */
export async function setTimers(
  context: Context,
  tx: Transaction,
  { entity, id }: Pick<Draft, 'entity' | 'id'>,
  machine: Machine,
  { name, document, field }: MachineRegion,
  state: string,
): Promise<void> {
  const statement = startDeadlines(context, document.states[state], {
    entity: entity.name,
    ids: [id],
    workflow: machine.document.name,
    region: name,
    field: field.name,
    state,
  });
  if (statement) await runPoint(tx, 'step', statement);
}

/** Does a new record of this kind begin with deadlines? */
function beginsWithDeadlines({ model }: Context, { entity }: Draft): boolean {
  return machinesOf(model, entity).some(({ regions }) =>
    regions.some(({ document }) => document.states[document.initial]?.deadlines !== undefined),
  );
}

/** The deadlines of the states in which a new record begins. */
export async function startTimers(
  scope: WriteScope,
  context: Context,
  tx: Transaction,
  draft: Draft,
): Promise<void> {
  if (!beginsWithDeadlines(context, draft)) return;
  const { entity, values } = draft;
  const related = new RelatedValues(context.model);
  const calculation: CalculationScope = { context, dictionaries: scope.dictionaries, related };
  const record = { entity, values, previous: null, at: '' };
  for (const machine of await machinesRuling(calculation, tx, record, machinesOf(context.model, entity)))
    for (const region of machine.regions)
      await setTimers(context, tx, draft, machine, region, region.document.initial);
}
