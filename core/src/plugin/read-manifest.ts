import { readFileSync } from 'node:fs';
import { readFile } from 'node:fs/promises';
import { basename, join } from 'node:path';
import { Ajv2020, type ValidateFunction } from 'ajv/dist/2020.js';
import semver from 'semver';
import { problem } from '../errors/catalogue.ts';
import type { PluginManifest } from './api.ts';
import type { InstalledPlugin } from './installed-plugin.ts';

const schemaFile = new URL('../../schemas/plugin.schema.json', import.meta.url);
let validate: ValidateFunction<PluginManifest> | undefined;

function validator(): ValidateFunction<PluginManifest> {
  // The schema is our own: to compile the schema of schemas for it takes longer than all that is checked by it.
  validate ??= new Ajv2020({ allErrors: true, strict: true, validateSchema: false }).compile<PluginManifest>(
    JSON.parse(readFileSync(schemaFile, 'utf8')),
  );
  return validate;
}

/**
 * Reads and checks `plugin.json` of `folder` (PLG-02).
 * @throws MRT_PLUGIN_INVALID with the path of each fault: not JSON, unknown members, a wrong version, another name
 * than its folder's.
 */
export async function readManifest(folder: string): Promise<InstalledPlugin> {
  const name = basename(folder);
  const refuse = (reason: string) => problem('MRT_PLUGIN_INVALID', { plugin: name, reason });
  const text = await readFile(join(folder, 'plugin.json'), 'utf8');
  let value: unknown;
  try {
    value = JSON.parse(text);
  } catch (error) {
    throw refuse(`plugin.json: ${(error as Error).message}`);
  }
  const check = validator();
  if (!check(value)) {
    const faults = (check.errors ?? []).map((each) => ({
      path: `plugin.json#${each.instancePath}`,
      code: `MRT_PLUGIN_${each.keyword.toUpperCase()}`,
      message: {
        'zh-CN': `${each.message ?? ''} ${JSON.stringify(each.params)}`,
        en: `${each.message ?? ''} ${JSON.stringify(each.params)}`,
      },
    }));
    throw problem(
      'MRT_PLUGIN_INVALID',
      { plugin: name, reason: `plugin.json: ${faults[0]?.path} ${faults[0]?.message.en}` },
      faults,
    );
  }
  if (value.name !== name) throw refuse(`the folder must be named ${value.name} / 目录名须为 ${value.name}`);
  if (!semver.valid(value.version))
    throw refuse(`version "${value.version}" is no semantic version / 版本号不规范`);
  for (const range of [value.platform, ...Object.values(value.dependencies ?? {})]) {
    if (semver.validRange(range) === null) throw refuse(`"${range}" is no version range / 版本范围不规范`);
  }
  return { manifest: value, folder };
}
