import type { CompareAnswer } from '../http/contract.ts';
import type { AnyDocument, DocumentKind, EntityDocument } from '../model/documents.ts';
import { mergeLayers } from '../model/merge-layers.ts';
import { documentKey, type EffectiveDocument } from '../model/model.ts';
import type { Database } from '../store/database.ts';
import { entriesAfter } from './change-log.ts';
import { sentence } from './change-text.ts';
import { describeDocuments } from './describe-documents.ts';
import { enabledPlugins, type FileLayers } from './plugin-layers.ts';
import type { Snapshot } from './prepare-change.ts';
import { allRenamed, type EntityRenames } from './rename-entity/entity-mentions.ts';
import type { Overlays } from './stored-state.ts';

/**
 * What differs between two versions in words. The files are those of today: only what the site has changed is kept by
 * version. @throws MRT_DOCUMENT_UNKNOWN for a version that never was
 */
export async function compareVersions(
  db: Database,
  layers: FileLayers,
  current: Snapshot,
  from: number,
  to: number,
): Promise<CompareAnswer> {
  const [before, after] = [
    documentsAt(layers, current, await overlaysAt(db, current, from)),
    documentsAt(layers, current, await overlaysAt(db, current, to)),
  ];
  const renames = renamesBetween(before, after);
  const items = [
    ...[...renames].map(([old, name]) => renamedItem(old, name)),
    ...describeDocuments(allRenamed(before, renames), after).map(({ kind, name, text }) => ({
      kind,
      name,
      text,
    })),
  ];
  return { from, to, items };
}

type Documents = ReadonlyMap<string, EffectiveDocument>;

function renamesBetween(before: Documents, after: Documents): EntityRenames {
  const pairs = [...after.values()].flatMap(({ kind, name, document }): [string, string][] => {
    const former = kind === 'entity' ? (document as EntityDocument).renamedFrom : undefined;
    const isRename =
      former !== undefined &&
      before.has(documentKey('entity', former)) &&
      !before.has(documentKey('entity', name)) &&
      !after.has(documentKey('entity', former));
    return isRename ? [[former, name]] : [];
  });
  return new Map(pairs);
}

function renamedItem(from: string, name: string): CompareAnswer['items'][number] {
  return {
    kind: 'entity',
    name,
    text: sentence(`实体改名 ${from} → ${name}`, `Entity renamed ${from} → ${name}`),
  };
}

async function overlaysAt(db: Database, current: Snapshot, version: number): Promise<Overlays> {
  const overlays = new Map(current.overlays);
  for (const entry of await entriesAfter(db, version)) {
    if (entry.type !== 'overlay') continue;
    const kind = entry.kind as DocumentKind;
    const key = documentKey(kind, entry.name);
    if (entry.before === null) overlays.delete(key);
    else overlays.set(key, { kind, name: entry.name, document: entry.before as AnyDocument });
  }
  return overlays;
}

function documentsAt(
  layers: FileLayers,
  current: Snapshot,
  overlays: Overlays,
): ReadonlyMap<string, EffectiveDocument> {
  const files = [layers.base, ...enabledPlugins(layers.plugins, current.plugins).map(({ layer }) => layer)];
  const documents = [...overlays]
    .filter(([key, { document }]) => document.extends !== true || current.lower.has(key))
    .map(([, overlay]) => ({ ...overlay, file: '' }));
  return mergeLayers([...files, { name: 'site', documents }], { checked: true });
}
