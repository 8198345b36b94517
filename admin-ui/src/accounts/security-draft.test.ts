import { describe, expect, it } from 'vitest';
import type { SettingsDocument } from '@mortise/core/contract';
import { draftOf, settingsOf } from './security-draft.ts';

const BARE = {
  name: 'installation',
  productName: { 'zh-CN': '榫卯', en: 'Mortise' },
  timeZone: 'Asia/Shanghai',
  currency: 'CNY',
  locale: 'zh-CN',
} as SettingsDocument;

describe('the security policy while it is edited (SEC-12, NF-SEC-01)', () => {
  it('says nothing of what is as it is without being said', () =>
    expect(settingsOf(BARE, draftOf(BARE))).toEqual(BARE));

  it('writes rules and networks, and comes back the same', () => {
    const draft = draftOf(BARE);
    draft.passwords.minLength = 12;
    draft.networks.push(
      { role: 'finance', text: '10.0.0.0/8，192.168.1.7\n::1' },
      { role: 'boss', text: ' ' },
    );
    const document = settingsOf(BARE, draft);
    expect(document.passwords).toEqual({ minLength: 12 });
    expect(document.networks).toEqual({
      roles: { finance: { '10.0.0.0/8': true, '192.168.1.7/32': true, '::1/128': true } },
    });
    expect(settingsOf(document, draftOf(document))).toEqual(document);
  });
});
