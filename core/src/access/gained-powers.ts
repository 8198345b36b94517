import type { Fault } from '../errors/problem.ts';
import type { Model } from '../model/model.ts';
import type { Access } from './access.ts';
import { isPower } from './lacking-power.ts';
import { rolesInForce } from './role-inheritance.ts';

/**
 * Whoever holds all of these could come to any other power by them. Fixed here and not read from a role: whoever writes
 * roles could make it smaller until he fits it.
 */
const FULL = ['metadata', 'dictionaries', 'plugins', 'users', 'roles', 'settings'].map(
  (area) => `${area}.configure`,
);

/**
 * The powers that roles of the next model hold and did not hold before, themselves or by what they inherit, and that the
 * actor lacks: who may write roles must not write himself one by that (SEC-06). A full administrator may write any role.
 */
export function gainedPowers(access: Access, before: Model, next: Model): readonly Fault[] {
  if (FULL.every((power) => access.mayUse(power))) return [];
  return [...next.roles.keys()].flatMap((role) => {
    const had = powersOf(before, role);
    const own = next.roles.get(role)?.functions ?? {};
    return [...powersOf(next, role)]
      .filter((power) => !had.has(power) && !access.mayUse(power))
      .map((power) => ({
        path: own[power] ? `role/${role}#/functions/${power}` : `role/${role}#/inherits`,
        code: 'MRT_VALUE_ROLE_HIGHER',
        message: {
          'zh-CN': `您没有“${power}”功能权限,不能写入角色。`,
          en: `You lack the function permission “${power}”; you cannot give it to a role.`,
        },
      }));
  });
}

function powersOf(model: Model, role: string): ReadonlySet<string> {
  const all = rolesInForce(model, [role]).flatMap((name) =>
    Object.entries(model.roles.get(name)?.functions ?? {}),
  );
  return new Set(all.flatMap(([name, held]) => (held && isPower(name) ? [name] : [])));
}
