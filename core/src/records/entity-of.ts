import { problem } from '../errors/catalogue.ts';
import type { RecordAction } from '../model/documents.ts';
import type { Context } from '../context/context.ts';
import type { EntityModel } from '../model/model.ts';
import { localise } from '../text/locale.ts';

const ACTION_TEXT: Readonly<Record<RecordAction, { readonly 'zh-CN': string; readonly en: string }>> = {
  query: { 'zh-CN': '查询', en: 'query' },
  read: { 'zh-CN': '查看', en: 'read' },
  create: { 'zh-CN': '新建', en: 'create' },
  update: { 'zh-CN': '修改', en: 'change' },
  void: { 'zh-CN': '作废', en: 'void' },
  delete: { 'zh-CN': '删除', en: 'delete' },
  restore: { 'zh-CN': '恢复', en: 'restore' },
  transition: { 'zh-CN': '流转', en: 'move on' },
  print: { 'zh-CN': '打印', en: 'print' },
  share: { 'zh-CN': '共享', en: 'share' },
  export: { 'zh-CN': '导出', en: 'export' },
};

/** @throws MRT_ENTITY_UNKNOWN, MRT_ENTITY_RENAMED */
export function entityOf(context: Context, name: string): EntityModel {
  const entity = context.model.entities.get(name);
  if (!entity) throw unknownEntity(context, name);
  return entity;
}

/** The problem of a name that no entity has; who may know of the one that had it is told what it is called now. */
export function unknownEntity({ model, access }: Pick<Context, 'model' | 'access'>, name: string): Error {
  for (const entity of model.entities.values()) {
    if (entity.document.renamedFrom !== name) continue;
    const granted = access.entity(entity);
    if (granted.may('query') || granted.may('read'))
      return problem('MRT_ENTITY_RENAMED', { entity: name, name: entity.name });
  }
  return problem('MRT_ENTITY_UNKNOWN', { entity: name });
}

/** The problem that an action on an entity is not granted. */
export function denied(context: Context, entity: EntityModel, action: RecordAction): Error {
  return problem('MRT_ACCESS_DENIED', {
    action: ACTION_TEXT[action][context.locale],
    entity: localise(entity.label, context.locale),
  });
}

/** @throws MRT_ACCESS_DENIED when the action is granted for no row at all */
export function requireAction(context: Context, entity: EntityModel, action: RecordAction): void {
  if (!context.access.entity(entity).may(action)) throw denied(context, entity, action);
}

/** @throws MRT_ACCESS_DENIED when the actor may know of no record of the entity */
export function requireVisible(context: Context, entity: EntityModel): void {
  const access = context.access.entity(entity);
  if (!access.may('query') && !access.may('read')) throw denied(context, entity, 'query');
}
