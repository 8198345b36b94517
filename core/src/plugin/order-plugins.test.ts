import { describe, expect, it } from 'vitest';
import type { InstalledPlugin } from './installed-plugin.ts';
import { orderPlugins } from './order-plugins.ts';

const plugin = (
  name: string,
  dependencies: Record<string, string> = {},
  version = '1.0.0',
  platform = '^0.1.0',
): InstalledPlugin => ({
  folder: `/plugins/${name}`,
  manifest: { name, version, platform, dependencies, label: { 'zh-CN': name, en: name } },
});
const names = (plugins: readonly InstalledPlugin[]) => plugins.map((each) => each.manifest.name);

describe('order of plugins (PLG-06)', () => {
  it('lays a plugin after all it depends on, otherwise by name', () => {
    const ordered = orderPlugins(
      [plugin('a', { c: '^1.0.0' }), plugin('b'), plugin('c', { d: '*' }), plugin('d')],
      '0.1.0',
    );
    expect(names(ordered)).toEqual(['d', 'c', 'a', 'b']);
  });

  it('refuses a circle, with the way round it', () => {
    expect(() => orderPlugins([plugin('a', { b: '*' }), plugin('b', { a: '*' })], '0.1.0')).toThrow(
      /a → b → a/,
    );
  });

  it('refuses a missing dependency and one of another version', () => {
    expect(() => orderPlugins([plugin('a', { b: '^1.0.0' })], '0.1.0')).toThrow(/needs the plugin b/);
    expect(() => orderPlugins([plugin('a', { b: '^2.0.0' }), plugin('b')], '0.1.0')).toThrow(
      /installed is 1.0.0/,
    );
  });

  it('refuses a plugin for another platform', () => {
    expect(() => orderPlugins([plugin('a', {}, '1.0.0', '^9.0.0')], '0.1.0')).toThrow(
      /needs platform \^9.0.0/,
    );
  });
});
