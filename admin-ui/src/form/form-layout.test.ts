import { describe, expect, it } from 'vitest';
import type { FormDocument } from '@mortise/core/contract';
import { entityView, fieldView } from '../testing/views.ts';
import { formFor, layOut, type PlacedTab } from './form-layout.ts';

const label = { 'zh-CN': '标', en: 'Label' };
const form: FormDocument = {
  name: 'thing.default',
  entity: 'thing',
  label,
  tabs: {
    base: {
      label,
      sections: {
        one: {
          label,
          columns: 2,
          fields: { name: {}, note: { span: 9 }, hidden_now: { visibleWhen: 'never' } },
        },
        two: { label, fields: { gone: {} } },
      },
    },
    people: { label, related: { entity: 'person', by: 'thing' } },
  },
};
const entity = entityView(
  [
    fieldView('name', 'text'),
    fieldView('note', 'longtext'),
    fieldView('hidden_now', 'text'),
    fieldView('people', 'children', { def: { entity: 'person', by: 'thing' } }),
    fieldView('orders', 'children', { def: { entity: 'order', by: 'thing' } }),
    fieldView('wechat', 'text'),
    fieldView('key', 'text', { def: { hidden: true } }),
    fieldView('version', 'integer', { system: true }),
  ],
  { forms: [form] },
);
const shown = (condition: string | undefined): boolean => condition !== 'never';
const names = (tab: PlacedTab | undefined): string[] =>
  tab?.sections.flatMap((section) => section.fields.map(({ field }) => field.name)) ?? [];

describe('layout of a form', () => {
  it('places fields in order, spans within the columns, and leaves out what is not shown', () => {
    const [base] = layOut(entity, form, shown);
    expect(base?.sections[0]?.fields.map(({ field, span }) => [field.name, span])).toEqual([
      ['name', 1],
      ['note', 2],
    ]);
    expect(base?.sections.some((section) => section.name === 'two')).toBe(false);
  });

  it('SCN-07 shows a new field that no form mentions, but neither hidden nor system fields', () => {
    const [base] = layOut(entity, form, shown);
    expect(base?.sections.at(-1)?.fields.map(({ field }) => field.name)).toEqual(['wechat']);
  });

  it('shows each child table once, with a tab of its own where the form has none', () => {
    const related = layOut(entity, form, shown).flatMap((tab) => (tab.related ? [tab.related.entity] : []));
    expect(related).toEqual(['person', 'order']);
  });

  it('DM-COM-12 always ends with the history', () => {
    expect(layOut(entity, form, shown).at(-1)?.panel).toBe('history');
  });

  it('makes a form for an entity that has none', () => {
    expect(names(layOut(entity, null, () => true)[0])).toEqual(['name', 'note', 'hidden_now', 'wechat']);
  });

  it('chooses the form by its use', () => {
    const short: FormDocument = { ...form, name: 'thing.short', use: 'new' };
    const both = entityView(entity.fields, { forms: [short, form] });
    expect(formFor(both, true)?.name).toBe('thing.short');
    expect(formFor(both, false)?.name).toBe('thing.default');
  });
});
