import type { RoleDocument } from '../model/documents.ts';
import type { PersonalGrant } from './personal-grant.ts';

/** The names by which a function permission may be given: itself, its family, all. */
export function entriesFor(name: string): readonly string[] {
  return [name, `${name.split('.')[0]}.*`, '*'];
}

function namesOf(entries: Readonly<Record<string, boolean>> | undefined): readonly string[] {
  return Object.entries(entries ?? {}).flatMap(([name, isOn]) => (isOn ? [name] : []));
}

/** Function permissions (SEC-06) in the order of SEC-04: own refusal, own allowance, refusal of a role, allowance. */
export function compileFunctions(
  roles: readonly RoleDocument[],
  personal: readonly PersonalGrant[],
): (name: string) => boolean {
  const own = (effect: PersonalGrant['effect']): ReadonlySet<string> =>
    new Set(personal.flatMap((each) => (each.effect === effect && each.functionName) || []));
  const ranks = [
    { set: own('deny'), answer: false },
    { set: own('allow'), answer: true },
    { set: new Set(roles.flatMap((role) => namesOf(role.refusedFunctions))), answer: false },
    { set: new Set(roles.flatMap((role) => namesOf(role.functions))), answer: true },
  ];
  return (name) => ranks.find(({ set }) => entriesFor(name).some((entry) => set.has(entry)))?.answer ?? false;
}
