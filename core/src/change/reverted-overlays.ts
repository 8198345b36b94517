import type { AnyDocument, DocumentKind, EntityDocument, FieldDocument } from '../model/documents.ts';
import { propertyLayer } from '../model/merge-document.ts';
import { documentKey, type EffectiveDocument } from '../model/model.ts';
import type { LogEntry } from './commit-change.ts';
import type { Snapshot } from './prepare-change.ts';
import type { Overlays } from './stored-state.ts';

/**
 * The overlays as they were before the logged entries, newest first. What the site has made since is retired, not
 * dropped, so that going back and forth loses no data.
 */
export function revertedOverlays(current: Snapshot, undone: readonly LogEntry[]): Overlays {
  const overlays = new Map(current.overlays);
  for (const entry of undone) {
    if (entry.type !== 'overlay') continue;
    const kind = entry.kind as DocumentKind;
    const key = documentKey(kind, entry.name);
    if (entry.before === null) overlays.delete(key);
    else overlays.set(key, { kind, name: entry.name, document: entry.before as AnyDocument });
  }
  for (const [key, overlay] of current.overlays) {
    const effective = current.model.documents.get(key);
    if (overlay.kind !== 'entity' || !effective) continue;
    const kept = keepFields(
      current,
      effective as EffectiveDocument<EntityDocument>,
      overlays.get(key)?.document as EntityDocument | undefined,
    );
    if (kept) overlays.set(key, { kind: 'entity', name: overlay.name, document: kept });
  }
  return overlays;
}

function keepFields(
  current: Snapshot,
  effective: EffectiveDocument<EntityDocument>,
  target: EntityDocument | undefined,
): EntityDocument | null {
  const lower = current.lower.has(documentKey('entity', effective.name));
  if (!target && !lower) return { ...effective.document, retired: true };
  const missing = Object.entries(effective.document.properties).filter(
    ([name]) =>
      propertyLayer(effective.provenance, name) === 'site' && !Object.hasOwn(target?.properties ?? {}, name),
  );
  if (missing.length === 0) return null;
  const retired = missing.map(([name, field]): [string, FieldDocument] => [
    name,
    { ...field, retired: true },
  ]);
  // An overlay carries only differences, so it lacks most of what an entity document must have.
  const base = (target ?? { name: effective.name, extends: true }) as EntityDocument;
  return { ...base, properties: { ...target?.properties, ...Object.fromEntries(retired) } };
}
