import type { PlanOperation, PluginsAnswer } from '../http/contract.ts';
import { sentence } from './change-text.ts';
import type { PluginLayer } from './plugin-layers.ts';

/** The plugins on disk, as the administrator's page shows them. */
export function pluginAnswers(
  plugins: readonly PluginLayer[],
  enabled: readonly string[],
): PluginsAnswer['items'] {
  return plugins.map(({ manifest, layer }) => ({
    name: manifest.name,
    version: manifest.version,
    label: manifest.label,
    ...(manifest.description ? { description: manifest.description } : {}),
    enabled: enabled.includes(manifest.name),
    dependencies: Object.keys(manifest.dependencies ?? {}),
    entities: layer.documents
      .filter(({ kind, document }) => kind === 'entity' && document.extends !== true)
      .map(({ name }) => name),
  }));
}

/** Switching a plugin, in the words of the log. */
export function switchOperation(
  plugins: readonly PluginLayer[],
  name: string,
  enabled: boolean,
): PlanOperation {
  const label =
    plugins.find(({ manifest }) => manifest.name === name)?.manifest.label ?? sentence(name, name);
  const [zh, en] = enabled ? ['启用', 'enabled'] : ['停用,数据保留', 'disabled, its data kept'];
  return {
    operation: enabled ? 'plugin.enable' : 'plugin.disable',
    text: sentence(`插件“${label['zh-CN']}” ${zh}`, `The plugin “${label.en}” ${en}`),
    risk: 'none',
    sql: [],
    rows: null,
  };
}
