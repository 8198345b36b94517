import type { Context } from '../../context/context.ts';
import type { Row, Transaction } from '../../store/database.ts';
import { machinesOf } from '../../workflow/machines-of.ts';
import { stateOf } from '../../workflow/judge-transition.ts';
import type { Draft } from '../draft.ts';
import { draftOf, loadRecord } from '../load-record.ts';
import type { WriteOptions } from '../records.ts';
import { writePassedOn, type PassedOn } from '../workflow/write-passed-on.ts';
import type { WriteScope } from '../write-scope.ts';

interface AssignmentRow extends Row, Omit<PassedOn, 'state' | 'from'> {
  readonly entity: string;
  readonly record_id: string;
}

/** What was passed on to a person and he has not passed on himself. */
const HIS = `SELECT a.entity, a.record_id, a.workflow, a.region, a.transitions, a."as" FROM mortise.workflow_assignment a
  WHERE a.to_user = $1::uuid AND a.ended_at IS NULL AND NOT EXISTS (SELECT 1 FROM mortise.workflow_assignment l
    WHERE l.entity = a.entity AND l.record_id = a.record_id AND l.workflow = a.workflow AND l.region = a.region
      AND l.ended_at IS NULL AND l.from_user = a.to_user AND l.id > a.id)
  ORDER BY a.entity, a.record_id, a.id`;

/**
 * Passes the steps on that were passed on to a leaving person, to those who take over, as if he had done so himself.
 * Undoing the hand-over leaves them there: who has them may give them back.
 * @param takerOf who gets what waits on a record
 * @returns how many records there were
 */
export async function passAssignments(
  scope: WriteScope,
  context: Context,
  tx: Transaction,
  leaver: string,
  takerOf: (draft: Draft) => { readonly id: string; readonly displayName: string },
  options: WriteOptions,
): Promise<number> {
  const rows = await tx.query<AssignmentRow>({ text: HIS, values: [leaver] });
  const byRecord = Map.groupBy(rows, (row) => `${row.entity}/${row.record_id}`);
  let passed = 0;
  for (const own of byRecord.values()) {
    const { entity: name, record_id: id } = own[0]!;
    const entity = context.model.entities.get(name);
    const loaded = entity ? await loadRecord(tx, context, entity, id) : null;
    // What a plugin that is switched off keeps waits until it is on again: a manager passes it on then.
    if (!entity || !loaded) continue;
    const draft = draftOf(context, entity, loaded);
    const regions = machinesOf(context.model, entity).flatMap((machine) =>
      machine.regions.map((region) => ({ workflow: machine.document.name, region })),
    );
    const steps = own.map(({ workflow, region: of, transitions, as }): PassedOn => {
      const region = regions.find((each) => each.workflow === workflow && each.region.name === of)?.region;
      const state = region ? stateOf(region, draft.values) : '';
      const label = region?.document.states[state]?.label ?? { 'zh-CN': state, en: state };
      return { workflow, region: of, state: label, from: leaver, transitions, as };
    });
    await writePassedOn(scope, context, tx, draft, steps, takerOf(draft), options);
    passed += 1;
  }
  return passed;
}
