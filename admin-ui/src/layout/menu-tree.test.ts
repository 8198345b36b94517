import { describe, expect, it } from 'vitest';
import type { ModelAnswer } from '@mortise/core/contract';
import { flatten, menuTree, moduleOfEntity } from './menu-tree.ts';

const label = (text: string) => ({ 'zh-CN': text, en: text });
const model: Pick<ModelAnswer, 'menus'> = {
  menus: [
    {
      name: 'file',
      label: label('文件管理'),
      items: {
        add: { label: label('新建客户'), create: 'customer' },
        out: { label: label('退出'), action: 'sign-out' },
      },
    },
    {
      name: 'system',
      label: label('系统设置'),
      items: {
        tools: {
          label: label('工具'),
          items: {
            city: { label: label('城市'), page: 'settings.dictionaries.city' },
            gone: { label: label('无'), page: 'no.page' },
          },
        },
        off: { label: label('关'), view: 'x.all', shown: false },
      },
    },
    {
      name: 'customers',
      label: label('客户档案'),
      items: { all: { label: label('客户'), view: 'customer.all' } },
    },
    { name: 'empty', label: label('空'), items: { nothing: { label: label('无'), action: 'unknown' } } },
  ],
};
const groups = menuTree(model, {
  hasPage: (name) => name === 'settings.dictionaries',
  hasCommand: (name) => name === 'sign-out',
});

describe('main menu', () => {
  it('MENU-08 shows only entries that open something, and no empty group', () => {
    expect(groups.map((group) => group.key)).toEqual(['file', 'system', 'customers']);
    expect(flatten(groups).map(({ node }) => node.key)).toEqual([
      'file.add',
      'file.out',
      'system.tools.city',
      'customers.all',
    ]);
  });

  it('opens a page with its parameter', () => {
    expect(groups[1]?.children[0]?.children[0]?.to).toEqual({
      name: 'settings.dictionaries',
      params: { name: 'city' },
    });
  });

  it('UI-02 takes the group with the list as the module of an entity', () => {
    expect(moduleOfEntity(groups, 'customer')).toBe('客户档案');
    expect(moduleOfEntity(groups, 'nothing')).toBe('');
  });
});
