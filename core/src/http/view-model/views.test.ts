import { describe, expect, it } from 'vitest';
import type { Access } from '../../access/access.ts';
import type { FormDocument, MenuDocument, ViewDocument } from '../../model/documents.ts';
import type { Model } from '../../model/model.ts';
import { formView, listView } from './form-view.ts';
import { menuView } from './menu-view.ts';

const label = { 'zh-CN': '名', en: 'Name' };

describe('forms and lists as a person sees them (SEC-05)', () => {
  const form: FormDocument = {
    name: 'customer.default',
    entity: 'customer',
    label,
    header: { fields: { name: true, secret: true } },
    tabs: {
      main: {
        label,
        sections: {
          a: { label, fields: { name: {}, secret: {}, gone: { shown: false } } },
          b: { label, fields: { secret: {} } },
        },
      },
      only_secret: { label, sections: { a: { label, fields: { secret: {} } } } },
      orders: { label, related: { entity: 'order', by: 'customer' } },
      history: { label, panel: 'history' },
    },
  };

  it('SEC-05 drops hidden fields, emptied sections and tabs, and child tables of unseen entities', () => {
    const seen = formView(
      form,
      new Set(['name', 'gone']),
      () => false,
      () => false,
    );
    expect(seen.header?.fields).toEqual({ name: true });
    expect(Object.keys(seen.tabs)).toEqual(['main', 'history']);
    expect(seen.tabs['main']?.sections).toEqual({ a: { label, fields: { name: {} } } });
  });

  it('keeps child tables of entities that are seen', () => {
    expect(
      Object.keys(
        formView(
          form,
          new Set(['name']),
          (entity) => entity === 'order',
          () => false,
        ).tabs,
      ),
    ).toContain('orders');
  });

  it('SEC-05 drops columns and filters of hidden fields, also where they lead on', () => {
    const view: ViewDocument = {
      name: 'customer.all',
      entity: 'customer',
      kind: 'list',
      label,
      columns: { name: {}, secret: {}, 'owner.name': {}, 'secret.name': {} },
      filters: { secret: true, name: true },
    };
    const seen = listView(view, new Set(['name', 'owner']));
    expect(Object.keys(seen.columns)).toEqual(['name', 'owner.name']);
    expect(seen.filters).toEqual({ name: true });
  });
});

describe('the main menu (UI-03, MENU-08)', () => {
  const menus: readonly MenuDocument[] = [
    { name: 'last', label, order: 60, items: { about: { label, page: 'help.about' } } },
    {
      name: 'first',
      label,
      order: 10,
      items: {
        list: { label, view: 'customer.all' },
        gone: { label, view: 'ad_order.all' },
        entry: { label, create: 'contact' },
        fields: { label, page: 'settings.fields', function: 'metadata.configure' },
        off: { label, page: 'x', shown: false },
        empty: { label, items: { inner: { label, view: 'ad_order.all' } } },
        second: { label, page: 'second', after: 'list' },
        nothing: { label },
      },
    },
    { name: 'emptied', label, order: 20, items: { inner: { label, view: 'ad_order.all' } } },
  ];
  const model = {
    menus: new Map(menus.map((menu) => [menu.name, menu])),
    views: new Map([['customer.all', { entity: 'customer' }]]),
    entities: new Map([
      ['customer', { name: 'customer' }],
      ['contact', { name: 'contact' }],
    ]),
  } as unknown as Model;
  const access = (
    functions: readonly string[],
    actions: Readonly<Record<string, readonly string[]>>,
  ): Access =>
    ({
      mayUse: (name: string) => functions.includes(name),
      entity: ({ name }: { name: string }) => ({
        may: (action: string) => actions[name]?.includes(action) ?? false,
      }),
    }) as unknown as Access;

  it('MENU-08 shows what exists and is allowed, in order, without emptied groups', () => {
    const seen = menuView(
      model,
      access(['metadata.configure'], { customer: ['query'], contact: ['create'] }),
    );
    expect(seen.map(({ name }) => name)).toEqual(['first', 'last']);
    expect(Object.keys(seen[0]?.items ?? {})).toEqual(['list', 'second', 'entry', 'fields']);
  });

  it('MENU-08 hides what the person may not use', () => {
    const seen = menuView(model, access([], { customer: [], contact: ['query'] }));
    expect(Object.keys(seen[0]?.items ?? {})).toEqual(['second']);
  });
});
