import { readdirSync, readFileSync } from 'node:fs';
import { join } from 'node:path';
import { describe, expect, it } from 'vitest';
import { fieldTypes } from '../../../../core/src/fields/registry.ts';
import { FLAGS, TYPE_ATTRIBUTES, TYPE_GROUPS } from '../fields/field-types.ts';
import en from './en.ts';
import zhCN from './zh-CN.ts';

type Tree = { readonly [key: string]: string | Tree };

function leaves(tree: Tree, path: string): Map<string, string> {
  const found = new Map<string, string>();
  for (const [key, value] of Object.entries(tree)) {
    const at = `${path}.${key}`;
    if (typeof value === 'string') found.set(at, value);
    else for (const [inner, text] of leaves(value, at)) found.set(inner, text);
  }
  return found;
}
const chinese = leaves(zhCN as unknown as Tree, 'admin');
const english = leaves(en as unknown as Tree, 'admin');
const placeholders = (text: string): string[] =>
  [
    ...new Set([...text.replace(/\{'[^']*'\}/g, '').matchAll(/\{(\w+)\}/g)].map((match) => match[1] ?? '')),
  ].sort();

function sources(folder: string): string[] {
  return readdirSync(folder, { withFileTypes: true }).flatMap((entry) => {
    const path = join(folder, entry.name);
    if (entry.isDirectory()) return sources(path);
    return /\.(vue|ts)$/.test(entry.name) && !entry.name.endsWith('.test.ts') ? [path] : [];
  });
}

describe('texts of the administrators’ screens', () => {
  it('UI-07 both languages have the same keys, none empty', () => {
    expect([...english.keys()].sort()).toEqual([...chinese.keys()].sort());
    for (const [key, text] of [...chinese, ...english]) expect(text.length, key).toBeGreaterThan(0);
  });

  it('UI-07 both languages use the same parameters', () => {
    for (const [key, text] of chinese) {
      const other = placeholders(english.get(key) ?? '');
      // English may leave the number out of its singular.
      expect(other, key).toEqual(placeholders(text));
    }
  });

  it('UI-07 every key that a screen uses exists', () => {
    const missing: string[] = [];
    for (const file of sources(new URL('..', import.meta.url).pathname)) {
      for (const match of readFileSync(file, 'utf8').matchAll(/'(admin\.[\w-]+(?:\.[\w-]+)+)'/g)) {
        const key = match[1] ?? '';
        if (!chinese.has(key)) missing.push(`${file}: ${key}`);
      }
    }
    expect(missing).toEqual([]);
  });

  it('ENG-03 every field type is offered once, with a sentence, and its attributes and flags are named', () => {
    const offered = TYPE_GROUPS.flatMap((group) => group.types);
    expect([...offered].sort()).toEqual(
      fieldTypes()
        .map((type) => type.name)
        .sort(),
    );
    for (const type of offered) expect(chinese.has(`admin.typeHint.${type}`), type).toBe(true);
    for (const spec of Object.values(TYPE_ATTRIBUTES).flat()) {
      if (spec.name !== 'values') expect(chinese.has(`admin.attribute.${spec.name}`), spec.name).toBe(true);
    }
    for (const flag of FLAGS) expect(chinese.has(`admin.flag.${flag}`), flag).toBe(true);
  });
});
