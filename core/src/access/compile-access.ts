import type { EntityModel, FieldModel, Model } from '../model/model.ts';
import type { RecordAction, RoleDocument } from '../model/documents.ts';
import { derivedInputs, type DerivedInput } from '../model/derived/derived-inputs.ts';
import { grantsOfPerson, grantsOfRole, type AppliedGrant } from './applied-grant.ts';
import { compileFunctions } from './compile-functions.ts';
import { compileField, ranksOf, rowsOfAction, type CompiledField } from './compile-rows.ts';
import { personalKey, type PersonalGrant } from './personal-grant.ts';
import { rolesInForce } from './role-inheritance.ts';
import { ALL_ROWS, covers, NO_ROWS, unite, type ScopeSet } from './scope-set.ts';

/** Rights on one entity, independent of who acts. */
export interface CompiledEntity {
  readonly entity: EntityModel;
  readonly grants: readonly AppliedGrant[];
  rows(action: RecordAction): ScopeSet;
  /** Rows of `query` and `read` together. */
  readonly visible: ScopeSet;
  field(field: FieldModel): CompiledField;
}

/** Rights of a set of roles at one model version. */
export interface CompiledRoles {
  readonly model: Model;
  /** The roles given and those they inherit, sorted. */
  readonly roles: readonly string[];
  /** What the person has been given or refused beside his roles. */
  readonly personal: readonly PersonalGrant[];
  /** Cache key: equal for equal model versions and role sets. */
  readonly key: string;
  entity(entity: EntityModel): CompiledEntity;
  mayUse(functionName: string): boolean;
}

const NOTHING: CompiledField = { read: NO_ROWS, masked: NO_ROWS, write: NO_ROWS, create: NO_ROWS };

/** A roll-up tells of the records behind it: it is for those who may see all of them, unless it says otherwise. */
function seesAll(roles: CompiledRoles, { entity, field }: DerivedInput): boolean {
  const rights = roles.entity(entity);
  return covers(field === null ? rights.rows('read') : rights.field(field).read, ALL_ROWS);
}

function compileEntity(
  model: Model,
  roles: readonly RoleDocument[],
  personal: readonly PersonalGrant[],
  entity: EntityModel,
  all: () => CompiledRoles,
): CompiledEntity {
  const grants = [
    ...roles.flatMap((role) => grantsOfRole(role, model, entity)),
    ...grantsOfPerson(personal, model, entity),
  ];
  const ranks = ranksOf(grants);
  const byAction = new Map<RecordAction, ScopeSet>();
  const rows = (action: RecordAction): ScopeSet => {
    let set = byAction.get(action);
    if (!set) byAction.set(action, (set = rowsOfAction(model, entity, ranks, action)));
    return set;
  };
  const visible = unite(rows('query'), rows('read'));
  const byField = new Map<string, CompiledField>();
  return {
    entity,
    grants,
    rows,
    visible,
    field(field) {
      let compiled = byField.get(field.name);
      if (!compiled) {
        const isShown = !field.derived || derivedInputs(model, field).every((input) => seesAll(all(), input));
        compiled = isShown ? compileField(model, entity, field, ranks, visible) : NOTHING;
        byField.set(field.name, compiled);
      }
      return compiled;
    },
  };
}

const EVERYTHING: CompiledField = { read: ALL_ROWS, masked: NO_ROWS, write: ALL_ROWS, create: ALL_ROWS };

/** Rights of the platform itself (seeding, migration), never of a person. */
function compileSystem(model: Model): CompiledRoles {
  const entities = new Map<string, CompiledEntity>();
  return {
    model,
    roles: [],
    personal: [],
    key: `${model.version}:${model.hash}:@system`,
    entity(entity) {
      let compiled = entities.get(entity.name);
      if (!compiled) {
        compiled = {
          entity,
          grants: [],
          rows: () => ALL_ROWS,
          visible: ALL_ROWS,
          field: () => EVERYTHING,
        };
        entities.set(entity.name, compiled);
      }
      return compiled;
    },
    mayUse: () => true,
  };
}

/** Sets of grants that one model keeps compiled; people with grants of their own make many. */
const MOST_SETS = 5000;

const CACHE = new WeakMap<Model, Map<string, CompiledRoles>>();

function cached(model: Model, key: string, compile: () => CompiledRoles): CompiledRoles {
  let ofModel = CACHE.get(model);
  if (!ofModel) CACHE.set(model, (ofModel = new Map()));
  let compiled = ofModel.get(key);
  if (!compiled) {
    if (ofModel.size >= MOST_SETS) ofModel.clear();
    ofModel.set(key, (compiled = compile()));
  }
  return compiled;
}

/**
 * Compiles what a set of roles and a person's own grants allow, once per model and set (DESIGN §5). Roles unite per
 * field: a right to the rows by one role and to a field by another never multiply. What is said of the person goes
 * before what his roles say, and a refusal before an allowance of the same rank (SEC-04). Names of unknown roles give
 * nothing (default deny).
 */
export function compileAccess(
  model: Model,
  given: readonly string[],
  personal: readonly PersonalGrant[] = [],
): CompiledRoles {
  const names = rolesInForce(model, given);
  const set = [names.join(','), ...personal.map(personalKey)].join('|');
  return cached(model, set, () => {
    const documents = names.flatMap((name) => model.roles.get(name) ?? []);
    const entities = new Map<string, CompiledEntity>();
    const functions = compileFunctions(documents, personal);
    const compiledRoles: CompiledRoles = {
      model,
      roles: names,
      personal,
      key: `${model.version}:${model.hash}:${set}`,
      entity(entity) {
        let compiled = entities.get(entity.name);
        if (!compiled) {
          compiled = compileEntity(model, documents, personal, entity, () => compiledRoles);
          entities.set(entity.name, compiled);
        }
        return compiled;
      },
      mayUse: functions,
    };
    return compiledRoles;
  });
}

/** Unrestricted rights, for what the platform does itself (first start, demo data). Never for a request. */
export function compileSystemAccess(model: Model): CompiledRoles {
  return cached(model, '@system', () => compileSystem(model));
}
