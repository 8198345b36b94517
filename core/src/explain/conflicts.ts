import { compileAccess, type CompiledRoles } from '../access/compile-access.ts';
import { isDenial } from '../access/personal-grant.ts';
import { rolesInForce } from '../access/role-inheritance.ts';
import { scopeKey } from '../access/scope-set.ts';
import type { RecordAction, RoleDocument } from '../model/documents.ts';
import type { EntityModel, Model } from '../model/model.ts';
import { localise, type Locale } from '../text/locale.ts';
import { conflictSentence } from './conflict-sentences.ts';
import type { Conflict } from './explanation.ts';
import type { Subject } from './judge.ts';

const ACTIONS: readonly RecordAction[] = [
  'query',
  'read',
  'create',
  'update',
  'void',
  'delete',
  'restore',
  'print',
  'export',
  'transition',
  'share',
];

/** Everything that roles give on an entity, as a text that is equal for equal rights. */
function rightsText(compiled: CompiledRoles, entity: EntityModel): string {
  const rights = compiled.entity(entity);
  const rows = ACTIONS.map((action) => scopeKey(rights.rows(action)));
  const cells = [...entity.fields.values()].flatMap((field) => {
    const { read, masked, write, create } = rights.field(field);
    return [read, masked, write, create].map(scopeKey);
  });
  return [...rows, ...cells].join('\n');
}

/** Does a right on the entity reach its lines too? */
function follows(model: Model, entity: EntityModel, of: string): boolean {
  if (entity.name === of) return true;
  const above = entity.parent ? model.entities.get(entity.parent.entity) : undefined;
  return above !== undefined && follows(model, above, of);
}

/** The model with one role's document replaced: for rights that are only thought of. */
function withRole(model: Model, role: RoleDocument): Model {
  return { ...model, roles: new Map([...model.roles, [role.name, role]]) };
}

/** Grants that change nothing, and allowances that the same role takes back (SEC-10). */
export function conflictsOfRoles(model: Model, locale: Locale): readonly Conflict[] {
  return [...model.roles.values()].flatMap((role) =>
    Object.entries(role.grants).flatMap(([name, grant]): Conflict[] => {
      const { [name]: _, ...others } = role.grants;
      const without = withRole(model, { ...role, grants: others });
      const concerned = [...model.entities.values()].filter(
        (entity) => grant.entity === '*' || follows(model, entity, grant.entity),
      );
      const now = compileAccess(model, [role.name]);
      const then = compileAccess(without, [role.name]);
      if (concerned.some((entity) => rightsText(now, entity) !== rightsText(then, entity))) return [];
      const base = { role: role.name, roleLabel: localise(role.label, locale), grant: name };
      const entity = model.entities.get(grant.entity);
      const kind = isTakenBack(model, role, name, concerned) ? 'contradicted' : 'shadowed';
      return [
        {
          kind,
          ...base,
          ...(entity ? { entity: entity.name } : {}),
          sentence: conflictSentence(
            { kind, ...base, entity: entity ? localise(entity.label, locale) : '*' },
            locale,
          ),
        },
      ];
    }),
  );
}

/** Would the grant give something, were it not for the refusals of the role? */
function isTakenBack(
  model: Model,
  role: RoleDocument,
  name: string,
  concerned: readonly EntityModel[],
): boolean {
  const grant = role.grants[name];
  if (!grant || isDenial(grant)) return false;
  const mild = rolesInForce(model, [role.name]).reduce((to, each) => {
    const document = model.roles.get(each);
    return document ? withRole(to, { ...document, grants: allowing(document) }) : to;
  }, model);
  const { [name]: _, ...others } = allowing(role);
  const now = compileAccess(mild, [role.name]);
  const then = compileAccess(withRole(mild, { ...role, grants: others }), [role.name]);
  return concerned.some((entity) => rightsText(now, entity) !== rightsText(then, entity));
}

function allowing({ grants }: RoleDocument): RoleDocument['grants'] {
  return Object.fromEntries(Object.entries(grants).filter(([, each]) => !isDenial(each)));
}

