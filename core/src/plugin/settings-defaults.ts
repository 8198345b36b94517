import type { PluginManifest } from './api.ts';

/** A plugin's settings: what is stored over the defaults of its settings schema (PLG-07). */
export function pluginSettings(
  manifest: PluginManifest,
  stored: Readonly<Record<string, unknown>> = {},
): Readonly<Record<string, unknown>> {
  const properties = (manifest.settings?.['properties'] ?? {}) as Readonly<
    Record<string, { readonly default?: unknown }>
  >;
  const defaults = Object.entries(properties).flatMap(([name, schema]) =>
    schema.default === undefined ? [] : [[name, schema.default] as const],
  );
  return Object.freeze({ ...Object.fromEntries(defaults), ...stored });
}
