import { resolve } from 'node:path';
import { pathToFileURL } from 'node:url';
import { problem } from '../errors/catalogue.ts';
import type { FieldType } from '../fields/field-type.ts';
import type { PluginAction, PluginServer } from './api.ts';
import type { InstalledPlugin } from './installed-plugin.ts';

const MEMBERS: ReadonlySet<string> = new Set<keyof PluginServer>(['hooks', 'fieldTypes', 'actions']);

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
  checkTypes((value as PluginServer).fieldTypes, refuse);
  checkActions((value as PluginServer).actions, refuse);
  return value as PluginServer;
}

/** What a field type cannot do without; the members that depend on a value are found when it is used. */
const TYPE_MEMBERS = [
  'check',
  'columnType',
  'valueSchema',
  'expressionType',
  'normalise',
  'checkValue',
  'toColumn',
  'fromColumn',
  'filter',
  'format',
  'parse',
] as const satisfies readonly (keyof FieldType)[];

function checkTypes(types: unknown, refuse: (reason: string) => Error): void {
  if (types === undefined) return;
  if (!Array.isArray(types)) throw refuse('"fieldTypes" is not a list');
  for (const [index, type] of (types as readonly Partial<FieldType>[]).entries())
    for (const member of TYPE_MEMBERS)
      if (typeof type?.[member] !== 'function')
        throw refuse(`fieldTypes[${index}].${member} is not a function`);
}

function checkActions(actions: unknown, refuse: (reason: string) => Error): void {
  if (actions === undefined) return;
  if (typeof actions !== 'object' || actions === null) throw refuse('"actions" is not an object');
  for (const [name, action] of Object.entries(actions) as [string, Partial<PluginAction> | null][]) {
    if (typeof action?.run !== 'function') throw refuse(`actions.${name}.run is not a function`);
    if (typeof action.label?.['zh-CN'] !== 'string' || typeof action.label.en !== 'string')
      throw refuse(`actions.${name}.label lacks a text in one of the languages`);
  }
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
