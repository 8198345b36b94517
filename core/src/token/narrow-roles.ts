import type { CompiledField } from '../access/compile-rows.ts';
import type { CompiledEntity, CompiledRoles } from '../access/compile-access.ts';
import { derivedInputs } from '../model/derived/derived-inputs.ts';
import { NO_ROWS } from '../access/scope-set.ts';
import type { RecordAction } from '../model/documents.ts';
import type { EntityModel, Model } from '../model/model.ts';
import type { TokenScope } from './token.ts';

const CACHE = new WeakMap<CompiledRoles, Map<string, CompiledRoles>>();

/** Actions that leave records as they are. */
const READS: ReadonlySet<RecordAction> = new Set(['query', 'read', 'print', 'export']);

const HIDDEN: CompiledField = { read: NO_ROWS, masked: NO_ROWS, write: NO_ROWS, create: NO_ROWS };

/** Lines go with what they belong to. */
function isListed(model: Model, entity: EntityModel, listed: ReadonlySet<string>): boolean {
  if (listed.has(entity.name)) return true;
  const above = entity.parent ? model.entities.get(entity.parent.entity) : undefined;
  return above !== undefined && isListed(model, above, listed);
}

function withoutRights(full: CompiledEntity): CompiledEntity {
  return { entity: full.entity, grants: [], rows: () => NO_ROWS, visible: NO_ROWS, field: () => HIDDEN };
}

function withoutWrites(full: CompiledEntity): CompiledEntity {
  return {
    entity: full.entity,
    grants: full.grants,
    visible: full.visible,
    rows: (action) => (READS.has(action) ? full.rows(action) : NO_ROWS),
    field: (field) => ({ ...full.field(field), write: NO_ROWS, create: NO_ROWS }),
  };
}

/** A roll-up over records that the token does not reach is not reached by it either (DESIGN §5). */
function withoutHiddenInputs(
  model: Model,
  full: CompiledEntity,
  listed: ReadonlySet<string>,
): CompiledEntity {
  if (![...full.entity.fields.values()].some((field) => field.derived)) return full;
  return {
    entity: full.entity,
    grants: full.grants,
    visible: full.visible,
    rows: (action) => full.rows(action),
    field: (field) =>
      field.derived && derivedInputs(model, field).some(({ entity }) => !isListed(model, entity, listed))
        ? HIDDEN
        : full.field(field),
  };
}

function narrow(full: CompiledRoles, scope: TokenScope, key: string): CompiledRoles {
  const listed = scope.entities === null ? null : new Set(scope.entities);
  const known = new Map<string, CompiledEntity>();
  const narrowed = (entity: EntityModel): CompiledEntity => {
    const own = full.entity(entity);
    if (listed && !isListed(full.model, entity, listed)) return withoutRights(own);
    const shown = listed ? withoutHiddenInputs(full.model, own, listed) : own;
    return scope.readOnly ? withoutWrites(shown) : shown;
  };
  return {
    model: full.model,
    roles: full.roles,
    personal: full.personal,
    circumstances: full.circumstances,
    key: `${full.key}|${key}`,
    entity(entity) {
      let compiled = known.get(entity.name);
      if (!compiled) known.set(entity.name, (compiled = narrowed(entity)));
      return compiled;
    },
    mayUse: (name) => scope.functions && full.mayUse(name),
  };
}

/**
 * The rights of a person who comes by a token: those of his roles, as far as the token's scope lets them through.
 * One object for equal rights and scopes, so that what is cached by it is found again.
 */
export function narrowRoles(full: CompiledRoles, scope: TokenScope): CompiledRoles {
  const entities = scope.entities === null ? '*' : [...new Set(scope.entities)].sort().join(',');
  const key = `token:${scope.readOnly ? 'r' : 'w'}${scope.functions ? 'f' : ''}:${entities}`;
  let known = CACHE.get(full);
  if (!known) CACHE.set(full, (known = new Map()));
  let compiled = known.get(key);
  if (!compiled) known.set(key, (compiled = narrow(full, scope, key)));
  return compiled;
}
