import { address } from './address/address.ts';
import { autonumber } from './autonumber/autonumber.ts';
import { children } from './children/children.ts';
import type { FieldDefinition, FieldType } from './field-type.ts';
import { files } from './files/files.ts';
import { geo } from './geo/geo.ts';
import { images } from './images/images.ts';
import { lines } from './lines/lines.ts';
import { list } from './list/list.ts';
import { reference } from './reference/reference.ts';
import { references } from './references/references.ts';
import { richtext } from './richtext/richtext.ts';
import { SCALAR_TYPES } from './scalar-types.ts';
import { tags } from './tags/tags.ts';
import { unit } from './unit/unit.ts';
import { user } from './user/user.ts';

const BUILT_IN: readonly FieldType[] = [
  ...SCALAR_TYPES,
  reference,
  references,
  user,
  unit,
  children,
  lines,
  list,
  files,
  images,
  autonumber,
  tags,
  richtext,
  address,
  geo,
];

const types = new Map(BUILT_IN.map((type) => [type.name, type]));

/** The field type `name`. @throws Error when there is none; ask {@link hasFieldType} about names from outside. */
export function fieldType(name: string): FieldType {
  const type = types.get(name);
  if (!type) throw new Error(`there is no field type “${name}”; known: ${[...types.keys()].join(', ')}`);
  return type;
}

/** True when the field type exists. */
export function hasFieldType(name: string): boolean {
  return types.has(name);
}

/** All field types, built-in ones first, in the order designers offer them. */
export function fieldTypes(): readonly FieldType[] {
  return [...types.values()];
}

/** The field that a definition stands for: itself, or a reference for `user` and `unit`. Unknown types stay. */
export function plainField<T extends FieldDefinition>(def: T): T {
  return (types.get(def.field)?.standsFor?.(def) ?? def) as T;
}

/**
 * Adds a field type, a plugin's for instance. Gives back its removal, which does nothing the second time.
 * @throws Error when the name is taken or not a name
 */
export function registerFieldType(type: FieldType): () => void {
  if (!/^[a-z][a-z0-9_]{0,39}$/.test(type.name))
    throw new Error(`“${type.name}” is not a name for a field type`);
  if (types.has(type.name)) throw new Error(`the field type “${type.name}” exists already`);
  types.set(type.name, type);
  return () => {
    if (types.get(type.name) === type) types.delete(type.name);
  };
}
