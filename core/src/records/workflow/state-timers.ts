import type { Context } from '../../context/context.ts';
import type { DeadlineDocument, RegionDocument } from '../../model/workflow-document.ts';
import type { Transaction } from '../../store/database.ts';
import { uuid7 } from '../../store/uuid7.ts';
import type { Machine, MachineRegion } from '../../workflow/machine.ts';
import { afterWorkingTime } from '../../workflow/working-time.ts';
import { machinesOf } from '../../workflow/machines-of.ts';
import type { Draft } from '../draft.ts';
import type { CalculationScope } from '../evaluate-record.ts';
import { RelatedValues } from '../related-values.ts';
import { runPoint } from '../write-points.ts';
import type { WriteScope } from '../write-scope.ts';
import { machinesRuling } from './ruling.ts';

const DAY_MS = 86_400_000;

const INSERT = `INSERT INTO mortise.timer
    (id, due_at, entity, record_id, workflow, region, field, state, deadline, document, created_at)
  SELECT x.id, x.due_at, $1, $2::uuid, $3, $4, $5, $6, x.deadline, x.document, $7::timestamptz
  FROM json_to_recordset($8::json) AS x(id uuid, due_at timestamptz, deadline text, document json)`;
const DELETE =
  'DELETE FROM mortise.timer WHERE entity = $1 AND record_id = $2::uuid AND workflow = $3 AND region = $4';

function hasDeadlines({ states }: RegionDocument): boolean {
  return Object.values(states).some(({ deadlines }) => deadlines !== undefined);
}

/** When a deadline is due for a record that enters its state now. */
function dueAfter({ after }: DeadlineDocument, { now, model, timeZone }: Context): Date {
  const minutes = (after.hours ?? 0) * 60 + (after.minutes ?? 0);
  if (after.working === true)
    return afterWorkingTime(model.settings.businessHours, now, { days: after.days ?? 0, minutes }, timeZone);
  return new Date(now.getTime() + (after.days ?? 0) * DAY_MS + minutes * 60_000);
}

async function setTimers(
  context: Context,
  tx: Transaction,
  draft: Draft,
  machine: Machine,
  { name, document, field }: MachineRegion,
  state: string,
): Promise<void> {
  const timers = Object.entries(document.states[state]?.deadlines ?? {}).map(([deadline, each]) => ({
    id: uuid7(),
    due_at: dueAfter(each, context).toISOString(),
    deadline,
    document: each,
  }));
  if (timers.length === 0) return;
  const now = context.now.toISOString();
  const of = [draft.entity.name, draft.id, machine.document.name, name, field.name, state];
  await runPoint(tx, 'step', { text: INSERT, values: [...of, now, JSON.stringify(timers)] });
}

/** The deadlines of the state that a step left are off, those of the state it led into begin. */
export async function moveTimers(
  context: Context,
  tx: Transaction,
  draft: Draft,
  machine: Machine,
  region: MachineRegion,
  to: string,
): Promise<void> {
  if (!hasDeadlines(region.document)) return;
  const values = [draft.entity.name, draft.id, machine.document.name, region.name];
  await runPoint(tx, 'step', { text: DELETE, values });
  await setTimers(context, tx, draft, machine, region, to);
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