/** Rights of people that contradict each other, duties that should be apart, and personal grants without effect. */
export function conflictsOfPeople(
  model: Model,
  subjects: readonly Subject[],
  locale: Locale,
): readonly Conflict[] {
  return subjects.flatMap((subject) => [
    ...refusedByRoles(model, subject, locale),
    ...uselessGrants(model, subject, locale),
    ...dutiesOf(model, subject, locale),
  ]);
}

function userOf({ id, username, displayName }: Subject): NonNullable<Conflict['user']> {
  return { id, username, display_name: displayName };
}

/** One of his roles refuses what another one allows. */
function refusedByRoles(model: Model, subject: Subject, locale: Locale): Conflict[] {
  const denying = subject.roles.filter((name) =>
    Object.values(model.roles.get(name)?.grants ?? {}).some(isDenial),
  );
  return denying.flatMap((role) => {
    const document = model.roles.get(role)!;
    const without = compileAccess(
      withRole(model, { ...document, grants: allowing(document) }),
      subject.roles,
    );
    const now = compileAccess(model, subject.roles);
    return [...model.entities.values()].flatMap((entity): Conflict[] => {
      if (entity.parent || rightsText(now, entity) === rightsText(without, entity)) return [];
      const names = {
        kind: 'contradicted' as const,
        role,
        roleLabel: localise(document.label, locale),
        entity: localise(entity.label, locale),
        user: subject.displayName,
      };
      return [
        {
          kind: 'contradicted',
          user: userOf(subject),
          role,
          roleLabel: names.roleLabel,
          entity: entity.name,
          sentence: conflictSentence(names, locale),
        },
      ];
    });
  });
}

/** A personal right that his roles give anyway, or a refusal of what he has not got. */
function uselessGrants(model: Model, subject: Subject, locale: Locale): Conflict[] {
  const now = compileAccess(model, subject.roles, subject.personal);
  return subject.personal.flatMap((own): Conflict[] => {
    const others = subject.personal.filter((each) => each !== own);
    const then = compileAccess(model, subject.roles, others);
    const same =
      own.functionName === null
        ? [...model.entities.values()]
            .filter(({ parent }) => !parent)
            .every((entity) => rightsText(now, entity) === rightsText(then, entity))
        : now.mayUse(own.functionName) === then.mayUse(own.functionName);
    if (!same) return [];
    const names = { kind: 'shadowed' as const, user: subject.displayName, reason: own.reason };
    return [
      {
        kind: 'shadowed',
        user: userOf(subject),
        personal: { id: own.id, reason: own.reason, until: own.until },
        sentence: conflictSentence(names, locale),
      },
    ];
  });
}

/** Two steps of a workflow that different people must take, and one person has the roles for both. */
function dutiesOf(model: Model, subject: Subject, locale: Locale): Conflict[] {
  return [...model.workflows.values()].flatMap((workflow) => {
    const transitions = Object.values(workflow.regions ?? {}).flatMap((region) =>
      Object.entries(region.transitions ?? {}),
    );
    const all = new Map(transitions);
    const mayTake = (name: string): boolean => {
      const who = Object.values(all.get(name)?.who ?? {});
      return who.some((each) => each.roles && subject.roles.some((role) => each.roles?.[role] === true));
    };
    return transitions.flatMap(([name, { fourEyes, label }]) =>
      Object.entries(fourEyes?.transitions ?? {}).flatMap(([earlier, isApart]): Conflict[] => {
        const other = all.get(earlier);
        if (!isApart || !other || !mayTake(name) || !mayTake(earlier)) return [];
        const names = {
          kind: 'duty' as const,
          user: subject.displayName,
          workflow: localise(workflow.label, locale),
          steps: [localise(other.label, locale), localise(label, locale)] as const,
        };
        return [{ kind: 'duty', user: userOf(subject), sentence: conflictSentence(names, locale) }];
      }),
    );
  });
}
