import { describe, expect, it } from 'vitest';
import type { FieldDocument } from '@mortise/core/contract';
import { draftOf, newDraft, toDefinition } from './field-draft.ts';

const label = { 'zh-CN': '须改密', en: 'Must change' };

describe('a field while it is edited', () => {
  it('an untouched field becomes the document it was, a default of false included', () => {
    const def: FieldDocument = { field: 'boolean', label, default: false };
    expect(toDefinition(draftOf('must_change', def))).toEqual(def);
  });

  it('what another type left behind is dropped', () => {
    const draft = newDraft();
    Object.assign(draft, {
      name: 'result',
      type: 'choice',
      label,
      attributes: { maxLength: 50, dictionary: 'gender', search: true, required: true },
    });
    expect(toDefinition(draft)).toEqual({ field: 'choice', label, dictionary: 'gender', required: true });
  });

  it('a system field is overridden without its type', () => {
    const draft = draftOf('owner', {}, { label, type: 'reference' });
    draft.label = { 'zh-CN': '跟进人', en: 'Responsible' };
    expect(toDefinition(draft, true)).toEqual({ label: { 'zh-CN': '跟进人', en: 'Responsible' } });
  });
});
