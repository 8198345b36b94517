import type { FieldDefinition } from './field-type.ts';
import { isObject } from '../text/is-object.ts';

/** The attribute `name` when it is a text, otherwise undefined. */
export function textAttribute(def: FieldDefinition, name: string): string | undefined {
  const value = def[name];
  return typeof value === 'string' ? value : undefined;
}

/** The attribute `name` when it is a number, otherwise `fallback`. */
export function numberAttribute(def: FieldDefinition, name: string, fallback: number): number {
  const value = def[name];
  return typeof value === 'number' ? value : fallback;
}

/** True when the attribute `name` is literally `true`. */
export function flagAttribute(def: FieldDefinition, name: string): boolean {
  return def[name] === true;
}

/** The attribute `name` when it is an object, otherwise an empty one. */
export function mapAttribute(def: FieldDefinition, name: string): Readonly<Record<string, unknown>> {
  const value = def[name];
  return isObject(value) ? value : {};
}
