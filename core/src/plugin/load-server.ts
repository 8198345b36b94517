import { resolve } from 'node:path';
import { pathToFileURL } from 'node:url';
import { problem } from '../errors/catalogue.ts';
import type { PluginServer } from './api.ts';
import type { InstalledPlugin } from './installed-plugin.ts';

const MEMBERS: ReadonlySet<string> = new Set<keyof PluginServer>(['hooks']);

/**
 * Imports the server part of a plugin; one without a `server` member has none.
 * @throws MRT_PLUGIN_INVALID when the module cannot be loaded or its default export is not what `definePlugin` takes
 */
export async function loadServer(plugin: InstalledPlugin): Promise<PluginServer> {
  const { name, server } = plugin.manifest;
  if (server === undefined) return {};
  const refuse = (reason: string) =>
    problem('MRT_PLUGIN_INVALID', { plugin: name, reason: `${server}: ${reason}` });
  let loaded: { readonly default?: unknown };
  try {
    loaded = (await import(pathToFileURL(resolve(plugin.folder, server)).href)) as {
      readonly default?: unknown;
    };
  } catch (error) {
    throw refuse((error as Error).message);
  }
  const value = loaded.default;
  if (typeof value !== 'object' || value === null)
    throw refuse('export default definePlugin({ … }) is missing');
  for (const member of Object.keys(value))
    if (!MEMBERS.has(member)) throw refuse(`unknown member "${member}"`);
  checkHooks((value as PluginServer).hooks, refuse);
  return value as PluginServer;
}

function checkHooks(hooks: unknown, refuse: (reason: string) => Error): void {
  if (hooks === undefined) return;
  if (typeof hooks !== 'object' || hooks === null) throw refuse('"hooks" is not an object');
  for (const [entity, of] of Object.entries(hooks)) {
    if (typeof of !== 'object' || of === null) throw refuse(`hooks.${entity} is not an object`);
    for (const [hook, run] of Object.entries(of as Record<string, unknown>)) {
      if (hook !== 'beforeWrite') throw refuse(`unknown hook hooks.${entity}.${hook}`);
      if (typeof run !== 'function') throw refuse(`hooks.${entity}.${hook} is not a function`);
    }
  }
}
