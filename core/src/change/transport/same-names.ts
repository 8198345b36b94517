import type { AnyDocument, EntityDocument } from '../../model/documents.ts';
import { documentKey } from '../../model/model.ts';
import type { FileLayers } from '../plugin-layers.ts';
import type { Snapshot } from '../prepare-change.ts';
import { allRenamed, type EntityRenames, type NamedDocument } from '../rename-entity/entity-mentions.ts';
import { type Renamed, renamedSnapshot } from '../rename-entity/renamed-snapshot.ts';
import { keyParts } from './metadata-package.ts';

type Documents = Readonly<Record<string, AnyDocument>>;

/** A package, its common state and the site, fit to be compared. */
interface SameNames {
  /** The site under the names that the package gives its entities; null when it has them already. */
  readonly renamed: Renamed | null;
  readonly sent: Documents;
  readonly met: Documents | null;
}

/**
 * An entity that one side has renamed is one entity: the names of the side that has the newer one hold for both, so that
 * the merge sees what else differs.
 */
export function inSameNames(
  layers: FileLayers,
  live: Snapshot,
  sent: { readonly documents: Documents },
  common: { readonly documents: Documents } | null,
): SameNames {
  const here = Object.fromEntries([...live.overlays].map(([key, { document }]) => [key, document]));
  const there = renamesBetween(here, sent.documents);
  const ours = renamesBetween(sent.documents, here);
  const all = new Map([...there, ...ours]);
  return {
    renamed: there.size > 0 ? renamedSnapshot(layers, live, there) : null,
    sent: renamedAll(sent.documents, ours),
    met: common && renamedAll(common.documents, all),
  };
}

/** Entities that `before` has under the old name alone and `after` under the new name alone. */
function renamesBetween(before: Documents, after: Documents): EntityRenames {
  const pairs = Object.entries(after).flatMap(([key, document]): [string, string][] => {
    const former = key.startsWith('entity/') ? (document as EntityDocument).renamedFrom : undefined;
    if (former === undefined || before[key]) return [];
    const old = documentKey('entity', former);
    return before[old] && !after[old] ? [[former, (document as EntityDocument).name]] : [];
  });
  return new Map(pairs);
}

function renamedAll(documents: Documents, renames: EntityRenames): Documents {
  if (renames.size === 0) return documents;
  const named = Object.entries(documents).flatMap(
    ([key, document]): [string, NamedDocument<AnyDocument>][] => {
      const parts = keyParts(key);
      return parts ? [[key, { ...parts, document }]] : [];
    },
  );
  return Object.fromEntries(
    [...allRenamed(new Map(named), renames)].map(([key, { document }]) => [key, document]),
  );
}
