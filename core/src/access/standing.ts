import type { FieldLevel, GrantDocument, RecordAction, Scope } from '../model/documents.ts';
import type { RowFilter } from './circumstances.ts';
import type { PersonalGrant } from './personal-grant.ts';
import { ledBy, type StaffRow } from './supervisor-tree.ts';
import { aboveIn } from './unit-tree.ts';

/** A user group (SEC-02). What it is within gives it its roles too. */
export interface Group {
  readonly id: string;
  readonly name: string;
  readonly roles: readonly string[] | null;
  readonly within: readonly string[] | null;
  /** Those who are given no roles or groups are put into it. */
  readonly isDefault: boolean | null;
}

/** A cross-functional team (SEC-11), in force between its dates. */
export interface Team {
  readonly id: string;
  readonly leader: string | null;
  readonly members: readonly string[] | null;
  readonly from: string | null;
  readonly until: string | null;
}

/** What one person was given or refused, as it is stored. */
export interface StoredGrant {
  readonly id: string;
  readonly user: string;
  readonly effect: 'allow' | 'deny';
  readonly about: 'action' | 'field' | 'function';
  readonly entity: string | null;
  readonly action: RecordAction | null;
  readonly scope: Exclude<Scope, 'none'> | null;
  readonly field: string | null;
  readonly level: FieldLevel | null;
  readonly function: string | null;
  readonly reason: string;
  readonly until: string | null;
}

/** A department, for what is said of it and of those above it. */
export interface StoredUnit {
  readonly id: string;
  readonly name: string;
  readonly parent: string | null;
}

/** A condition on what a department sees (SEC-09), as it is stored. */
export interface StoredFilter {
  readonly id: string;
  readonly unit: string;
  readonly entity: string;
  readonly condition: string;
}

/** A colleague who stands in for another from one business date to another (SEC-16), as it is stored. */
export interface StoredDeputy {
  readonly id: string;
  /** Who is away. */
  readonly owner: string;
  readonly deputy: string;
  readonly from: string;
  readonly until: string;
  /** He takes the steps of workflows that wait for the other. */
  readonly todo: boolean | null;
  /** He takes care of the records of the other. */
  readonly records: boolean | null;
}

/** Groups, teams and personal grants of the installation at one moment. */
export interface Organisation {
  readonly groups: ReadonlyMap<string, Group>;
  readonly teams: readonly Team[];
  /** By the user's id. */
  readonly grants: ReadonlyMap<string, readonly StoredGrant[]>;
  readonly units: ReadonlyMap<string, StoredUnit>;
  readonly staff: readonly StaffRow[];
  /** Accounts that are neither deleted nor void, with their direct superiors. */
  readonly superiors: readonly {
    readonly id: string;
    readonly supervisor: string | null;
    readonly status: string | null;
  }[];
  readonly filters: readonly StoredFilter[];
  readonly deputies: readonly StoredDeputy[];
}

/** A group that a person is in, by itself or by way of others. */
export interface Membership {
  readonly id: string;
  readonly name: string;
  readonly roles: readonly string[];
  /** Names of the groups from the person to this one; empty where he is in it himself. */
  readonly through: readonly string[];
}

/** What a person's rights are compiled from, beside the model. */
export interface Standing {
  /** His own roles and those of his groups. */
  readonly roles: readonly string[];
  readonly groups: readonly Membership[];
  readonly personal: readonly PersonalGrant[];
  readonly teams: readonly string[];
  /** Members of those teams, himself among them. */
  readonly mates: readonly string[];
  /** The departments above his own, the nearest first. */
  readonly above: readonly string[];
  /** Everybody below him in the supervisor tree of staff or accounts. */
  readonly led: readonly string[];
  /** Dictionary → the regions he answers for, as his staff record names them. */
  readonly regions: ReadonlyMap<string, readonly string[]>;
  /** What his department and those above it see only. */
  readonly filters: readonly RowFilter[];
  /** For whom he stands in now. */
  readonly deputies: readonly StoredDeputy[];
}

/** A person as his record has him. */
export interface Person {
  readonly id: string;
  readonly roles: readonly string[];
  readonly groups: readonly string[];
  readonly unit: string | null;
}

