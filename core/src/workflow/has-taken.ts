import type { Step, TransitionCase } from './judge-transition.ts';

/** Is it the actor, or the colleague for whom he acts? Several eyes look through a deputy: two people are needed. */
export function isSame(user: unknown, { actor }: Pick<TransitionCase, 'actor'>): boolean {
  return typeof user === 'string' && (user === actor.me || user === actor.acting);
}

/** Has the actor, or the colleague for whom he acts, taken the step, or had it taken for him? */
export function hasTaken({ by, behalf }: Step, on: Pick<TransitionCase, 'actor'>): boolean {
  return isSame(by, on) || isSame(behalf, on);
}
