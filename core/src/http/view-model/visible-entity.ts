import type { Access } from '../../access/access.ts';
import type { RecordAction } from '../../model/documents.ts';
import type { EntityModel } from '../../model/model.ts';

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

/** Actions that the rights grant for at least some rows of the entity. */
export function grantedActions(access: Access, entity: EntityModel): readonly RecordAction[] {
  const rights = access.entity(entity);
  return ACTIONS.filter((action) => rights.may(action));
}

/** May the person know that there is such an entity? (SEC-01) */
export function isVisible(access: Access, entity: EntityModel | undefined): entity is EntityModel {
  if (!entity) return false;
  const rights = access.entity(entity);
  return rights.may('query') || rights.may('read') || rights.may('create');
}
