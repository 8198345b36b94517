import { readFileSync } from 'node:fs';
import { join } from 'node:path';
import type { FileLayers, PluginLayer } from '../change/plugin-layers.ts';
import { loadLayer } from '../model/load-layer.ts';
import { discoverPlugins } from '../plugin/discover-plugins.ts';
import { type InstalledPlugin, layerOfPlugin } from '../plugin/installed-plugin.ts';
import { registerPluginFieldTypes } from '../plugin/plugin-field-types.ts';

/** The documents in files, and the plugins they came with. */
export interface FoundLayers extends FileLayers {
  /** In dependency order, as `plugins`. */
  readonly installed: readonly InstalledPlugin[];
}

/** Version of the platform, from package.json of the project. */
export function platformVersion(root: string): string {
  const { version } = JSON.parse(readFileSync(join(root, 'package.json'), 'utf8')) as {
    readonly version: string;
  };
  return version;
}

/**
 * Reads `metadata/` and every plugin below `root`.
 * @throws MRT_DOCUMENT_INVALID, MRT_PLUGIN_INVALID
 */
export async function readFileLayers(root: string): Promise<FoundLayers> {
  const installed = await discoverPlugins(join(root, 'plugins'), platformVersion(root));
  await registerPluginFieldTypes(installed);
  const base = await loadLayer(join(root, 'metadata'), 'base');
  const plugins: PluginLayer[] = [];
  for (const { manifest, folder } of installed) {
    plugins.push({
      manifest,
      layer: await loadLayer(join(folder, 'metadata'), layerOfPlugin(manifest.name)),
    });
  }
  return { base, plugins, installed };
}
