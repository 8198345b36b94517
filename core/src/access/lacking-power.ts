import type { Model } from '../model/model.ts';
import type { Access } from './access.ts';
import type { PersonalGrant } from './personal-grant.ts';
import { rolesInForce } from './role-inheritance.ts';

/**
 * A power over the platform that one of the roles (or what they inherit) holds, or that was given personally, and that
 * the actor lacks, or null. Whoever gives a role, or takes over the account of one who has it, would come to that
 * power himself (SEC-06). Functions of the daily work are no way to more rights, so that they may be handed out
 * without being held.
 */
export function lackingPower(
  model: Model,
  access: Access,
  roles: readonly string[],
  personal: readonly PersonalGrant[] = [],
): string | null {
  const given = rolesInForce(model, roles).flatMap((role) =>
    Object.entries(model.roles.get(role)?.functions ?? {}).flatMap(([name, held]) => (held ? [name] : [])),
  );
  const own = personal.flatMap(({ effect, functionName }) =>
    effect === 'allow' && functionName !== null ? [functionName] : [],
  );
  return [...given, ...own].find((name) => isPower(name) && !access.mayUse(name)) ?? null;
}

/** Wildcards hold what they will one day cover too: who has one by one what they cover now has not got them. */
export function isPower(name: string): boolean {
  return name === '*' || name.endsWith('.*') || name.endsWith('.configure');
}
