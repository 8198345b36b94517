import type { FieldLevel, GrantDocument, RecordAction, RoleDocument, Scope } from '@mortise/core/contract';

/** Scopes narrow to wide, as they are offered. */
export const SCOPES: readonly Scope[] = [
  'none',
  'own',
  'created',
  'subordinates',
  'unit',
  'team',
  'territory',
  'below',
  'all',
];
export const LEVELS: readonly FieldLevel[] = ['hidden', 'masked', 'read', 'write'];

/** A grant with the key it has in the role. */
export interface NamedGrant {
  readonly name: string;
  readonly grant: GrantDocument;
}

/** The role's own grants on an entity, in order. */
export function grantsOf(role: RoleDocument, entity: string): readonly NamedGrant[] {
  return Object.entries(role.grants).flatMap(([name, grant]) =>
    grant.entity === entity ? { name, grant } : [],
  );
}

/** The one that the matrix edits: an unconditional allowance of whole records. */
export function mainGrant(role: RoleDocument, entity: string): NamedGrant | null {
  const isMain = ({ grant }: NamedGrant): boolean =>
    grant.effect !== 'deny' && grant.when === undefined && grant.fields?.['*'] !== 'hidden';
  return grantsOf(role, entity).find(isMain) ?? null;
}

/** A key that no grant of the role has yet. */
export function freeName(role: RoleDocument, wished: string): string {
  let name = wished;
  for (let number = 2; name in role.grants; number += 1) name = `${wished}_${number}`;
  return name;
}

/** The role with one grant replaced or added, or, with null, taken away. */
export function withGrant(role: RoleDocument, name: string, grant: GrantDocument | null): RoleDocument {
  const { [name]: _, ...others } = role.grants;
  if (grant === null) return { ...role, grants: others };
  // A changed grant stays where it was.
  return {
    ...role,
    grants: name in role.grants ? { ...role.grants, [name]: grant } : { ...others, [name]: grant },
  };
}

/**
 * The role with another scope of an action. To name an entity takes it out of the grant for all others (`*`), so that
 * what that one gives is copied first.
 */
export function withScope(
  role: RoleDocument,
  entity: string,
  action: RecordAction,
  scope: Scope,
): RoleDocument {
  const main = mainGrant(role, entity) ?? copyOfGeneral(role, entity);
  const { [action]: _, ...others } = main.grant.actions;
  const actions = scope === 'none' ? others : { ...others, [action]: scope };
  return withGrant(role, main.name, { ...main.grant, actions });
}

function copyOfGeneral(role: RoleDocument, entity: string): NamedGrant {
  const hasOwn = grantsOf(role, entity).some(({ grant }) => grant.effect !== 'deny');
  const general = Object.values(role.grants).find((grant) => grant.entity === '*' && grant.effect !== 'deny');
  const base: GrantDocument = hasOwn || !general ? { entity, actions: {} } : { ...general, entity };
  return { name: freeName(role, entity), grant: base };
}

/** The grant with another level of a field; null: as the other fields. */
export function withLevel(grant: GrantDocument, field: string, level: FieldLevel | null): GrantDocument {
  const { [field]: _, ...others } = grant.fields ?? {};
  const fields = level === null ? others : { ...others, [field]: level };
  const { fields: __, ...rest } = grant;
  return Object.keys(fields).length > 0 ? { ...rest, fields } : rest;
}

/** The grant under another condition; an empty one is none. */
export function withCondition(grant: GrantDocument, condition: string): GrantDocument {
  const { when: _, ...rest } = grant;
  return condition.trim() === '' ? rest : { ...rest, when: condition.trim() };
}

/** What a role says of a function. */
export type FunctionState = 'none' | 'given' | 'refused';

export function functionState(role: RoleDocument, name: string): FunctionState {
  if (role.refusedFunctions?.[name] === true) return 'refused';
  return role.functions?.[name] === true ? 'given' : 'none';
}

export function withFunction(role: RoleDocument, name: string, state: FunctionState): RoleDocument {
  const { [name]: _, ...functions } = role.functions ?? {};
  const { [name]: __, ...refused } = role.refusedFunctions ?? {};
  if (state === 'given') Object.assign(functions, { [name]: true });
  if (state === 'refused') Object.assign(refused, { [name]: true });
  const { refusedFunctions: ___, ...rest } = role;
  return { ...rest, functions, ...(Object.keys(refused).length > 0 ? { refusedFunctions: refused } : {}) };
}

export function withInherited(role: RoleDocument, name: string, on: boolean): RoleDocument {
  const { [name]: _, ...others } = role.inherits ?? {};
  const inherits = on ? { ...others, [name]: true } : others;
  const { inherits: __, ...rest } = role;
  return Object.keys(inherits).length > 0 ? { ...rest, inherits } : rest;
}

/** Would the role inherit itself? */
export function leadsBack(roles: readonly RoleDocument[], from: string, to: string): boolean {
  const byName = new Map(roles.map((role) => [role.name, role]));
  const reached = new Set([to]);
  for (const name of reached)
    for (const [above, on] of Object.entries(byName.get(name)?.inherits ?? {})) if (on) reached.add(above);
  return reached.has(from);
}
