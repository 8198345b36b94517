import { readdirSync, readFileSync } from 'node:fs';
import { join } from 'node:path';
import { describe, expect, it } from 'vitest';
import en from './en.ts';
import zhCN from './zh-CN.ts';

type Tree = { readonly [key: string]: string | readonly string[] | Tree };

function leaves(tree: Tree, path = ''): Map<string, string | readonly string[]> {
  const found = new Map<string, string | readonly string[]>();
  for (const [key, value] of Object.entries(tree)) {
    const at = path ? `${path}.${key}` : key;
    if (typeof value === 'string' || Array.isArray(value)) found.set(at, value as string | readonly string[]);
    else for (const [inner, text] of leaves(value as Tree, at)) found.set(inner, text);
  }
  return found;
}
const chinese = leaves(zhCN);
const english = leaves(en);
const placeholders = (text: string | readonly string[] | undefined): string[] =>
  [...String(text).matchAll(/\{(\w+)\}/g)].map((match) => match[1] ?? '').sort();

function sources(folder: string): string[] {
  return readdirSync(folder, { withFileTypes: true }).flatMap((entry) => {
    const path = join(folder, entry.name);
    // Administrators' screens, those of accounts, deputies, merging and sharing bring their own texts and their own test.
    if (entry.isDirectory())
      return ['accounts', 'admin', 'deputies', 'merge', 'share'].includes(entry.name) ? [] : sources(path);
    return /\.(vue|ts)$/.test(entry.name) && !entry.name.endsWith('.test.ts') ? [path] : [];
  });
}

describe('texts of the programs', () => {
  it('UI-07 both languages have the same keys', () => {
    expect([...english.keys()].sort()).toEqual([...chinese.keys()].sort());
  });

  it('UI-07 no text is empty', () => {
    const empty = [...chinese, ...english].flatMap(([key, text]) => (text.length === 0 ? [key] : []));
    expect(empty).toEqual([]);
  });

  it('UI-07 lists are of the same length in both languages', () => {
    const lengths = (texts: typeof chinese) =>
      [...texts].flatMap(([key, text]) => (Array.isArray(text) ? [[key, text.length]] : [])).sort();
    expect(lengths(english)).toEqual(lengths(chinese));
  });

  it('UI-07 both languages use the same parameters', () => {
    const parameters = (texts: typeof chinese) =>
      [...chinese.keys()].map((key) => [key, placeholders(texts.get(key))]);
    expect(parameters(english)).toEqual(parameters(chinese));
  });

  it('UI-07 every key that a component uses exists', () => {
    const missing: string[] = [];
    for (const file of sources(new URL('..', import.meta.url).pathname)) {
      for (const match of readFileSync(file, 'utf8').matchAll(/\bt\(\s*'([\w.]+)'/g)) {
        const key = match[1] ?? '';
        // What waits for a person brings its own texts and its own test.
        if (!key.startsWith('work.') && !chinese.has(key)) missing.push(`${file}: ${key}`);
      }
    }
    expect(missing).toEqual([]);
  });
});
