import { readdirSync, readFileSync } from 'node:fs';
import { join } from 'node:path';
import { describe, expect, it } from 'vitest';
import en from './en.ts';
import zhCN from './zh-CN.ts';

type Tree = { readonly [key: string]: string | Tree };

function leaves(tree: Tree, path = ''): readonly (readonly [string, string])[] {
  return Object.entries(tree).flatMap(([key, value]) =>
    typeof value === 'string' ? [[`${path}.${key}`, value] as const] : leaves(value, `${path}.${key}`),
  );
}
const parameters = (text: string): readonly string[] =>
  [...text.matchAll(/\{(\w+)\}/g)].map(([all]) => all).sort();

describe('texts of accounts and logs', () => {
  it('UI-07 are the same keys with the same parameters in both languages, none empty', () => {
    const chinese = new Map(leaves(zhCN));
    const english = new Map(leaves(en));
    expect([...english.keys()].sort()).toEqual([...chinese.keys()].sort());
    for (const [key, text] of chinese) {
      expect(text.length * english.get(key)!.length, key).toBeGreaterThan(0);
      expect(parameters(english.get(key)!), key).toEqual(parameters(text));
    }
  });

  it('UI-07 every key that these screens use exists', () => {
    const known = new Set(leaves(zhCN, 'accounts').map(([key]) => key));
    const folder = new URL('..', import.meta.url).pathname;
    const missing = readdirSync(folder)
      .filter((name) => name.endsWith('.vue'))
      .flatMap((name) =>
        [...readFileSync(join(folder, name), 'utf8').matchAll(/'(accounts(?:\.\w+)+)'/g)].flatMap(
          ([, key = '']) => (known.has(key) ? [] : [`${name}: ${key}`]),
        ),
      );
    expect(missing).toEqual([]);
  });
});
