import { quoteName } from '../access/quote-name.ts';
import { unite } from '../access/scope-set.ts';
import type { EntityModel } from '../model/model.ts';
import type { ListRequest } from './records.ts';
import { notMerged } from './merge/merged-records.ts';
import { conjunction, type QuerySource } from './query-source.ts';

function column(entity: EntityModel, alias: string, name: string): string | null {
  const found = entity.fields.get(name)?.column;
  return found ? `${alias}.${quoteName(found.name)}` : null;
}

/** Rows outside of the recycle bin; a line is where its parent is. */
export function notDeleted(source: QuerySource): string {
  return notDeletedAt(source, source.entity, source.alias);
}

function notDeletedAt(source: QuerySource, entity: EntityModel, alias: string): string {
  const deletedAt = column(entity, alias, 'deleted_at');
  if (deletedAt) return `${deletedAt} IS NULL`;
  const parent = entity.parent && source.scope.roles.model.entities.get(entity.parent.entity);
  const link = entity.parent && column(entity, alias, entity.parent.field);
  if (!parent || !link) return 'true';
  const up = `${alias}_of`;
  return `EXISTS (SELECT 1 FROM ${quoteName(parent.table)} ${up} WHERE ${up}.id = ${link} AND ${notDeletedAt(source, parent, up)})`;
}

/**
 * The rows a list is about. Void and deleted ones are left out unless asked for (DM-COM-10, BIN-01); the recycle bin
 * is for those who may delete or restore.
 */
export function stateCondition(source: QuerySource, state: NonNullable<ListRequest['state']>): string {
  const deletedAt = column(source.entity, source.alias, 'deleted_at');
  const isVoid = column(source.entity, source.alias, 'is_void');
  if (state === 'deleted') {
    if (!deletedAt) return 'false';
    const rights = source.scope.roles.entity(source.entity);
    return conjunction([
      `${deletedAt} IS NOT NULL`,
      // What was merged comes back by undoing the merge.
      notMerged(source.entity.name, `${source.alias}.id`),
      source.rows(unite(rights.rows('delete'), rights.rows('restore'))),
    ]);
  }
  const live = notDeleted(source);
  if (state === 'all' || !isVoid) return state === 'void' ? 'false' : live;
  return conjunction([live, state === 'void' ? `${isVoid} IS TRUE` : `${isVoid} IS NOT TRUE`]);
}

/** A single record is also found in the recycle bin by those who may delete or restore it, but not a merged one. */
export function reachable(source: QuerySource): string {
  const deletedAt = column(source.entity, source.alias, 'deleted_at');
  if (!deletedAt) return 'true';
  const rights = source.scope.roles.entity(source.entity);
  const bin = source.rows(unite(rights.rows('delete'), rights.rows('restore')));
  return `(${deletedAt} IS NULL OR ${conjunction([bin, notMerged(source.entity.name, `${source.alias}.id`)])})`;
}
