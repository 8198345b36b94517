import semver from 'semver';
import { problem } from '../errors/catalogue.ts';
import type { InstalledPlugin } from './installed-plugin.ts';

/**
 * Brings plugins into the order in which their layers are laid: each after all it depends on, otherwise by name.
 * @throws MRT_PLUGIN_INVALID for an unfit platform range, a missing dependency, one of another version, a circle
 */
export function orderPlugins(
  plugins: readonly InstalledPlugin[],
  platformVersion: string,
): readonly InstalledPlugin[] {
  const byName = new Map(plugins.map((plugin) => [plugin.manifest.name, plugin]));
  const ordered: InstalledPlugin[] = [];
  const done = new Set<string>();

  const visit = (plugin: InstalledPlugin, trail: readonly string[]): void => {
    const { name } = plugin.manifest;
    if (done.has(name)) return;
    const refuse = (reason: string) => problem('MRT_PLUGIN_INVALID', { plugin: name, reason });
    if (trail.includes(name)) throw refuse(`circular dependency / 循环依赖: ${[...trail, name].join(' → ')}`);
    if (!semver.satisfies(platformVersion, plugin.manifest.platform)) {
      throw refuse(
        `it needs platform ${plugin.manifest.platform}, this is ${platformVersion} / 平台版本不符`,
      );
    }
    for (const [needed, range] of Object.entries(plugin.manifest.dependencies ?? {})) {
      const dependency = byName.get(needed);
      if (!dependency)
        throw refuse(`it needs the plugin ${needed} ${range}, which is not installed / 缺少依赖的插件`);
      if (!semver.satisfies(dependency.manifest.version, range)) {
        throw refuse(
          `it needs ${needed} ${range}, installed is ${dependency.manifest.version} / 依赖的插件版本不符`,
        );
      }
      visit(dependency, [...trail, name]);
    }
    done.add(name);
    ordered.push(plugin);
  };

  for (const plugin of [...plugins].sort((a, b) => (a.manifest.name < b.manifest.name ? -1 : 1)))
    visit(plugin, []);
  return ordered;
}
