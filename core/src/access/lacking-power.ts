import type { Model } from '../model/model.ts';
import type { Access } from './access.ts';

/**
 * A power over the platform that the role holds and the actor lacks, or null. Whoever gives a role, or takes over the
 * account of one who has it, would come to that power himself (SEC-06). Functions of the daily work are no way to
 * more rights, so that they may be handed out without being held.
 */
export function lackingPower(model: Model, access: Access, role: string): string | null {
  const functions = Object.entries(model.roles.get(role)?.functions ?? {});
  return functions.find(([name, held]) => held && isPower(name) && !access.mayUse(name))?.[0] ?? null;
}

/** Wildcards hold what they will one day cover too: who has one by one what they cover now has not got them. */
function isPower(name: string): boolean {
  return name === '*' || name.endsWith('.*') || name.endsWith('.configure');
}
