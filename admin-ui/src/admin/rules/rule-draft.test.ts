import { describe, expect, it } from 'vitest';
import type { AutomationRuleDocument } from '@mortise/core/contract';
import { documentOf, newAction, ruleDraft } from './rule-draft';

const label = { 'zh-CN': '规则', en: 'Rule' };

describe('the draft of a rule', () => {
  it('ENG-13 gives back the document it was made of', () => {
    const documents: readonly AutomationRuleDocument[] = [
      {
        name: 'one',
        label,
        entity: 'customer',
        active: false,
        trigger: { on: 'change', fields: { name: true }, becomes: "name == 'x'", create: true },
        when: 'true',
        roles: { administrator: true },
        onError: 'log',
        actions: {
          a: { action: 'set', values: { name: "'y'" } },
          b: { action: 'create', entity: 'contact', values: { name: 'name' }, when: 'true', after: 'a' },
          c: { action: 'transition', transition: 'first_pass', opinion: "'ok'", after: 'b' },
          d: { action: 'notify', to: { owner: true }, message: label, after: 'c' },
          e: { action: 'webhook', url: 'https://example.com', secret: 'x', timeoutSeconds: 5, after: 'd' },
          f: { action: 'plugin', plugin: 'p', call: 'go', values: { a: '1' }, after: 'e' },
        },
      },
      {
        name: 'two',
        label,
        help: label,
        entity: 'customer',
        trigger: { on: 'date', field: 'latest_ad_on', days: -30, at: '09:00' },
        roles: { administrator: true },
        actions: { a: { action: 'set', values: {} } },
      },
      { name: 'three', label, trigger: { on: 'schedule', cron: '0 9 * * *' }, actions: {} },
      {
        name: 'four',
        label,
        entity: 'x',
        trigger: { on: 'transition', transitions: { go: true } },
        actions: {},
      },
    ];
    for (const document of documents) expect(documentOf(ruleDraft(document))).toEqual(document);
  });

  it('names new actions by their kind, each by another name', () => {
    const draft = ruleDraft();
    draft.actions.push(newAction('set'), newAction('set'), newAction('webhook'));
    expect(Object.keys(documentOf(draft).actions)).toEqual(['set_1', 'set_2', 'webhook_1']);
  });
});
