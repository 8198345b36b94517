import type { Allocation, PreviousField } from '../model/allocation.ts';
import { compileModel, type CompileResult } from '../model/compile-model.ts';
import type { Layer } from '../model/layer.ts';
import { hashOf, mergeLayers } from '../model/merge-layers.ts';
import type { EffectiveDocument } from '../model/model.ts';
import { enabledPlugins, type FileLayers } from './plugin-layers.ts';
import type { Overlays } from './stored-state.ts';

/** A compiled model with what it was compiled from. */
export interface Composed extends CompileResult {
  /** Effective documents of the file layers alone, on which the site's overlays lie. */
  readonly lower: ReadonlyMap<string, EffectiveDocument>;
}

/** Hash over all documents in files, enabled or not. Nodes with different files must not change the same database. */
export function fileHash(layers: FileLayers): string {
  return hashOf([layers.base, ...layers.plugins.map(({ layer }) => layer)]);
}

/**
 * Merges base, enabled plugins and the site's overlays, and compiles them. An overlay on a document of a disabled
 * plugin waits until the plugin is back.
 * @param options `checked` when just these documents were checked before: their shapes and references are not checked
 *   again; `previous` as `compileModel` takes it
 * @throws MRT_DOCUMENT_INVALID with every fault
 */
export function compose(
  layers: FileLayers,
  overlays: Overlays,
  plugins: ReadonlyMap<string, boolean>,
  version: number,
  allocation: Allocation,
  options: { readonly checked?: boolean; readonly previous?: PreviousField } = {},
): Composed {
  const { checked = false, previous } = options;
  const enabled = enabledPlugins(layers.plugins, plugins);
  const files: Layer[] = [layers.base, ...enabled.map(({ layer }) => layer)];
  const lower = mergeLayers(files, { checked });
  // Sorted, because the order of documents is part of the model's hash and must be the same on every node.
  const active = [...overlays]
    .filter(([key, { document }]) => document.extends !== true || lower.has(key))
    .sort(([a], [b]) => (a < b ? -1 : 1))
    .map(([, overlay]) => overlay);
  const site: Layer = { name: 'site', documents: active.map((overlay) => ({ ...overlay, file: '' })) };
  const names = enabled.map(({ manifest }) => manifest.name);
  const compiled = compileModel({
    documents: active.length === 0 ? lower : mergeLayers([...files, site], { checked }),
    version,
    plugins: names,
    allocation,
    checked,
    ...(previous ? { previous } : {}),
  });
  return { ...compiled, lower };
}
