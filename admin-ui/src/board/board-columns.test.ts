import { describe, expect, it } from 'vitest';
import type { DictionaryView, FieldView } from '@mortise/core/contract';
import { boardColumns, conditionOf } from './board-columns';

const label = (text: string) => ({ 'zh-CN': text, en: text });
const field = (def: Record<string, unknown>): FieldView => ({
  name: 'status',
  type: 'choice',
  label: label('Status'),
  required: false,
  readOnly: false,
  level: 'read',
  system: false,
  sortable: true,
  operators: [],
  def,
});
const dictionary = {
  name: 'status',
  label: label('Status'),
  tree: false,
  extensible: false,
  mappings: undefined,
  values: ['new', 'done', 'gone'].map((code) => ({
    code,
    label: label(code),
    parent: null,
    active: code !== 'gone',
  })),
} as DictionaryView;
const codes = (filter: Record<string, unknown> | undefined): readonly string[] =>
  boardColumns(field({ dictionary: 'status' }), dictionary, conditionOf(filter, 'status')).map(
    ({ code }) => code,
  );

describe('columns of a board (TASK-04)', () => {
  it('are the live values of the dictionary, without those that the view leaves out', () => {
    expect(codes(undefined)).toEqual(['new', 'done']);
    expect(codes({ status: { $nin: ['new'] } })).toEqual(['done']);
    expect(codes({ status: { $in: ['new', 'gone'] } })).toEqual(['new']);
    expect(codes({ status: { $ne: 'done' } })).toEqual(['new']);
    expect(codes({ status: 'done' })).toEqual(['done']);
    expect(codes({ owner: { $me: true } })).toEqual(['new', 'done']);
  });

  it('are the options of a choice without a dictionary', () => {
    const options = { a: { label: label('A'), color: '#123456' }, b: { label: label('B') } };
    expect(boardColumns(field({ options }), undefined, () => true)).toEqual([
      { code: 'a', label: label('A'), color: '#123456' },
      { code: 'b', label: label('B'), color: undefined },
    ]);
  });
});
