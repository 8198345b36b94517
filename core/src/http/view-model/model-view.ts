import type { Access } from '../../access/access.ts';
import type { Model } from '../../model/model.ts';
import type { ModelAnswer } from '../contract.ts';
import { menuView } from './menu-view.ts';
import { grantedActions, isVisible } from './visible-entity.ts';

/** The summary of the model for a person, without the dictionaries, whose revisions change on their own. */
export function modelView(model: Model, access: Access): Omit<ModelAnswer, 'dictionaries'> {
  return {
    version: model.version,
    hash: model.hash,
    productName: model.settings.productName,
    timeZone: model.settings.timeZone,
    currency: model.settings.currency,
    entities: [...model.entities.values()]
      .filter((entity) => isVisible(access, entity))
      .map((entity) => ({
        name: entity.name,
        label: entity.label,
        display: entity.display,
        ...(entity.document.departmentFilter === true ? { departmentFilter: true } : {}),
        actions: grantedActions(access, entity),
      })),
    menus: menuView(model, access),
  };
}
