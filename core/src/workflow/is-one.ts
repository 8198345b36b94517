import type { ActorParameters } from '../access/actor-parameters.ts';
import type { TransitionCase } from './judge-transition.ts';
import { AUTHOR_UNIT, type MachineTransition, type MachineWho } from './machine.ts';

/** Is the actor this alternative of a transition? */
export function isOne(
  { document, expr }: MachineWho,
  transition: MachineTransition,
  on: TransitionCase,
): boolean {
  const { actor } = on;
  if (document.roles && !on.roles.some((role) => document.roles?.[role] === true)) return false;
  if (document.unit && !isInUnit(document.unit, on.values['unit'], actor)) return false;
  if (document.authorUnit && !isInUnit(document.authorUnit, on.valueAt(AUTHOR_UNIT), actor)) return false;
  if (
    document.unitOf &&
    !isInUnit(document.unitOf.within, on.valueAt(`${document.unitOf.field}.unit`), actor)
  )
    return false;
  if (document.supervisorOf !== undefined && !on.isAbove(on.values[document.supervisorOf])) return false;
  if (document.field !== undefined && on.valueAt(document.field) !== actor.me) return false;
  if (document.stepBy) {
    const last = on.steps.filter((step) => step.region === transition.region.name).at(-1);
    // What somebody did for another is the other's to take back.
    if (!last || (last.behalf ?? last.by) !== actor.me || document.stepBy[last.transition] !== true)
      return false;
  }
  if (document.approverOf !== undefined && !on.isAskedBy(document.approverOf)) return false;
  return expr === null || on.evaluate(expr) === true;
}

function isInUnit(how: 'same' | 'below', unit: unknown, actor: ActorParameters): boolean {
  if (typeof unit !== 'string') return false;
  return how === 'same' ? unit === actor.unit : actor.units.includes(unit);
}