/** Where a person stands on a business date. */
export function standingOf(organisation: Organisation, person: Person, today: string): Standing {
  const groups = membershipsOf(organisation.groups, person.groups);
  const teams = organisation.teams.filter((team) => isIn(team, person.id) && isInForce(team, today));
  const grants = organisation.grants.get(person.id) ?? [];
  const above = person.unit === null ? [] : aboveIn(organisation.units, person.unit);
  return {
    roles: [...new Set([...person.roles, ...groups.flatMap(({ roles }) => roles)])].sort(),
    groups,
    personal: grants
      .filter(({ until }) => until === null || until >= today)
      .map(personalOf)
      .toSorted((a, b) => (a.id < b.id ? -1 : 1)),
    teams: teams.map(({ id }) => id),
    mates: [...new Set(teams.flatMap(membersOf))].sort(),
    above,
    led: ledBy(organisation.staff, organisation.superiors, person.id),
    regions: regionsOf(organisation.staff, person.id),
    filters: filtersOf(organisation, person.unit === null ? [] : [person.unit, ...above]),
    deputies: organisation.deputies.filter(
      ({ deputy, owner, from, until }) =>
        deputy === person.id &&
        owner !== person.id &&
        from <= today &&
        until >= today &&
        isActive(organisation, owner),
    ),
  };
}

/** Nobody stands in for an account that is switched off. */
function isActive({ superiors }: Organisation, user: string): boolean {
  return superiors.some(({ id, status }) => id === user && (status ?? 'active') === 'active');
}

function regionsOf(staff: readonly StaffRow[], user: string): ReadonlyMap<string, readonly string[]> {
  const own = staff.filter((each) => each.user === user).flatMap(({ regions }) => Object.entries(regions));
  return new Map(
    [...Map.groupBy(own, ([dictionary]) => dictionary)].map(([dictionary, named]) => [
      dictionary,
      [...new Set(named.flatMap(([, codes]) => codes))],
    ]),
  );
}

/** What is said of a department holds for the departments below it too. */
function filtersOf({ filters, units }: Organisation, of: readonly string[]): readonly RowFilter[] {
  return filters
    .filter(({ unit }) => of.includes(unit))
    .map(({ id, unit, entity, condition }) => ({ id, unit: units.get(unit)?.name ?? '', entity, condition }))
    .toSorted((a, b) => (a.id < b.id ? -1 : 1));
}

/** The groups themselves and all they are within, each once by the shortest way. A circle would not hang it. */
export function membershipsOf(
  groups: ReadonlyMap<string, Group>,
  own: readonly string[],
): readonly Membership[] {
  const found = new Map<string, Membership>();
  let next = own.map((id) => ({ id, through: [] as readonly string[] }));
  while (next.length > 0) {
    const further: typeof next = [];
    for (const { id, through } of next) {
      const group = groups.get(id);
      if (!group || found.has(id)) continue;
      found.set(id, { id, name: group.name, roles: group.roles ?? [], through });
      for (const above of group.within ?? []) further.push({ id: above, through: [...through, group.name] });
    }
    next = further;
  }
  return [...found.values()];
}

function membersOf({ leader, members }: Team): readonly string[] {
  return [...(leader === null ? [] : [leader]), ...(members ?? [])];
}

function isIn(team: Team, user: string): boolean {
  return team.leader === user || (team.members ?? []).includes(user);
}

function isInForce({ from, until }: Team, today: string): boolean {
  return (from === null || from <= today) && (until === null || until >= today);
}

/** The stored grant in the words of a role's grants. */
export function personalOf(stored: StoredGrant): PersonalGrant {
  const { id, effect, about, reason, until } = stored;
  return {
    id,
    effect,
    document: about === 'function' ? null : documentOf(stored),
    field: about === 'field',
    functionName: about === 'function' ? stored.function : null,
    reason,
    until,
  };
}

function documentOf({
  effect,
  about,
  entity,
  action,
  scope,
  field,
  level,
}: StoredGrant): GrantDocument | null {
  const rows = scope ?? 'all';
  if (entity === null) return null;
  if (about === 'action') return action === null ? null : { entity, effect, actions: { [action]: rows } };
  if (field === null || level === null) return null;
  // An allowance is of this field alone; a refusal leaves all others as they are.
  const others: Readonly<Record<string, FieldLevel>> = effect === 'allow' ? { '*': 'hidden' } : {};
  return {
    entity,
    effect,
    actions: { query: rows, read: rows, update: rows, create: rows },
    fields: { ...others, [field]: level },
  };
}
