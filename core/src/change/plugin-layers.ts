import { problem } from '../errors/catalogue.ts';
import type { Layer } from '../model/layer.ts';
import type { PluginManifest } from '../plugin/api.ts';

/** A plugin found on disk, with its documents. */
export interface PluginLayer {
  readonly manifest: PluginManifest;
  readonly layer: Layer;
}

/** The layers that come from files. */
export interface FileLayers {
  readonly base: Layer;
  readonly plugins: readonly PluginLayer[];
}

/**
 * Plugins with each one after those it depends on.
 * @throws MRT_PLUGIN_STATE when one depends on a plugin that is not there, or in a circle
 */
export function inDependencyOrder(plugins: readonly PluginLayer[]): readonly PluginLayer[] {
  const byName = new Map(plugins.map((plugin) => [plugin.manifest.name, plugin]));
  const ordered: PluginLayer[] = [];
  const visit = (plugin: PluginLayer, path: readonly string[]): void => {
    const { name } = plugin.manifest;
    if (ordered.includes(plugin)) return;
    if (path.includes(name))
      throw refused(
        name,
        `依赖成环:${[...path, name].join(' → ')}`,
        `its dependencies form a circle: ${[...path, name].join(' → ')}`,
      );
    for (const needed of Object.keys(plugin.manifest.dependencies ?? {})) {
      const other = byName.get(needed);
      if (!other)
        throw refused(
          name,
          `缺少所依赖的插件“${needed}”`,
          `it needs the plugin “${needed}”, which is not installed`,
        );
      visit(other, [...path, name]);
    }
    ordered.push(plugin);
  };
  for (const plugin of plugins) visit(plugin, []);
  return ordered;
}

/** Which plugins are on: as stored, else as the manifest says (on, unless `enabled: false`). */
export function enabledPlugins(
  plugins: readonly PluginLayer[],
  stored: ReadonlyMap<string, boolean>,
): readonly PluginLayer[] {
  return plugins.filter(({ manifest }) => stored.get(manifest.name) ?? manifest.enabled ?? true);
}

/**
 * Checks that `name` may be switched while `enabled` are on.
 * @throws MRT_PLUGIN_UNKNOWN, MRT_PLUGIN_STATE with the plugins in the way
 */
export function checkSwitch(
  plugins: readonly PluginLayer[],
  enabled: ReadonlySet<string>,
  name: string,
  on: boolean,
): void {
  const plugin = plugins.find(({ manifest }) => manifest.name === name);
  if (!plugin) throw problem('MRT_PLUGIN_UNKNOWN', { plugin: name });
  if (on) {
    const missing = Object.keys(plugin.manifest.dependencies ?? {}).filter((needed) => !enabled.has(needed));
    if (missing.length > 0)
      throw refused(name, `请先启用 ${missing.join('、')}`, `enable ${missing.join(', ')} first`);
    return;
  }
  const dependents = plugins
    .filter(({ manifest }) => enabled.has(manifest.name) && manifest.dependencies?.[name] !== undefined)
    .map(({ manifest }) => manifest.name);
  if (dependents.length > 0)
    throw refused(name, `请先停用 ${dependents.join('、')}`, `disable ${dependents.join(', ')} first`);
}

function refused(plugin: string, zh: string, en: string): Error {
  // The catalogue's sentence carries one reason; both languages are in it so that neither reader is left out.
  return problem('MRT_PLUGIN_STATE', { plugin, reason: `${zh} / ${en}` }, [
    { path: `plugin/${plugin}`, code: 'MRT_PLUGIN_DEPENDENCY', message: { 'zh-CN': zh, en } },
  ]);
}

/** On or off for every plugin: those found on disk and those only remembered, so that they come back as they were. */
export function pluginStates(
  plugins: readonly PluginLayer[],
  stored: ReadonlyMap<string, boolean>,
): ReadonlyMap<string, boolean> {
  const enabled = new Set(enabledPlugins(plugins, stored).map(({ manifest }) => manifest.name));
  return new Map([
    ...stored,
    ...plugins.map(({ manifest }): [string, boolean] => [manifest.name, enabled.has(manifest.name)]),
  ]);
}

/** Version of each plugin on disk. */
export function pluginVersions(plugins: readonly PluginLayer[]): ReadonlyMap<string, string> {
  return new Map(plugins.map(({ manifest }) => [manifest.name, manifest.version]));
}
