import type { EntityDocument, FieldDocument } from '../model/documents.ts';
import { propertyLayer } from '../model/merge-document.ts';
import { documentKey, type EffectiveDocument } from '../model/model.ts';
import type { Snapshot } from './prepare-change.ts';
import type { Overlays } from './stored-state.ts';

/**
 * Earlier overlays, made fit to follow the current ones: what the site has made since is retired, not dropped, and a
 * field that was renamed since is renamed back, so that going back and forth loses no data.
 */
export function keepSiteFields(current: Snapshot, earlier: Overlays): Overlays {
  const overlays = new Map(earlier);
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
  const wanted = target?.properties ?? {};
  const live = effective.document.properties;
  const missing = Object.entries(live).filter(
    ([name]) => propertyLayer(effective.provenance, name) === 'site' && !Object.hasOwn(wanted, name),
  );
  if (missing.length === 0) return null;
  const renamed = new Map<string, string>();
  for (const [name, { renamedFrom }] of missing)
    if (renamedFrom !== undefined && wanted[renamedFrom] && !live[renamedFrom])
      renamed.set(renamedFrom, name);
  const back = [...renamed].map(([earlier, name]): [string, FieldDocument] => [
    earlier,
    { ...wanted[earlier]!, renamedFrom: name },
  ]);
  const retired = missing
    .filter(([name]) => ![...renamed.values()].includes(name))
    .map(([name, field]): [string, FieldDocument] => [name, { ...field, retired: true }]);
  // An overlay carries only differences, so it lacks most of what an entity document must have.
  const base = (target ?? { name: effective.name, extends: true }) as EntityDocument;
  return { ...base, properties: { ...wanted, ...Object.fromEntries([...back, ...retired]) } };
}
