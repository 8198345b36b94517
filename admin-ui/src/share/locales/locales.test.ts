import { readdirSync, readFileSync } from 'node:fs';
import { expect, it } from 'vitest';
import en from './en.ts';
import zhCN from './zh-CN.ts';

const FOLDER = new URL('..', import.meta.url);
const parameters = (text: string): string[] => [...text.matchAll(/\{(\w+)\}/g)].map(([each]) => each).sort();

it('UI-07 the texts of sharing are there in both languages, with the same parameters', () => {
  expect(Object.keys(en).sort()).toEqual(Object.keys(zhCN).sort());
  for (const [key, text] of Object.entries(zhCN))
    expect(parameters(en[key as keyof typeof en]), key).toEqual(parameters(text));
});

it('UI-07 every key of sharing that a component uses exists', () => {
  const used = readdirSync(FOLDER)
    .filter((name) => name.endsWith('.vue'))
    .flatMap((name) => [...readFileSync(new URL(name, FOLDER), 'utf8').matchAll(/\bt\(\s*'share\.(\w+)'/g)])
    .map((match) => match[1] ?? '');
  expect(used.length).toBeGreaterThan(10);
  expect(used.filter((key) => !(key in zhCN))).toEqual([]);
});
