import type { ApprovalPartDocument } from '../model/workflow-document.ts';
import { hasTaken } from './has-taken.ts';
import { isAsked } from './is-asked.ts';
import type { Step, TransitionCase } from './judge-transition.ts';
import type { MachinePart, MachineTransition } from './machine.ts';

/** An approval that was given: for which part, and which of its alternatives the person was. */
export interface Vote {
  readonly part: string;
  readonly as: readonly string[];
}

/** Where the approvals of a transition stand. */
export interface ApprovalProgress {
  /** Parts that apply to the record, in their order. */
  readonly parts: readonly { readonly part: MachinePart; readonly isDone: boolean }[];
  /** Parts whose approval is asked for now. */
  readonly open: readonly MachinePart[];
}

/** Do approvals count in a region: given since it came to the state it is in? */
export function hasVotes(region: string, steps: readonly Step[]): boolean {
  return Boolean(steps.findLast((step) => step.region === region)?.vote);
}

/** Approvals given since the region came to the state it is in. */
function votesOf(transition: MachineTransition, steps: readonly Step[]): readonly Step[] {
  const votes: Step[] = [];
  for (const step of steps.toReversed()) {
    if (step.region !== transition.region.name) continue;
    if (!step.vote) break;
    if (step.transition === transition.name) votes.push(step);
  }
  return votes;
}

function isDone({ name, document, who }: MachinePart, votes: readonly Step[]): boolean {
  const own = votes.filter(({ vote }) => vote?.part === name);
  const need: ApprovalPartDocument['need'] = document.need ?? 'any';
  if (need === 'any') return own.length > 0;
  if (need === 'all') {
    const given = new Set(own.flatMap(({ vote }) => vote?.as ?? []));
    return who.every((each) => given.has(each.name));
  }
  return new Set(own.map(({ by }) => by)).size >= need;
}

/** How far the approvals of a transition are, by the steps of the running round. */
export function progressOf(transition: MachineTransition, on: TransitionCase): ApprovalProgress {
  const votes = votesOf(transition, on.steps);
  const parts = transition.parts
    .filter(({ when }) => when === null || on.evaluate(when) === true)
    .map((part) => ({ part, isDone: isDone(part, votes) }));
  const left = parts.filter((each) => !each.isDone).map(({ part }) => part);
  const isParallel = transition.document.approvals?.order === 'parallel';
  return { parts, open: isParallel ? left : left.slice(0, 1) };
}

/** The approval that the actor would give now: one part at a time. Null where none is asked of him. */
export function voteOf(transition: MachineTransition, on: TransitionCase): Vote | null {
  const votes = votesOf(transition, on.steps);
  for (const part of progressOf(transition, on).open) {
    if (votes.some((step) => step.vote?.part === part.name && hasTaken(step, on))) continue;
    const as = part.who.filter((who) => isAsked(who, transition, on, part.name)).map(({ name }) => name);
    if (as.length > 0) return { part: part.name, as };
  }
  return null;
}

/** Is the transition through once this approval is given? */
export function completes(transition: MachineTransition, on: TransitionCase, vote: Vote): boolean {
  const step: Step = {
    transition: transition.name,
    region: transition.region.name,
    by: on.actor.acting,
    vote,
  };
  return progressOf(transition, { ...on, steps: [...on.steps, step] }).open.length === 0;
}
