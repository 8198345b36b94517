import type { Access } from '../../access/access.ts';
import type { MenuItemDocument } from '../../model/documents.ts';
import type { Model } from '../../model/model.ts';
import { orderEntries } from '../../model/order.ts';
import type { ModelAnswer } from '../contract.ts';

type Items = Readonly<Record<string, MenuItemDocument>>;

/**
 * The main menu of a person (MENU-08): entries whose function he holds, whose entity he may query or enter, and
 * whose target exists; groups left empty go too. In order (UI-03).
 */
export function menuView(model: Model, access: Access): ModelAnswer['menus'] {
  return [...model.menus.values()]
    .map((menu, position) => ({ menu, order: menu.order ?? 1000, position }))
    .sort((a, b) => a.order - b.order || a.position - b.position)
    .map(({ menu }) => ({
      name: menu.name,
      label: menu.label,
      ...(menu.icon ? { icon: menu.icon } : {}),
      items: itemsView(model, access, menu.items),
    }))
    .filter((menu) => Object.keys(menu.items).length > 0);
}

function itemsView(model: Model, access: Access, items: Items): Items {
  const shown = Object.entries(orderEntries(items)).flatMap(([name, item]): [string, MenuItemDocument][] => {
    if (item.shown === false || !allowed(model, access, item)) return [];
    if (!item.items) return isTarget(item) ? [[name, item]] : [];
    const inner = itemsView(model, access, item.items);
    return Object.keys(inner).length > 0 || isTarget(item) ? [[name, { ...item, items: inner }]] : [];
  });
  return Object.fromEntries(shown);
}

function isTarget(item: MenuItemDocument): boolean {
  return [item.view, item.create, item.page, item.action].some((target) => target !== undefined);
}

function allowed(model: Model, access: Access, item: MenuItemDocument): boolean {
  if (item.function !== undefined && !access.mayUse(item.function)) return false;
  if (item.view !== undefined) {
    const entity = model.entities.get(model.views.get(item.view)?.entity ?? '');
    if (!entity || !access.entity(entity).may('query')) return false;
  }
  if (item.create !== undefined) {
    const entity = model.entities.get(item.create);
    if (!entity || !access.entity(entity).may('create')) return false;
  }
  return true;
}
