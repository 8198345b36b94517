import type { Context } from '../../context/context.ts';
import { isUuid } from '../../fields/uuid.ts';
import { notify } from '../../notify/notify.ts';
import type { Row, Transaction } from '../../store/database.ts';
import { uuid7 } from '../../store/uuid7.ts';
import type { LocaleText } from '../../text/locale.ts';
import type { Draft } from '../draft.ts';
import { touch } from '../load-record.ts';
import type { WriteOptions } from '../records.ts';
import { runPoint } from '../write-points.ts';
import type { WriteScope } from '../write-scope.ts';
import { writeStatement } from '../write-statement.ts';

/** A waiting step of a record that somebody else is to take. */
export interface PassedOn {
  readonly workflow: string;
  readonly region: string;
  /** The state that it waits in, as it is called. */
  readonly state: LocaleText;
  /** Null where it waited for a role. */
  readonly from: string | null;
  readonly transitions: readonly string[];
  /** Alternatives that he acts as (`alternativeKey`). */
  readonly as: readonly string[];
}

const INSERT = `INSERT INTO mortise.workflow_assignment
    (id, entity, record_id, workflow, region, from_user, to_user, transitions, "as", "by", reason, version, labels)
  VALUES ($1::uuid, $2, $3::uuid, $4, $5, $6::uuid, $7::uuid, $8::text[], $9::text[], $10::uuid, $11, $12::integer, $13::json)`;

/** Writes to whom steps of a record were passed on, with a row of its history, and tells him. */
export async function writePassedOn(
  scope: WriteScope,
  context: Context,
  tx: Transaction,
  draft: Draft,
  steps: readonly PassedOn[],
  to: { readonly id: string; readonly displayName: string },
  options: WriteOptions,
): Promise<void> {
  const { entity, id } = draft;
  const reason = options.reason ?? null;
  touch(context, draft);
  const label = { 'zh-CN': `转办给${to.displayName}`, en: `Passed on to ${to.displayName}` };
  const by = isUuid(context.actor.id) ? context.actor.id : null;
  for (const { workflow, region, state, from, transitions, as } of steps) {
    const labels = JSON.stringify({ label, from: state, to: state });
    const given = [workflow, region, from, to.id, transitions, as, by, reason];
    const values = [uuid7(), entity.name, id, ...given, Number(draft.values['version']), labels];
    await tx.query({ text: INSERT, values });
  }
  await runPoint<Row>(tx, 'write', writeStatement(context, draft, 'update', options).statement);
  await notify(tx, context, {
    users: [to.id],
    kind: 'asked',
    text: { 'zh-CN': '转办给您,请您办理', en: 'passed on to you — waiting for you' },
    record: { entity: entity.name, id },
    detail: reason,
  });
  tx.afterCommit(() => scope.written?.({ entity: entity.name, id, action: 'update' }, context));
}
