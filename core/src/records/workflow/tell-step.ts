import type { Context } from '../../context/context.ts';
import { notify, type Notice } from '../../notify/notify.ts';
import type { Transaction } from '../../store/database.ts';
import { progressOf } from '../../workflow/approvals.ts';
import { stateOf, type Step, type TransitionCase } from '../../workflow/judge-transition.ts';
import type { LocaleText } from '../../text/locale.ts';
import type { Draft } from '../draft.ts';
import { caseOf, type RuledRecord } from './ruling.ts';
import type { TakenStep } from './take-step.ts';

/** `任务:已分配 — 等待您办理` / `Task: assigned — waits for you`. */
function asked(label: LocaleText): LocaleText {
  return { 'zh-CN': `${label['zh-CN']},请您办理`, en: `${label.en} — waiting for you` };
}

/**
 * The people whom fields name for what the state waits for, and who have not approved yet: not roles, whose queue
 * everybody sees.
 */
function waitedFor({ ruling, transition }: TakenStep, on: TransitionCase, draft: Draft): unknown[] {
  const state = stateOf(transition.region, draft.values);
  return [...ruling.machine.transitions.values()].flatMap((each) => {
    const { document, region } = each;
    const isExpected =
      region === transition.region &&
      document.from[state] === true &&
      document.on !== 'change' &&
      document.aside !== true;
    if (!isExpected) return [];
    const open = each.parts.length > 0 ? progressOf(each, on).open : [];
    return [...each.who, ...open.flatMap(({ who }) => who)].flatMap(({ document: { field } }) =>
      field === undefined ? [] : [on.valueAt(field)],
    );
  });
}

/**
 * Tells who a step concerns: whoever has to act now by a field of the record, and whom the transition names
 * (`notify`). Nobody is told twice; one approval of several is told to the next approvers only.
 */
export async function tellStep(
  context: Context,
  tx: Transaction,
  ruled: RuledRecord,
  step: TakenStep,
  draft: Draft,
): Promise<void> {
  const { ruling, transition, opinion, vote } = step;
  const record = { entity: draft.entity.name, id: draft.id };
  const { document, region, name } = transition;
  const before = caseOf(ruled, ruling, null);
  const taken: Step = {
    transition: name,
    region: region.name,
    by: context.actor.id,
    behalf: context.behalf?.id ?? null,
    vote: vote ?? null,
  };
  const on: TransitionCase = { ...before, steps: [...before.steps, taken] };
  const state = region.document.states[stateOf(region, draft.values)]?.label ?? document.label;
  // Who has approved already, or was asked before and waits with others, is not asked again.
  const already = new Set(vote ? waitedFor(step, before, draft) : []);
  const acting = new Set(waitedFor(step, on, draft).filter((user) => !already.has(user)));
  const named = vote ? [] : Object.keys(document.notify ?? {}).map((field) => on.valueAt(field));
  const told: readonly Notice[] = [
    { users: [...acting], kind: 'asked', text: asked(state), record, detail: opinion },
    {
      users: named.filter((user) => !acting.has(user)),
      kind: 'step',
      text: document.label,
      record,
      detail: opinion,
    },
  ];
  for (const notice of told) await notify(tx, context, notice);
}
