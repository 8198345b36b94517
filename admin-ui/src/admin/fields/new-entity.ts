import type { DocumentChange, EntityDocument, LocaleText, RoleDocument, Scope } from '@mortise/core/contract';
import { loadDocuments, newDocument, wish } from '../api/documents';

/** What a role may do with the new entity. */
export type Share = 'none' | 'read' | 'own' | 'all';
export const SHARES: readonly Share[] = ['none', 'read', 'own', 'all'];

/** What the dialog asks for. */
export interface NewEntity {
  readonly name: string;
  readonly label: LocaleText;
  readonly first: { readonly name: string; readonly label: LocaleText };
  readonly reviews: boolean;
  /** Menu group that gets the entry. */
  readonly menu: string;
  readonly roles: Readonly<Record<string, Share>>;
}

const actionsOf = (share: Exclude<Share, 'none'>): Readonly<Record<string, Scope>> => {
  const write: Scope = share === 'all' ? 'all' : 'own';
  const see: Scope = share === 'own' ? 'own' : 'all';
  const read = { query: see, read: see, print: see, export: see };
  return share === 'read'
    ? read
    : { ...read, create: write, update: write, void: write, delete: write, restore: write };
};

/** Does the role reach every entity already? */
export const reachesAll = (role: RoleDocument): boolean =>
  Object.values(role.grants).some((grant) => grant.entity === '*');

/**
 * Everything a new entity needs to be used at once (ENG-06): the entity with its first field, a form, a list, an entry
 * in the menu, and rights for the chosen roles.
 */
export async function newEntityChanges(wished: NewEntity, fresh: boolean): Promise<DocumentChange[]> {
  const { name, label, first } = wished;
  const entity: EntityDocument = {
    name,
    label,
    display: first.name,
    ownership: 'user',
    ...(wished.reviews ? {} : { reviews: false }),
    properties: {
      [first.name]: { field: 'text', label: first.label, maxLength: 200, required: true, search: true },
    },
  };
  const changes: DocumentChange[] = [
    newDocument('entity', entity),
    newDocument('form', {
      name: `${name}.default`,
      entity: name,
      label,
      tabs: {
        basic: {
          label: { 'zh-CN': '基本信息', en: 'Basic information' },
          sections: { main: { label, columns: 2, fields: { [first.name]: {} } } },
        },
        history: { label: { 'zh-CN': '历史', en: 'History' }, panel: 'history' },
      },
    }),
    newDocument('view', {
      name: `${name}.all`,
      entity: name,
      kind: 'list',
      label,
      columns: {
        [first.name]: { width: 240, pinned: true },
        owner: { width: 120 },
        updated_at: { width: 160 },
      },
      sort: '-updated_at',
    }),
  ];
  const menu = (await loadDocuments('menu', fresh)).find((stored) => stored.name === wished.menu);
  if (menu) {
    const items = { ...menu.document.items, [name]: { label, view: `${name}.all` } };
    changes.push(wish(menu, { ...menu.document, items }));
  }
  const shared = Object.entries(wished.roles).filter(
    (entry): entry is [string, Exclude<Share, 'none'>] => entry[1] !== 'none',
  );
  if (shared.length > 0) {
    const roles = await loadDocuments('role', fresh);
    for (const [roleName, share] of shared) {
      const role = roles.find((stored) => stored.name === roleName);
      if (!role) continue;
      const grants = { ...role.document.grants, [name]: { entity: name, actions: actionsOf(share) } };
      changes.push(wish(role, { ...role.document, grants }));
    }
  }
  return changes;
}
