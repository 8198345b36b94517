import type { JsonSchema } from '../../fields/field-type.ts';
import { publish } from './publish.ts';
import { described, flag, KEY, LABEL, mapOf } from './vocabulary.ts';

const RANGE: JsonSchema = {
  type: 'string',
  minLength: 1,
  maxLength: 60,
  pattern: '^[0-9A-Za-z.^~<>=|*+ -]+$',
};

/** Schema of `plugin.json` (PLG-01…07). */
export function pluginSchema(): JsonSchema {
  return publish('plugin', {
    title: '插件 / Plugin',
    description: '插件清单 / Manifest of a plugin',
    name: {
      type: 'string',
      pattern: KEY,
      description: '插件名,也是文件夹名 / Name of the plugin and its folder',
    },
    required: ['version', 'label', 'platform'],
    extensible: false,
    properties: {
      version: {
        type: 'string',
        pattern: '^\\d+\\.\\d+\\.\\d+(-[0-9A-Za-z.-]+)?$',
        description: '版本 / Version, semantic',
      },
      label: described(LABEL, '名称 / Label'),
      description: described(LABEL, '说明 / What it is for'),
      platform: described(RANGE, '平台版本范围,如 ^0.1.0 / Range of platform versions'),
      dependencies: mapOf(KEY, RANGE, '依赖的插件→版本范围 / Plugins it needs → range of versions'),
      server: {
        type: 'string',
        pattern: '^(?!.*\\.\\.)[A-Za-z0-9_][A-Za-z0-9_./-]*\\.(ts|js|mjs)$',
        description: '服务端模块的相对路径 / Path of the server module',
      },
      settings: { type: 'object', description: '设置的 JSON Schema / JSON Schema of its settings' },
      enabled: flag('新装时启用,默认 true / Enabled in a new installation, default true'),
    },
  });
}
