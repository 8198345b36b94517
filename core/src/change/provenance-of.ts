import { valueChanges } from './attribute-changes.ts';
import type { ProvenanceAnswer } from '../http/contract.ts';
import type { LayerName } from '../model/model.ts';
import type { ChangeSet } from './change-log.ts';

/** Who has set the part of a document at `path` (JSON Pointer, `''` for all of it), newest first. */
export function provenanceOf(
  layers: Readonly<Record<string, LayerName>>,
  changeSets: readonly ChangeSet[],
  of: { readonly kind: string; readonly name: string; readonly path: string },
): ProvenanceAnswer {
  const items = changeSets.flatMap(({ id, version, at, author, note, changes }) =>
    changes.flatMap((entry) => {
      if (entry.type !== 'overlay' || entry.kind !== of.kind || entry.name !== of.name) return [];
      const [before, after] = [valueAt(entry.before, of.path), valueAt(entry.after, of.path)];
      if (JSON.stringify(before) === JSON.stringify(after)) return [];
      const words = valueChanges(before, after);
      return [
        { changeSet: id, version, at, author, note, words, before: before ?? null, after: after ?? null },
      ];
    }),
  );
  return { layer: layerAt(layers, of.path), items };
}

/** The layer of the nearest place above that a layer has set. */
function layerAt(layers: Readonly<Record<string, LayerName>>, path: string): LayerName {
  for (let at = path; at !== ''; at = at.slice(0, at.lastIndexOf('/'))) {
    const layer = layers[at];
    if (layer !== undefined) return layer;
  }
  return layers[''] ?? 'base';
}

function valueAt(document: unknown, path: string): unknown {
  let value = document;
  for (const segment of path.split('/').slice(1)) {
    if (typeof value !== 'object' || value === null) return undefined;
    value = (value as Record<string, unknown>)[segment.replaceAll('~1', '/').replaceAll('~0', '~')];
  }
  return value;
}
