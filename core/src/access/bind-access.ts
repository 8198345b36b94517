import type { EntityModel } from '../model/model.ts';
import { dateIn } from '../expression/calendar.ts';
import type { Bind } from '../fields/field-type.ts';
import { isUuid } from '../fields/uuid.ts';
import type { Access, EntityAccess, Predicate } from './access.ts';
import type { CompiledRoles } from './compile-access.ts';
import { ActorMarker, type ActorParameters } from './actor-parameters.ts';
import { scopeSql, type ScopeSet } from './scope-set.ts';
import type { UnitTree } from './unit-tree.ts';

/** The actor's part that scopes depend on. */
export interface ScopedActor {
  readonly id: string;
  readonly unit: string | null;
  /** Business teams he is in, and their members (SEC-11). */
  readonly teams?: readonly string[];
  readonly mates?: readonly string[];
  /** Everybody below him in the supervisor tree; he himself need not be among them. */
  readonly led?: readonly string[];
  /** The units above his own. */
  readonly above?: readonly string[];
  readonly absent?: readonly string[];
  readonly territories?: (dictionary: string) => readonly string[];
}

const NOWHERE = (): readonly string[] => [];

/** The values of an actor at a moment, as predicates bind them. The business date is only worked out when asked. */
export function actorParameters(
  compiled: CompiledRoles,
  actor: ScopedActor,
  units: readonly string[],
  now: Date,
): ActorParameters {
  const { timeZone } = compiled.model.settings;
  const me = isUuid(actor.id) ? actor.id : null;
  const self = me === null ? [] : [me];
  return {
    me,
    acting: me,
    unit: actor.unit,
    units,
    led: [...self, ...(actor.led ?? [])],
    principals: [...self, ...(actor.unit === null ? [] : [actor.unit]), ...(actor.above ?? [])],
    absent: actor.absent ?? [],
    territories: actor.territories ?? NOWHERE,
    mates: actor.mates ?? [],
    teams: actor.teams ?? [],
    roles: compiled.roles,
    timeZone,
    get now() {
      return now.toISOString();
    },
    get today() {
      return dateIn(timeZone, now);
    },
  };
}

/** The value a marker stands for; other values pass. */
export function resolveMarker(value: unknown, parameters: ActorParameters): unknown {
  return value instanceof ActorMarker ? value.of(parameters) : value;
}

/**
 * Puts an actor into compiled rights. Cheap: done for every request. Predicates of the answer bind plain values.
 * @param unitTree the departments as they are now
 */
export function bindAccess(
  compiled: CompiledRoles,
  actor: ScopedActor,
  unitTree: UnitTree,
  now: Date = new Date(),
): Access {
  const units = actor.unit === null ? [] : unitTree.below(actor.unit);
  return bindParameters(compiled, actorParameters(compiled, actor, units, now));
}

/** The same, where the actor's values are known. */
export function bindParameters(compiled: CompiledRoles, parameters: ActorParameters): Access {
  const bound = new Map<string, EntityAccess>();

  function bindEntity(entity: EntityModel): EntityAccess {
    const rights = compiled.entity(entity);
    const predicate =
      (set: ScopeSet): Predicate =>
      (alias, bind) => {
        const bindValue: Bind = (value) => bind(resolveMarker(value, parameters));
        return scopeSql(compiled.model, entity, set, alias, bindValue);
      };
    return {
      rows: (action) => predicate(rights.rows(action)),
      may: (action) => rights.rows(action).length > 0,
      visible: predicate(rights.visible),
      field(field) {
        const cell = rights.field(field);
        return {
          read: predicate(cell.read),
          masked: cell.masked.length > 0 ? predicate(cell.masked) : null,
          write: predicate(cell.write),
          canRead: cell.read.length > 0,
          canWrite: cell.write.length > 0,
          canCreate: cell.create.length > 0,
        };
      },
    };
  }

  return {
    compiled,
    parameters,
    mayUse: (name) => compiled.mayUse(name),
    entity(entity) {
      let access = bound.get(entity.name);
      if (!access) bound.set(entity.name, (access = bindEntity(entity)));
      return access;
    },
  };
}
