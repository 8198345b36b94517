import { describe, expect, it } from 'vitest';
import { freedomOf, isAllowed, layerOfField } from './field-rules.ts';

const label = { 'zh-CN': '名', en: 'Name' };

describe('what may be changed of a field', () => {
  it('ENG-07 shipped fields are relabelled, hidden, tightened and extended, and nothing else', () => {
    expect(freedomOf('base', 'label')).toBe('free');
    expect(freedomOf('plugin:advertising', 'hidden')).toBe('free');
    expect(freedomOf('base', 'options')).toBe('extend');
    expect(freedomOf('base', 'entity')).toBe('locked');
    expect(isAllowed('base', 'maxLength', 200, 150)).toBe(true);
    expect(isAllowed('base', 'maxLength', 200, 250)).toBe(false);
    expect(isAllowed('base', 'options', { a: {} }, { a: {}, b: {} })).toBe(true);
    expect(isAllowed('base', 'options', { a: {} }, { b: {} })).toBe(false);
  });

  it('ENG-07 a field of the site is free, but for the table it lies in', () => {
    expect(freedomOf('site', 'maxLength')).toBe('free');
    expect(freedomOf('site', 'field')).toBe('free');
  });

  it('the layer of a field is its own, else that of the document', () => {
    const stored = { provenance: { '': 'base', '/properties/wechat': 'site' } };
    expect(layerOfField(stored, 'wechat', { field: 'text', label })).toBe('site');
    expect(layerOfField(stored, 'name', { field: 'text', label })).toBe('base');
    expect(layerOfField(stored, 'owner', undefined)).toBe('system');
  });
});
