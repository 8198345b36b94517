import { describe, expect, it } from 'vitest';
import type { FormDocument, ViewDocument } from '@mortise/core/contract';
import { findInView, findOnForm, listInView, placeOnForm, takeOffForm, takeOffView } from './placement.ts';

const label = { 'zh-CN': '表', en: 'Form' };
const form: FormDocument = {
  name: 'contact.default',
  entity: 'contact',
  label,
  header: { fields: { name: true, wechat: true } },
  tabs: {
    base: {
      label,
      sections: {
        identity: { label, fields: { name: {}, wechat: { span: 2 }, phone: { after: 'wechat' } } },
        more: { label },
      },
    },
    history: { label, panel: 'history' },
  },
};
const view: ViewDocument = {
  name: 'contact.all',
  entity: 'contact',
  kind: 'list',
  label,
  columns: { name: {}, wechat: { after: 'name' }, phone: { after: 'wechat' } },
  filters: { wechat: true },
};

describe('place of a field', () => {
  it('ENG-08 is found, and moves to another section with its width', () => {
    expect(findOnForm(form, 'wechat')).toEqual({ tab: 'base', section: 'identity' });
    const next = placeOnForm(form, 'wechat', { tab: 'base', section: 'more' });
    expect(next.tabs['base']?.sections?.['more']?.fields).toEqual({ wechat: { span: 2 } });
    expect(next.tabs['base']?.sections?.['identity']?.fields).toEqual({ name: {}, phone: {} });
  });

  it('an unchanged place gives the same document, so that nothing is planned', () => {
    expect(placeOnForm(form, 'wechat', { tab: 'base', section: 'identity' })).toBe(form);
    expect(listInView(view, 'wechat', true)).toBe(view);
    expect(takeOffForm(form, 'email')).toBe(form);
    expect(takeOffView(view, 'email')).toBe(view);
  });

  it('a withdrawn field leaves forms, headers, lists and quick filters; what followed it follows the one before', () => {
    const off = takeOffForm(form, 'wechat');
    expect(JSON.stringify(off)).not.toContain('wechat');
    const list = takeOffView(view, 'wechat');
    expect(list.columns).toEqual({ name: {}, phone: { after: 'name' } });
    expect(list.filters).toEqual({});
  });

  it('a field that a lower layer shows can be hidden and shown again', () => {
    const hidden: FormDocument = {
      ...form,
      tabs: { base: { label, sections: { identity: { label, fields: { wechat: { shown: false } } } } } },
    };
    expect(findOnForm(hidden, 'wechat')).toBeNull();
    const shown = placeOnForm(hidden, 'wechat', { tab: 'base', section: 'identity' });
    expect(shown.tabs['base']?.sections?.['identity']?.fields).toEqual({ wechat: {} });
    expect(findInView({ ...view, columns: { wechat: { shown: false } } }, 'wechat')).toBe(false);
  });
});
