import type { EntityModel, FieldModel, Model } from '../model/model.ts';
import type { RecordAction, RoleDocument } from '../model/documents.ts';
import { derivedInputs, type DerivedInput } from '../model/derived/derived-inputs.ts';
import {
  grantsOfFilters,
  grantsOfPerson,
  grantsOfRole,
  type AppliedGrant,
  type Extension,
} from './applied-grant.ts';
import { circumstancesKey, NO_CIRCUMSTANCES, type Circumstances } from './circumstances.ts';
import { compileFunctions } from './compile-functions.ts';
import { compileField, ranksOf, rowsOfAction, type CompiledField } from './compile-rows.ts';
import { DECIDING_RIGHTS } from './deciding-rights.ts';
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
  /** What bears on his rights beside them. */
  readonly circumstances: Circumstances;
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

/** The record that lines belong to, or the entity itself. */
function rootOf(model: Model, entity: EntityModel): EntityModel {
  const above = entity.parent ? model.entities.get(entity.parent.entity) : undefined;
  return above ? rootOf(model, above) : entity;
}

/** The name by which shares of the root withhold a field. */
export function shareName(root: EntityModel, entity: EntityModel, field: FieldModel): string {
  return root === entity ? field.name : `${entity.name}.${field.name}`;
}

function compileEntity(
  model: Model,
  roles: readonly RoleDocument[],
  personal: readonly PersonalGrant[],
  circumstances: Circumstances,
  entity: EntityModel,
  all: () => CompiledRoles,
): CompiledEntity {
  const grants = [
    ...roles.flatMap((role) => grantsOfRole(role, model, entity)),
    ...grantsOfPerson(personal, model, entity),
    ...grantsOfFilters(circumstances.filters, model, entity),
  ];
  const root = rootOf(model, entity);
  const { shared, standsIn } = circumstances;
  const extension: Extension = {
    shared:
      root.document.sharing === true &&
      !DECIDING_RIGHTS.has(root.name) &&
      (shared === null || shared.has(root.name)),
    // Nobody stands in for another where rights are decided: he would lengthen his own time (SEC-16).
    standsIn: standsIn && !DECIDING_RIGHTS.has(root.name),
  };
  const isWithheld = (name: string): boolean =>
    shared === null || (shared.get(root.name) ?? []).includes(name);
  const ranks = ranksOf(grants);
  const byAction = new Map<RecordAction, ScopeSet>();
  const rows = (action: RecordAction): ScopeSet => {
    let set = byAction.get(action);
    // A right to share is none where nothing can be shared.
    const isOff = action === 'share' && entity.document.sharing !== true;
    if (!set)
      byAction.set(action, (set = isOff ? NO_ROWS : rowsOfAction(model, entity, ranks, extension, action)));
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
        const name = shareName(root, entity, field);
        const reach = { extension, shareName: isWithheld(name) ? name : null };
        compiled = isShown ? compileField(model, entity, field, ranks, reach, visible) : NOTHING;
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
    circumstances: NO_CIRCUMSTANCES,
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
  circumstances: Circumstances = NO_CIRCUMSTANCES,
): CompiledRoles {
  const names = rolesInForce(model, given);
  const beside = circumstances === NO_CIRCUMSTANCES ? [] : [circumstancesKey(circumstances)];
  const set = [names.join(','), ...personal.map(personalKey), ...beside].join('|');
  return cached(model, set, () => {
    const documents = names.flatMap((name) => model.roles.get(name) ?? []);
    const entities = new Map<string, CompiledEntity>();
    const functions = compileFunctions(documents, personal);
    const compiledRoles: CompiledRoles = {
      model,
      roles: names,
      personal,
      circumstances,
      key: `${model.version}:${model.hash}:${set}`,
      entity(entity) {
        let compiled = entities.get(entity.name);
        if (!compiled) {
          compiled = compileEntity(model, documents, personal, circumstances, entity, () => compiledRoles);
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
