import type { AnyDocument, DocumentKind } from '../../model/documents.ts';
import { documentKey } from '../../model/model.ts';

/** Old name of an entity → its new one. */
export type EntityRenames = ReadonlyMap<string, string>;

/** A document by its place; `null` where it is to go or was not there. */
export interface NamedDocument<D = AnyDocument | null> {
  readonly kind: DocumentKind;
  readonly name: string;
  readonly document: D;
}

/** Attributes whose text names an entity: `"entity": "project"`, a button's `"create": "project"`. */
const ENTITY: ReadonlySet<string> = new Set(['entity', 'create']);
/** Attributes whose text names a document, and documents of an entity are named after it (`project.all`). */
const DOCUMENT: ReadonlySet<string> = new Set(['view', 'form', 'template', 'report']);
/** Maps from fields to values: `entity` is only the name of a field there. */
const VALUES: ReadonlySet<string> = new Set(['values', 'filter', 'default']);
/** Parts of a filter that hold filters. */
const COMBINED: ReadonlySet<string> = new Set(['$and', '$or', '$not']);
/** Maps keyed by entities. */
const KEYED: ReadonlySet<string> = new Set(['entities']);

/** The names that documents of the entities have: `project.all` → `orders.all`. Entities themselves included. */
export function renamedDocument(kind: DocumentKind, name: string, renames: EntityRenames): string {
  if (kind === 'entity') return renames.get(name) ?? name;
  const [entity = '', ...rest] = name.split('.');
  const fresh = rest.length > 0 ? renames.get(entity) : undefined;
  return fresh === undefined ? name : [fresh, ...rest].join('.');
}

/** A document under its new name, with the new names of entities wherever it mentions an old one. */
export function withRenamedEntities<N extends NamedDocument>(named: N, renames: EntityRenames): N {
  const { kind, document } = named;
  const name = renamedDocument(kind, named.name, renames);
  if (typeof document !== 'object' || document === null) return { ...named, name };
  const mended = rewritten(document, renames) as AnyDocument;
  const body = kind === 'role' ? withGrants(mended, renames) : mended;
  return { ...named, name, document: { ...body, name: document.name === named.name ? name : document.name } };
}

/** {@link withRenamedEntities} for documents by their keys. */
export function allRenamed<N extends NamedDocument>(
  documents: ReadonlyMap<string, N>,
  renames: EntityRenames,
): ReadonlyMap<string, N> {
  return new Map(
    [...documents.values()].map((each): [string, N] => {
      const renamed = withRenamedEntities(each, renames);
      return [documentKey(renamed.kind, renamed.name), renamed];
    }),
  );
}

/** Old and new names swapped: the way back. */
export function inverse(renames: EntityRenames): EntityRenames {
  return new Map([...renames].map(([from, to]) => [to, from]));
}

/** Plain JSON that names entities as documents do: a kept definition of a workflow, a deadline, a step. */
export function rewritten(value: unknown, renames: EntityRenames, key = ''): unknown {
  if (typeof value === 'string') {
    if (ENTITY.has(key)) return renames.get(value) ?? value;
    return DOCUMENT.has(key) ? renamedDocument('view', value, renames) : value;
  }
  if (Array.isArray(value)) return value.map((item) => rewritten(item, renames, key));
  if (typeof value !== 'object' || value === null) return value;
  // A field of that name is defined by an object that says its type.
  const holdsValues = VALUES.has(key) && typeof (value as { field?: unknown }).field !== 'string';
  return Object.fromEntries(
    Object.entries(value).map(([name, inner]) => {
      const at = KEYED.has(key) ? (renames.get(name) ?? name) : name;
      // The scope of the action `create` (`"create": "all"`) is no entity.
      const isValue = holdsValues || (key === 'actions' && name === 'create');
      if (isValue && typeof inner === 'string') return [at, inner];
      return [at, rewritten(inner, renames, holdsValues && COMBINED.has(name) ? key : name)];
    }),
  );
}

/** Grants are keyed by any name, usually the entity's: the key follows where it is free. */
function withGrants(document: AnyDocument, renames: EntityRenames): AnyDocument {
  const { grants } = document as { grants?: Readonly<Record<string, { entity?: string } | null>> };
  if (!grants) return document;
  const entries = Object.entries(grants).map(([key, grant]) => {
    const fresh = renames.get(key);
    const follows = fresh !== undefined && grant?.entity === fresh && !Object.hasOwn(grants, fresh);
    return [follows ? fresh : key, grant];
  });
  return { ...document, grants: Object.fromEntries(entries) };
}
