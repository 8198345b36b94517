import type { AnyDocument, DocumentKind } from '../../model/documents.ts';
import { isObject } from '../../text/is-object.ts';

/**
 * A place where newer files and the site's own changes meet:
 * - `changed`: the shipped value that the site has replaced is another one now; the site's stays in force.
 * - `refused`: what the site had set does not go with the new files; it was set aside.
 * - `renamed`: the files bring a field of a name the site had used; the site's field has a new name, its data kept.
 */
export type ConflictReason = 'changed' | 'refused' | 'renamed';

/** A conflict as it is found. */
export interface FoundConflict {
  readonly kind: DocumentKind;
  readonly name: string;
  /** JSON Pointer within the document, `''` for the whole. */
  readonly path: string;
  readonly reason: ConflictReason;
  /** The shipped value that the site had replaced; absent where there was none. */
  readonly before?: unknown;
  readonly site?: unknown;
  /** The shipped value now; absent where there is none. */
  readonly shipped?: unknown;
  /** Why it was refused, or the field's new name. */
  readonly detail?: string;
}

type Json = Readonly<Record<string, unknown>>;

/** The entry of a document at a JSON Pointer; undefined when there is none. */
export function entryAt(document: unknown, path: string): unknown {
  let value = document;
  for (const key of keysOf(path)) {
    if (!isObject(value) || !Object.hasOwn(value, key)) return undefined;
    value = value[key];
  }
  return value;
}

/** The keys of a JSON Pointer. */
export function keysOf(path: string): readonly string[] {
  return path
    .split('/')
    .slice(1)
    .map((key) => key.replaceAll('~1', '/').replaceAll('~0', '~'));
}

/** A document without one of its entries; maps that become empty by it go as well. Null when nothing is left to say. */
export function withoutEntry(document: AnyDocument, path: string): AnyDocument | null {
  const keys = keysOf(path);
  if (keys.length === 0) return null;
  const rest = remove(document as unknown as Json, keys);
  const says = Object.keys(rest).some((key) => key !== 'name' && key !== 'extends');
  return says ? (rest as unknown as AnyDocument) : null;
}

function remove(value: Json, [key = '', ...deeper]: readonly string[]): Json {
  const { [key]: inner, ...rest } = value;
  if (deeper.length === 0 || !isObject(inner)) return rest;
  const left = remove(inner, deeper);
  // In its old place: the order of entries is part of the meaning.
  return Object.fromEntries(
    Object.entries(value).flatMap(([name, each]) => {
      if (name !== key) return [[name, each]];
      return Object.keys(left).length > 0 ? [[name, left]] : [];
    }),
  );
}
