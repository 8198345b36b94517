import type { AnyDocument, EntityDocument, FieldDocument } from '../model/documents.ts';
import type { EffectiveDocument } from '../model/model.ts';
import { propertyLayer } from '../model/merge-document.ts';
import { overlayOf } from '../model/overlay.ts';

/**
 * What the site stores so that `wished` becomes effective. Fields that the site made and that `wished` no longer
 * has are retired instead of dropped: their data stays and can be brought back (DESIGN §4).
 * @param lower the document of the file layers, null when the site made it
 * @param current the effective document before the change, null when it is new
 */
export function overlayFor(
  lower: EffectiveDocument | null,
  current: EffectiveDocument | null,
  wished: AnyDocument,
): AnyDocument | null {
  const complete =
    current?.kind === 'entity'
      ? retireMissing(current as EffectiveDocument<EntityDocument>, wished as EntityDocument)
      : wished;
  return overlayOf(lower?.document ?? null, complete);
}

/** `null` as a wish: back to the lower layers; a document that the site made is retired or removed. */
export function overlayWithout(
  lower: EffectiveDocument | null,
  current: EffectiveDocument,
): AnyDocument | null {
  if (lower) return overlayFor(lower, current, lower.document);
  return current.kind === 'entity' ? ({ ...current.document, retired: true } as EntityDocument) : null;
}

function retireMissing(current: EffectiveDocument<EntityDocument>, wished: EntityDocument): EntityDocument {
  if (typeof wished.properties !== 'object' || wished.properties === null) return wished;
  const renamed = new Set(Object.values(wished.properties).map((field) => field?.renamedFrom));
  const retired = Object.entries(current.document.properties).filter(
    ([name]) =>
      propertyLayer(current.provenance, name) === 'site' &&
      !Object.hasOwn(wished.properties, name) &&
      !renamed.has(name),
  );
  if (retired.length === 0) return wished;
  const kept = retired.map(([name, field]): [string, FieldDocument] => [name, { ...field, retired: true }]);
  return { ...wished, properties: { ...wished.properties, ...Object.fromEntries(kept) } };
}
