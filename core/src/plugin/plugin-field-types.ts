import { problem } from '../errors/catalogue.ts';
import type { FieldType } from '../fields/field-type.ts';
import { registerFieldType } from '../fields/registry.ts';
import type { InstalledPlugin } from './installed-plugin.ts';
import { loadServer } from './load-server.ts';

/** Type name → the plugin it came from, and its removal. */
const registered = new Map<string, { readonly plugin: string; readonly type: FieldType; remove(): void }>();

/**
 * Makes the field types of plugins known, before any document is read that may use them. Reading a plugin anew
 * replaces what it brought before. The types of a disabled plugin stay known, because its data does.
 * @throws MRT_PLUGIN_INVALID when a name is taken or is no name, and when the server part cannot be loaded
 */
export async function registerPluginFieldTypes(installed: readonly InstalledPlugin[]): Promise<void> {
  for (const plugin of installed) {
    const { name } = plugin.manifest;
    for (const type of (await loadServer(plugin)).fieldTypes ?? []) {
      const known = registered.get(type.name);
      if (known?.type === type) continue;
      if (known?.plugin === name) known.remove();
      try {
        registered.set(type.name, { plugin: name, type, remove: registerFieldType(type) });
      } catch (error) {
        throw problem('MRT_PLUGIN_INVALID', { plugin: name, reason: (error as Error).message });
      }
    }
  }
}
