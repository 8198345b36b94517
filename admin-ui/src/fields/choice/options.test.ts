import { describe, expect, it } from 'vitest';
import type { DictionaryView } from '@mortise/core/contract';
import { fieldView } from '../../testing/views.ts';
import { optionsOf, placeOfNew, stillOffered } from './options.ts';

const value = (
  code: string,
  parent: string | null = null,
  active = true,
): DictionaryView['values'][number] => ({
  code,
  label: { 'zh-CN': `中${code}`, en: code },
  parent,
  active,
});
const dictionary: DictionaryView = {
  name: 'd',
  label: { 'zh-CN': '', en: '' },
  tree: true,
  extensible: false,
  mappings: { by_kind: { from: 'kind', map: { k1: { a1: true } } } },
  values: [value('a'), value('a1', 'a'), value('a2', 'a', false), value('b'), value('b1', 'b')],
};
const codes = (
  def: Record<string, unknown>,
  record: Record<string, unknown>,
  chosen: unknown = null,
): string[] =>
  optionsOf(fieldView('f', 'choice', { def }), dictionary, record, chosen).map((option) => option.value);

describe('offered values', () => {
  it('DICT-00 leaves out retired values unless the record already has them', () => {
    expect(codes({}, {})).toEqual(['a', 'a1', 'b', 'b1']);
    const kept = optionsOf(fieldView('f', 'choice'), dictionary, {}, 'a2').find(
      (option) => option.value === 'a2',
    );
    expect(kept?.disabled).toBe(true);
  });

  it('DICT-08a narrows by the mapping of the field above', () => {
    expect(codes({ dependsOn: { field: 'kind', mapping: 'by_kind' } }, { kind: 'k1' })).toEqual(['a1']);
    expect(codes({ dependsOn: { field: 'kind', mapping: 'by_kind' } }, { kind: 'k2' })).toEqual([]);
  });

  it('ENT-07 without a mapping offers what lies below the value above', () => {
    expect(codes({ dependsOn: { field: 'province' } }, { province: 'b' })).toEqual(['b1']);
    expect(codes({ dependsOn: { field: 'province' } }, {})).toEqual(['a', 'a1', 'b', 'b1']);
  });

  it('tells depth and path, and disables branches where only leaves may be chosen', () => {
    const options = optionsOf(fieldView('f', 'choice', { def: { leafOnly: true } }), dictionary, {}, null);
    expect(options.map((option) => [option.value, option.depth, option.path, option.disabled])).toEqual([
      ['a', 0, '中a', true],
      ['a1', 1, '中a / 中a1', false],
      ['b', 0, '中b', true],
      ['b1', 1, '中b / 中b1', false],
    ]);
  });

  it('takes back what is no longer offered', () => {
    const options = optionsOf(fieldView('f', 'choice'), dictionary, {}, null);
    expect(stillOffered('a2', options)).toBeNull();
    expect(stillOffered(['a1', 'a2'], options)).toEqual(['a1']);
  });
});

describe('DICT-00 a value that is typed while picking', () => {
  const open = { ...dictionary, extensible: true };
  const place = (def: Record<string, unknown>, record = {}, of: DictionaryView | undefined = open) =>
    placeOfNew(fieldView('f', 'choice', { def }), of, record);

  it('stands at the top, or below the value of the field above', () => {
    expect(place({})).toBeNull();
    expect(place({ dependsOn: { field: 'kind' } }, { kind: 'a' })).toBe('a');
  });

  it('is not offered where the dictionary is closed or a mapping decides', () => {
    expect(place({}, {}, dictionary)).toBeUndefined();
    expect(place({ dependsOn: { field: 'kind', mapping: 'by_kind' } }, { kind: 'k1' })).toBeUndefined();
    expect(place({ dependsOn: { field: 'kind' } }, {})).toBeUndefined();
    expect(place({ leafOnly: true })).toBeUndefined();
  });
});
