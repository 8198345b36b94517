import type { AnyDocument, DictionaryDocument, DictionaryValueDocument } from '../../model/documents.ts';
import { mergeLayers } from '../../model/merge-layers.ts';
import { documentKey, type EffectiveDocument } from '../../model/model.ts';
import type { Dictionaries } from '../../store/dictionaries.ts';
import { valueDocument, withoutValues } from '../dictionary-change.ts';
import { seedValue } from '../dictionary-rows.ts';
import { enabledPlugins, type FileLayers } from '../plugin-layers.ts';
import type { Snapshot } from '../prepare-change.ts';
import type { Overlays } from '../stored-state.ts';
import type { MetadataPackage } from './metadata-package.ts';

/** A package before it is known where it came from. */
export type PackageContent = Omit<MetadataPackage, 'lineage'>;

/** The effective documents of the files; `stored` says which plugins count, all of them when absent. */
export function fileDocuments(
  layers: FileLayers,
  stored?: ReadonlyMap<string, boolean>,
): ReadonlyMap<string, EffectiveDocument> {
  const plugins = stored ? enabledPlugins(layers.plugins, stored) : layers.plugins;
  return mergeLayers([layers.base, ...plugins.map(({ layer }) => layer)], { checked: true });
}

/** Everything the site has configured, what waits for a disabled plugin included. */
export function sitePackage(
  current: Snapshot,
  layers: FileLayers,
  dictionaries: Dictionaries,
): PackageContent {
  const documents = new Map<string, AnyDocument>();
  const shipped = fileDocuments(layers);
  for (const [key, { document }] of current.overlays) documents.set(key, document);
  for (const name of dictionaryNames(shipped, current.overlays)) {
    const key = documentKey('dictionary', name);
    const values = siteValues(
      shipped.get(key)?.document as DictionaryDocument | undefined,
      name,
      dictionaries,
    );
    const overlay = documents.get(key);
    if (!overlay && Object.keys(values).length === 0) continue;
    documents.set(key, { ...(overlay ?? { name, extends: true }), values } as AnyDocument);
  }
  return {
    format: 1,
    plugins: Object.fromEntries(
      layers.plugins
        .map(({ manifest: { name, version } }): [string, MetadataPackage['plugins'][string]] => [
          name,
          { version, enabled: current.plugins.get(name) ?? false },
        ])
        .sort(byKey),
    ),
    documents: Object.fromEntries([...documents].sort(byKey)),
  };
}

function byKey([a]: readonly [string, unknown], [b]: readonly [string, unknown]): number {
  return a < b ? -1 : 1;
}

function dictionaryNames(shipped: ReadonlyMap<string, EffectiveDocument>, overlays: Overlays): Set<string> {
  return new Set(
    [...shipped.values(), ...overlays.values()].flatMap(({ kind, name }) =>
      kind === 'dictionary' ? [name] : [],
    ),
  );
}

/** Values that are not as the files seed them. */
function siteValues(
  shipped: DictionaryDocument | undefined,
  name: string,
  dictionaries: Dictionaries,
): Record<string, DictionaryValueDocument> {
  const seeded = new Map(
    Object.entries(shipped?.values ?? {}).map(([code, value], index) => [
      code,
      valueDocument(seedValue(code, value, index)),
    ]),
  );
  const own = dictionaries
    .values(name)
    .map((value): [string, DictionaryValueDocument] => [value.code, valueDocument(value)])
    .filter(([code, value]) => stable(value) !== stable(seeded.get(code)));
  return Object.fromEntries(own);
}

/** The database does not keep the order of a value's attributes. */
function stable(value: DictionaryValueDocument | undefined): string {
  const data = Object.entries(value?.data ?? {}).sort(byKey);
  return JSON.stringify(value && { ...value, label: [value.label['zh-CN'], value.label.en], data });
}

/** The part of a dictionary's entry that is an overlay; null when only its values differ. */
export function overlayPart(document: AnyDocument, key: string): AnyDocument | null {
  if (!key.startsWith('dictionary/')) return document;
  const { values: _values, ...definition } = document as DictionaryDocument;
  if (document.extends !== true) return withoutValues(document as DictionaryDocument);
  const says = Object.keys(definition).some((name) => name !== 'name' && name !== 'extends');
  return says ? (definition as AnyDocument) : null;
}
