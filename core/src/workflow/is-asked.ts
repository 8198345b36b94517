import { isOne } from './is-one.ts';
import type { TransitionCase } from './judge-transition.ts';
import type { MachineTransition, MachineWho } from './machine.ts';

/** A waiting step that one person passed on to another. */
export interface Assignment {
  readonly region: string;
  /** Null where the step waited for a role. */
  readonly from: string | null;
  readonly to: string;
  /** Alternatives that he acts as, by {@link alternativeKey}. */
  readonly as: readonly string[];
  /** It was given to somebody who has left since: who gave it is asked again. */
  readonly isVoid: boolean;
}

/** An alternative of a transition, or of one of its approvals. */
export function alternativeKey(transition: string, part: string | null, who: string): string {
  return `${transition}/${part ?? ''}/${who}`;
}

/**
 * Is the actor this alternative, or was it passed on to him? Who passed his step on is no longer asked; of several
 * assignments that concern a person the last one holds. One to somebody who has left holds only where he himself is
 * looked at, so that it can be passed on from him.
 */
export function isAsked(
  who: MachineWho,
  transition: MachineTransition,
  on: TransitionCase,
  part: string | null = null,
): boolean {
  const { me } = on.actor;
  const last = on.assignments.findLast(
    ({ region, from, to, isVoid }) =>
      region === transition.region.name && me !== null && ((from === me && !isVoid) || to === me),
  );
  if (last?.to === me && last?.as.includes(alternativeKey(transition.name, part, who.name))) return true;
  return (last === undefined || last.to === me) && isOne(who, transition, on);
}
