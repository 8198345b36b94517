import { describe, expect, it } from 'vitest';
import { ref } from 'vue';
import type { DictionaryDocument } from '@mortise/core/contract';
import type { Stored } from '../api/documents.ts';
import { useDictionaryDraft } from './dictionary-draft.ts';

const text = (en: string): { 'zh-CN': string; en: string } => ({ 'zh-CN': en, en });
const document: DictionaryDocument = {
  name: 'size',
  label: text('Size'),
  values: {
    s: { label: text('S'), sort: 10 },
    m: { label: text('M'), sort: 20 },
    l: { label: text('L'), sort: 20 },
  },
};
const stored: Stored<'dictionary'> = {
  kind: 'dictionary',
  name: 'size',
  base: 'b.1',
  provenance: {},
  document,
};
const start = () => useDictionaryDraft(ref(stored));

describe('collected changes of a dictionary', () => {
  it('a change that is taken back is none', () => {
    const draft = start();
    draft.change('s', { label: text('Small') });
    expect([...draft.patches.value.keys()]).toEqual(['s']);
    draft.change('s', { label: text('S') });
    expect(draft.patches.value.size).toBe(0);
  });

  it('retiring and bringing back leaves nothing behind', () => {
    const draft = start();
    draft.change('s', { active: false });
    expect(draft.values.value['s']?.active).toBe(false);
    draft.change('s', { active: undefined });
    expect(draft.patches.value.size).toBe(0);
  });

  it('moving two values that share a place gives all of them places of their own', () => {
    const draft = start();
    draft.shift('l', -1);
    expect(draft.children.value.get('')).toEqual(['s', 'l', 'm']);
    draft.shift('l', -1);
    expect(draft.children.value.get('')).toEqual(['l', 's', 'm']);
  });

  it('a new value comes last, and disappears when it is undone', () => {
    const draft = start();
    draft.change('xl', { label: text('XL'), sort: draft.lastSort(undefined) });
    expect(draft.isNew('xl')).toBe(true);
    expect(draft.children.value.get('')?.at(-1)).toBe('xl');
    draft.undo('xl');
    expect(draft.values.value).toEqual(document.values);
  });
});
