import type { MenuItemDocument, ModelAnswer } from '@mortise/core/contract';
import type { RouteLocationRaw } from 'vue-router';
import { text } from '../locales';

/** One entry of the main menu as it is shown. */
export interface MenuNode {
  readonly key: string;
  readonly label: string;
  readonly icon?: string | undefined;
  readonly children: readonly MenuNode[];
  readonly to?: RouteLocationRaw;
  readonly command?: string;
  /** The entity it opens, to find the module of a screen. */
  readonly entity?: string;
}

/** What the application can open. */
export interface MenuScope {
  hasPage(name: string): boolean;
  hasCommand(name: string): boolean;
}

type Model = Pick<ModelAnswer, 'menus'>;

/** Entity of a view document: views are named `<entity>.<name>`. */
const entityOfView = (view: string): string => view.split('.')[0] ?? view;

/** A page by its name, or by the name of a page with one parameter: `settings.dictionaries.city`. */
function pageTarget(page: string, scope: MenuScope): RouteLocationRaw | null {
  if (scope.hasPage(page)) return { name: page };
  const cut = page.lastIndexOf('.');
  const parent = page.slice(0, cut);
  return cut > 0 && scope.hasPage(parent) ? { name: parent, params: { name: page.slice(cut + 1) } } : null;
}

function leaf(key: string, item: MenuItemDocument, scope: MenuScope): MenuNode | null {
  const base = { key, label: text(item.label), icon: item.icon, children: [] };
  if (item.view) {
    const entity = entityOfView(item.view);
    return { ...base, entity, to: { name: 'list', params: { entity }, query: { view: item.view } } };
  }
  if (item.create)
    return { ...base, entity: item.create, to: { name: 'new', params: { entity: item.create } } };
  const page = item.page ? pageTarget(item.page, scope) : null;
  if (page) return { ...base, to: page };
  if (item.action && scope.hasCommand(item.action)) return { ...base, command: item.action };
  return null;
}

function nodes(
  path: string,
  items: Readonly<Record<string, MenuItemDocument>>,
  scope: MenuScope,
): MenuNode[] {
  const shown: MenuNode[] = [];
  for (const [name, item] of Object.entries(items)) {
    if (item.shown === false) continue;
    const key = `${path}.${name}`;
    if (item.items) {
      const children = nodes(key, item.items, scope);
      if (children.length > 0) shown.push({ key, label: text(item.label), icon: item.icon, children });
      continue;
    }
    const node = leaf(key, item, scope);
    if (node) shown.push(node);
  }
  return shown;
}

/** The main menu (UI-03). Entries that open nothing, and groups without entries, are not shown (MENU-08). */
export function menuTree(model: Model, scope: MenuScope): MenuNode[] {
  return model.menus
    .map((menu) => ({
      key: menu.name,
      label: text(menu.label),
      icon: menu.icon,
      children: nodes(menu.name, menu.items, scope),
    }))
    .filter((group) => group.children.length > 0);
}

function contains(node: MenuNode, wanted: (node: MenuNode) => boolean): boolean {
  return wanted(node) || node.children.some((child) => contains(child, wanted));
}

/** Label of the menu group in which an entity is found, the "module" of title and status bar. */
export function moduleOfEntity(groups: readonly MenuNode[], entity: string): string {
  const opensList = (node: MenuNode): boolean =>
    node.entity === entity && typeof node.to === 'object' && 'name' in node.to && node.to.name === 'list';
  const group =
    groups.find((candidate) => contains(candidate, opensList)) ??
    groups.find((candidate) => contains(candidate, (node) => node.entity === entity));
  return group?.label ?? '';
}

/** All entries with the path of labels that leads to them, for search and shortcuts. */
export function flatten(
  groups: readonly MenuNode[],
  trail: readonly string[] = [],
): { node: MenuNode; trail: readonly string[] }[] {
  return groups.flatMap((node) =>
    node.children.length > 0 ? flatten(node.children, [...trail, node.label]) : [{ node, trail }],
  );
}
