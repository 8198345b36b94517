import type { Queryable, Transaction } from '../../store/database.ts';
import { failpoint } from '../../store/failpoint.ts';
import { uuid7 } from '../../store/uuid7.ts';
import type { PlannedStep } from './online-step.ts';

const recorded = failpoint('change.steps-recorded');
/** Finished steps are kept for a while, so that an administrator can see that they are finished. */
const KEPT = '30 days';

/** Writes down, inside the transaction of the change, what is left to be done after it. */
export async function recordSteps(
  tx: Transaction,
  version: number,
  steps: readonly PlannedStep[],
): Promise<void> {
  for (const { kind, subject, label, payload } of steps) {
    await cancelSteps(tx, kind, subject);
    await tx.query({
      text: `insert into mortise.online_step (id, kind, subject, label, payload, version) values ($1, $2, $3, $4, $5, $6)`,
      values: [uuid7(), kind, subject, JSON.stringify(label), JSON.stringify(payload), version],
    });
  }
  if (steps.length > 0) {
    await tx.query({
      text: `delete from mortise.online_step where state in ('done', 'cancelled') and updated_at < now() - interval '${KEPT}'`,
    });
  }
  recorded();
}

/** Nobody wants this any more: a runner in the midst of it stops after its piece. */
export async function cancelSteps(tx: Queryable, kind: string, subject: string): Promise<void> {
  await tx.query({
    text: `update mortise.online_step set state = 'cancelled', updated_at = now()
      where kind = $1 and subject = $2 and state in ('waiting', 'running', 'failed')`,
    values: [kind, subject],
  });
}
