import type { AnyDocument, EntityDocument } from '../model/documents.ts';
import { documentKey } from '../model/model.ts';
import type { Snapshot } from './prepare-change.ts';
import type { Overlay, Overlays } from './stored-state.ts';

/** Where forms and views list fields by name. */
const LISTS: ReadonlySet<string> = new Set(['fields', 'columns', 'filters']);

/**
 * Takes fields that are about to be retired off the forms and lists where the site itself had put them, so that one
 * change retires a field. What other layers say of it is left alone and reported as a fault.
 */
export function forgetRetired(current: Snapshot, overlays: Overlays): Overlays {
  const retired = newlyRetired(current, overlays);
  if (retired.size === 0) return overlays;
  return new Map(
    [...overlays].map(([key, overlay]): [string, Overlay] => {
      if (overlay.kind !== 'form' && overlay.kind !== 'view') return [key, overlay];
      const effective = current.model.documents.get(key)?.document ?? overlay.document;
      const names = 'entity' in effective ? retired.get(effective.entity) : undefined;
      return [
        key,
        names ? { ...overlay, document: without(overlay.document, names) as AnyDocument } : overlay,
      ];
    }),
  );
}

/** Entity → names of its fields that are live now and retired in the next overlays. */
function newlyRetired(current: Snapshot, overlays: Overlays): ReadonlyMap<string, ReadonlySet<string>> {
  const found = new Map<string, ReadonlySet<string>>();
  for (const { kind, name, document } of overlays.values()) {
    if (kind !== 'entity') continue;
    const live = current.model.documents.get(documentKey('entity', name))?.document as
      | EntityDocument
      | undefined;
    const names = Object.entries((document as Partial<EntityDocument>).properties ?? {})
      .filter(([field, def]) => def?.retired === true && live?.properties[field]?.retired !== true)
      .map(([field]) => field);
    if (names.length > 0) found.set(name, new Set(names));
  }
  return found;
}

function without(value: unknown, names: ReadonlySet<string>, key = ''): unknown {
  if (typeof value !== 'object' || value === null || Array.isArray(value)) return value;
  const entries = Object.entries(value).filter(([name]) => !(LISTS.has(key) && names.has(name)));
  return Object.fromEntries(entries.map(([name, inner]) => [name, without(inner, names, name)]));
}
