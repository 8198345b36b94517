import type { EntityModel, FieldModel, Model } from '../model/model.ts';
import type { FieldLevel, GrantDocument, RecordAction, RoleDocument } from '../model/documents.ts';
import { ALL_ROWS, NO_ROWS, unite, type ScopeAtom, type ScopeSet } from './scope-set.ts';

/** A grant that bears on an entity, kept so that the gate can say why (`explain`). */
export interface AppliedGrant {
  readonly role: string;
  readonly grant: string;
  readonly document: GrantDocument;
  /** 0: names the entity or the wildcard; n: it is inherited from the record n parents above. */
  readonly depth: number;
  /** Highest level a line's field may have, because the parent's field that shows the lines has it. */
  readonly cap: FieldLevel;
}

/** Rows in which a field may be read, seen masked, changed and given on create. */
export interface CompiledField {
  readonly read: ScopeSet;
  readonly masked: ScopeSet;
  readonly write: ScopeSet;
  readonly create: ScopeSet;
}

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
  readonly roles: readonly string[];
  /** Cache key: equal for equal model versions and role sets. */
  readonly key: string;
  entity(entity: EntityModel): CompiledEntity;
  mayUse(functionName: string): boolean;
}

const LEVELS: readonly FieldLevel[] = ['hidden', 'masked', 'read', 'write'];

function lower(a: FieldLevel, b: FieldLevel): FieldLevel {
  return LEVELS.indexOf(a) < LEVELS.indexOf(b) ? a : b;
}

/** The companion of a money field follows the money. */
function governing(entity: EntityModel, field: FieldModel): FieldModel {
  if (!field.name.endsWith('_currency')) return field;
  const base = entity.fields.get(field.name.slice(0, -'_currency'.length));
  return base?.type === 'money' ? base : field;
}

/** The level that one grant gives a field. Sensitive fields are hidden unless named (SEC-05). */
function levelOf(entity: EntityModel, field: FieldModel, applied: AppliedGrant): FieldLevel {
  const named = applied.document.fields ?? {};
  const inherited = applied.depth > 0;
  const governed = governing(entity, field);
  const own = inherited ? undefined : (named[field.name] ?? named[governed.name]);
  const level = own ?? (governed.sensitive ? (named['@sensitive'] ?? 'hidden') : (named['*'] ?? 'write'));
  return lower(level, applied.cap);
}

function grantsOfRole(role: RoleDocument, model: Model, entity: EntityModel): AppliedGrant[] {
  const all = Object.entries(role.grants);
  const found = all.filter(([, grant]) => grant.entity === entity.name);
  if (found.length === 0 && entity.parent) {
    const parent = model.entities.get(entity.parent.entity);
    if (!parent) return [];
    const shownBy = [...parent.fields.values()].find(
      (field) => (field.type === 'lines' || field.type === 'children') && field.def['entity'] === entity.name,
    );
    return grantsOfRole(role, model, parent).map((applied) => ({
      ...applied,
      depth: applied.depth + 1,
      cap: shownBy ? lower(levelOf(parent, shownBy, applied), applied.cap) : applied.cap,
    }));
  }
  const used = found.length > 0 ? found : all.filter(([, grant]) => grant.entity === '*');
  return used.map(([name, document]) => ({ role: role.name, grant: name, document, depth: 0, cap: 'write' }));
}

/** Lines are made, changed and removed by who may change their parent. */
function actionOf(action: RecordAction, applied: AppliedGrant): RecordAction {
  if (applied.depth === 0 || action === 'query' || action === 'read') return action;
  return action === 'print' || action === 'export' ? action : 'update';
}

function rowsOf(entity: EntityModel, applied: AppliedGrant, action: RecordAction): ScopeSet {
  const scope = applied.document.actions[actionOf(action, applied)];
  if (scope === undefined || scope === 'none') return NO_ROWS;
  // A line has no owner of its own: its scope is asked of its parent, also when the grant names the line.
  const depth = entity.parent ? Math.max(applied.depth, 1) : applied.depth;
  const atom: ScopeAtom = { scope, depth };
  return unite([atom]);
}

const ALWAYS_SHOWN: ReadonlySet<string> = new Set(['id', 'version']);

function compileField(
  entity: EntityModel,
  field: FieldModel,
  grants: readonly AppliedGrant[],
  visible: ScopeSet,
): CompiledField {
  if (ALWAYS_SHOWN.has(field.name))
    return { read: visible, masked: NO_ROWS, write: NO_ROWS, create: NO_ROWS };
  const identifying = entity.identifying.has(field.name);
  const rows = { read: NO_ROWS, masked: NO_ROWS, write: NO_ROWS, create: NO_ROWS };
  for (const applied of grants) {
    const level = levelOf(entity, field, applied);
    if (level === 'hidden') continue;
    const shown = unite(
      rowsOf(entity, applied, 'read'),
      identifying ? rowsOf(entity, applied, 'query') : NO_ROWS,
    );
    if (level === 'masked') rows.masked = unite(rows.masked, shown);
    else rows.read = unite(rows.read, shown);
    if (level !== 'write') continue;
    rows.write = unite(rows.write, rowsOf(entity, applied, 'update'));
    rows.create = unite(rows.create, rowsOf(entity, applied, 'create'));
  }
  return rows;
}

function compileEntity(model: Model, roles: readonly RoleDocument[], entity: EntityModel): CompiledEntity {
  const grants = roles.flatMap((role) => grantsOfRole(role, model, entity));
  const byAction = new Map<RecordAction, ScopeSet>();
  const rows = (action: RecordAction): ScopeSet => {
    let set = byAction.get(action);
    if (!set)
      byAction.set(action, (set = unite(...grants.map((applied) => rowsOf(entity, applied, action)))));
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
      if (!compiled) byField.set(field.name, (compiled = compileField(entity, field, grants, visible)));
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

const CACHE = new WeakMap<Model, Map<string, CompiledRoles>>();

function cached(model: Model, key: string, compile: () => CompiledRoles): CompiledRoles {
  let ofModel = CACHE.get(model);
  if (!ofModel) CACHE.set(model, (ofModel = new Map()));
  let compiled = ofModel.get(key);
  if (!compiled) ofModel.set(key, (compiled = compile()));
  return compiled;
}

/**
 * Compiles what a set of roles may do, once per model and role set (DESIGN §5). Roles unite per field: a right to
 * the rows by one role and to a field by another never multiply. Names of unknown roles give nothing (default deny).
 */
export function compileAccess(model: Model, roles: readonly string[]): CompiledRoles {
  const names = [...new Set(roles)].sort();
  return cached(model, names.join(','), () => {
    const documents = names.flatMap((name) => model.roles.get(name) ?? []);
    const entities = new Map<string, CompiledEntity>();
    const functions = new Set<string>();
    for (const role of documents) {
      for (const [name, granted] of Object.entries(role.functions ?? {})) if (granted) functions.add(name);
    }
    return {
      model,
      roles: names,
      key: `${model.version}:${model.hash}:${names.join(',')}`,
      entity(entity) {
        let compiled = entities.get(entity.name);
        if (!compiled) entities.set(entity.name, (compiled = compileEntity(model, documents, entity)));
        return compiled;
      },
      mayUse: (name) => functions.has('*') || functions.has(name) || functions.has(`${name.split('.')[0]}.*`),
    };
  });
}

/** Unrestricted rights, for what the platform does itself (first start, demo data). Never for a request. */
export function compileSystemAccess(model: Model): CompiledRoles {
  return cached(model, '@system', () => compileSystem(model));
}
