import type { PluginManifest } from './api.ts';

/** A plugin found on disk, its manifest checked. */
export interface InstalledPlugin {
  readonly manifest: PluginManifest;
  /** Absolute path of the folder with `plugin.json`. */
  readonly folder: string;
}

/** Name of the layer that holds a plugin's documents. */
export function layerOfPlugin(name: string): `plugin:${string}` {
  return `plugin:${name}`;
}
