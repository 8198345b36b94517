import { problem } from '../../errors/catalogue.ts';
import type { Access } from '../../access/access.ts';
import type { Model } from '../../model/model.ts';
import type { Dictionaries } from '../../store/dictionaries.ts';
import type { DictionaryView } from '../contract.ts';

/** The dictionary whose values are the role documents; it is configured as documents, not as values. */
export const ROLES = '$roles';

/**
 * A dictionary with its values, retired ones included (records may still bear them).
 * @throws MRT_DOCUMENT_UNKNOWN
 */
export function dictionaryView(
  model: Model,
  access: Access,
  dictionaries: Dictionaries,
  name: string,
): DictionaryView {
  if (name === ROLES) return rolesView(model);
  const document = model.dictionaries.get(name);
  if (!document) throw problem('MRT_DOCUMENT_UNKNOWN', { kind: 'dictionary', name });
  return {
    name,
    label: document.label,
    tree: document.tree === true,
    extensible: document.extensible === true && mayExtend(access),
    mappings: document.mappings,
    values: dictionaries.values(name).map((value) => ({
      code: value.code,
      label: value.label,
      parent: value.parent,
      active: value.active,
      ...(value.color === null ? {} : { color: value.color }),
      ...(Object.keys(value.data).length > 0 ? { data: value.data } : {}),
    })),
  };
}

/** Functions of which one lets a person add values to a dictionary that is open to it. */
export const EXTENDS: readonly string[] = [
  'dictionaries.extend',
  'dictionaries.configure',
  'metadata.configure',
];

function mayExtend(access: Access): boolean {
  return EXTENDS.some((name) => access.mayUse(name));
}

function rolesView(model: Model): DictionaryView {
  return {
    name: ROLES,
    label: { 'zh-CN': '角色', en: 'Roles' },
    tree: false,
    extensible: false,
    mappings: undefined,
    values: [...model.roles.values()].map((role) => ({
      code: role.name,
      label: role.label,
      parent: null,
      active: true,
    })),
  };
}
