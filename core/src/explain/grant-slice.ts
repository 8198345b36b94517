import type { AppliedGrant } from '../access/applied-grant.ts';
import type { Circumstances } from '../access/circumstances.ts';
import { compileAccess, type CompiledEntity } from '../access/compile-access.ts';
import type { FieldLevel, GrantDocument, RecordAction } from '../model/documents.ts';
import type { EntityModel, FieldModel, Model } from '../model/model.ts';

/** What one grant alone gives on an entity, by the compiler that made the whole. */
export interface GrantSlice {
  readonly rights: CompiledEntity;
  /** What it shows of a field, in the rows it reaches. */
  level(field: FieldModel): FieldLevel;
}

const EVERY_ROW: Readonly<Record<RecordAction, 'all'>> = {
  query: 'all',
  read: 'all',
  create: 'all',
  update: 'all',
  void: 'all',
  delete: 'all',
  restore: 'all',
  print: 'all',
  export: 'all',
  transition: 'all',
  share: 'all',
};

/** Shares and absent colleagues are told of the grant they come to. */
const ANYTHING: Circumstances = { filters: [], shared: null, standsIn: true };

function compileAlone(model: Model, entity: EntityModel, applied: AppliedGrant, document: GrantDocument) {
  if (applied.personal)
    return compileAccess(model, [], [{ ...applied.personal, document, field: false }], ANYTHING).entity(
      entity,
    );
  const role = { name: applied.role, label: { 'zh-CN': '', en: '' }, grants: { [applied.grant]: document } };
  // A model of its own, so that these rights never meet those of the real role in a cache.
  const alone: Model = { ...model, roles: new Map([[role.name, role]]) };
  return compileAccess(alone, [role.name], [], ANYTHING).entity(entity);
}

/** Takes one grant out of the compiled rights, so that each can say what it gives (the gate unites them). */
export function sliceOf(model: Model, entity: EntityModel, applied: AppliedGrant): GrantSlice {
  let slice = SLICES.get(applied);
  if (!slice) SLICES.set(applied, (slice = cut(model, entity, applied)));
  return slice;
}

/** Grants are the model's and the entity's: each is cut out once. */
const SLICES = new WeakMap<AppliedGrant, GrantSlice>();

function cut(model: Model, entity: EntityModel, applied: AppliedGrant): GrantSlice {
  const { when: _, ...unconditional } = { ...applied.document, effect: 'allow' as const };
  const rights = compileAlone(model, entity, applied, { ...applied.document, effect: 'allow' });
  const everywhere = compileAlone(model, entity, applied, { ...unconditional, actions: EVERY_ROW });
  return {
    rights,
    level(field) {
      const cell = everywhere.field(field);
      if (cell.write.length > 0) return 'write';
      if (cell.read.length > 0) return 'read';
      return cell.masked.length > 0 ? 'masked' : 'hidden';
    },
  };
}
