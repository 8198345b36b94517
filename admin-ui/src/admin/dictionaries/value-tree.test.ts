import { describe, expect, it } from 'vitest';
import type { DictionaryValueDocument } from '@mortise/core/contract';
import { childrenOf, codesUnder, pathOf, visibleNodes } from './value-tree.ts';

const value = (
  en: string,
  parent?: string,
  more: Partial<DictionaryValueDocument> = {},
): DictionaryValueDocument => ({
  label: { 'zh-CN': `中${en}`, en },
  ...(parent === undefined ? {} : { parent }),
  ...more,
});
const values = {
  food: value('Food', undefined, { sort: 20 }),
  drink: value('Drink', undefined, { sort: 10 }),
  tea: value('Tea', 'drink', { sort: 20, active: false }),
  beer: value('Beer', 'drink', { sort: 10 }),
};
const children = childrenOf(values);
const codes = (unfolded: readonly string[], words = '', retired = true): string[] =>
  visibleNodes(values, children, new Set(unfolded), words, retired).map((node) => node.code);

describe('values as a tree', () => {
  it('are ordered by `sort` and shown as far as unfolded', () => {
    expect(codes([])).toEqual(['drink', 'food']);
    expect(codes(['drink'])).toEqual(['drink', 'beer', 'tea', 'food']);
  });

  it('a search shows what matches with all above it, in either language', () => {
    expect(codes([], 'tea')).toEqual(['drink', 'tea']);
    expect(codes([], '中Beer')).toEqual(['drink', 'beer']);
  });

  it('retired values can be left out', () => {
    expect(codes(['drink'], '', false)).toEqual(['drink', 'beer', 'food']);
  });

  it('knows what lies below and the way down', () => {
    expect([...codesUnder(children, 'drink')].sort()).toEqual(['beer', 'drink', 'tea']);
    expect(pathOf(values, 'tea', (each) => each.label.en)).toBe('Drink › Tea');
  });
});
