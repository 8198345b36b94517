import { existsSync } from 'node:fs';
import { readdir } from 'node:fs/promises';
import { join } from 'node:path';
import type { InstalledPlugin } from './installed-plugin.ts';
import { orderPlugins } from './order-plugins.ts';
import { readManifest } from './read-manifest.ts';

/**
 * The plugins under `folder` (`plugins/<name>/plugin.json`), dependencies before those that need them.
 * @throws MRT_PLUGIN_INVALID for a bad manifest, another platform, a missing or circular dependency
 */
export async function discoverPlugins(
  folder: string,
  platformVersion: string,
): Promise<readonly InstalledPlugin[]> {
  if (!existsSync(folder)) return [];
  const found: InstalledPlugin[] = [];
  for (const entry of (await readdir(folder, { withFileTypes: true })).sort((a, b) =>
    a.name < b.name ? -1 : 1,
  )) {
    const path = join(folder, entry.name);
    if (entry.isDirectory() && existsSync(join(path, 'plugin.json'))) found.push(await readManifest(path));
  }
  return orderPlugins(found, platformVersion);
}
