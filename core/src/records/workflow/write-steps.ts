import type { Context } from '../../context/context.ts';
import { isUuid } from '../../fields/uuid.ts';
import type { Transaction } from '../../store/database.ts';
import { uuid7 } from '../../store/uuid7.ts';
import type { LocaleText } from '../../text/locale.ts';
import { hasVotes } from '../../workflow/approvals.ts';
import { leaveStateSql } from '../../workflow/leave-state.ts';
import type { MachineTransition } from '../../workflow/machine.ts';
import { stateOf } from '../../workflow/judge-transition.ts';
import type { Draft } from '../draft.ts';
import { runPoint } from '../write-points.ts';
import { setTimers } from './state-timers.ts';
import type { TakenStep } from './take-step.ts';

const WRITE = `WITH definition AS (
    INSERT INTO mortise.workflow_definition (hash, name, document) VALUES ($1, $2, $3::json) ON CONFLICT (hash) DO NOTHING
  ), instance AS (
    INSERT INTO mortise.workflow_instance (id, entity, record_id, workflow, definition, ended_at, closed_at)
    VALUES ($4::uuid, $5, $6::uuid, $2, $1, CASE WHEN $7::boolean THEN now() END, CASE WHEN $8::boolean THEN now() END)
    ON CONFLICT (id) DO UPDATE SET closed_at = excluded.closed_at,
      ended_at = CASE WHEN $18::json IS NULL THEN excluded.ended_at ELSE workflow_instance.ended_at END
  ), ${leaveStateSql({ entity: '$5', records: 'ARRAY[$6::uuid]', workflow: '$2', region: '$11' }, '$18::json IS NULL')}
  INSERT INTO mortise.workflow_step
    (id, instance, entity, record_id, version, region, transition, from_state, to_state, labels, "by", opinion, vote, behalf)
    VALUES ($9::uuid, $4::uuid, $5, $6::uuid, $10::integer, $11, $12, $13, $14, $15::json, $16::uuid, $17, $18::json, $19::uuid)`;

/** Writes the steps of a draft beside it, in the transaction of the record: one statement each. */
export async function writeSteps(
  context: Context,
  tx: Transaction,
  draft: Draft,
  steps: readonly TakenStep[],
): Promise<void> {
  // Two regions may move at once; they share the round that the first of them begins.
  const begun = new Map<string, string>();
  const moved = new Set(steps.map(({ transition }) => transition.region));
  for (const { ruling, transition, from, opinion, vote } of steps) {
    const to = vote ? from : transition.document.to;
    const { machine, instance } = ruling;
    const { region, document, name } = transition;
    const states = machine.regions.map((each) => ({
      state: stateOf(each, draft.values),
      document: each.document,
    }));
    const id = instance?.id ?? begun.get(machine.document.name) ?? uuid7();
    begun.set(machine.document.name, id);
    const text = (state: string) => region.document.states[state]?.label ?? { 'zh-CN': state, en: state };
    const values = [
      machine.hash,
      machine.document.name,
      JSON.stringify(machine.document),
      id,
      draft.entity.name,
      draft.id,
      // An approval of several moves nothing: it begins a round even at the start, neither ends nor closes one, and
      // keeps the round open in which it counts.
      !vote && states.every((each) => each.document.states[each.state]?.final === true),
      !vote &&
        states.every((each) => each.document.initial === each.state) &&
        !machine.regions.some((each) => !moved.has(each) && hasVotes(each.name, instance?.steps ?? [])),
      uuid7(),
      Number(draft.values['version']),
      region.name,
      name,
      from,
      to,
      JSON.stringify({
        label: vote ? partLabel(transition, vote.part) : document.label,
        from: text(from),
        to: text(to),
      }),
      isUuid(context.actor.id) ? context.actor.id : null,
      opinion,
      vote ? JSON.stringify(vote) : null,
      context.behalf?.id ?? null,
    ];
    await runPoint(tx, 'step', { text: WRITE, values });
    // The state that still waits keeps its deadlines.
    if (!vote) await setTimers(context, tx, draft, machine, region, document.to);
  }
}

/** `批准(部门经理)`: an approval of several says which it was. */
function partLabel({ document, parts }: MachineTransition, name: string): LocaleText {
  const part = parts.find((each) => each.name === name)?.document.label ?? { 'zh-CN': name, en: name };
  return {
    'zh-CN': `${document.label['zh-CN']}(${part['zh-CN']})`,
    en: `${document.label.en} (${part.en})`,
  };
}
