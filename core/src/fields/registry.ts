import { autonumber } from './autonumber/autonumber.ts';
import { children } from './children/children.ts';
import type { FieldType } from './field-type.ts';
import { files } from './files/files.ts';
import { images } from './images/images.ts';
import { lines } from './lines/lines.ts';
import { list } from './list/list.ts';
import { reference } from './reference/reference.ts';
import { references } from './references/references.ts';
import { SCALAR_TYPES } from './scalar-types.ts';

const BUILT_IN: readonly FieldType[] = [
  ...SCALAR_TYPES,
  reference,
  references,
  children,
  lines,
  list,
  files,
  images,
  autonumber,
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
