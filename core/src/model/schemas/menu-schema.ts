import type { JsonSchema } from '../../fields/field-type.ts';
import { publish } from './publish.ts';
import { closed, described, DOTTED_NAME, flag, KEY, LABEL, mapOf, NAME } from './vocabulary.ts';

/** Schema of menu documents: one group of the main menu (UI-03). */
export function menuSchema(): JsonSchema {
  const icon = { type: 'string', pattern: KEY, description: '图标 / Icon' };
  const items = mapOf(KEY, { $ref: '#/$defs/item' }, '菜单项 / Items, in their order');
  const word = (description: string): JsonSchema => ({
    type: 'string',
    pattern: '^[a-z][A-Za-z0-9_.:/?=&-]{0,119}$',
    description,
  });
  const item = closed(
    {
      label: described(LABEL, '文字 / Label'),
      after: { type: 'string', pattern: KEY, description: '排在其后 / Follows this one' },
      icon,
      function: word('所需功能权限 / Function permission needed'),
      view: { type: 'string', pattern: DOTTED_NAME, description: '打开视图 / Opens this view' },
      create: {
        type: 'string',
        pattern: NAME,
        description: '新增此实体的记录 / Opens a new record of this entity',
      },
      page: word('打开页面 / Opens this page of the application'),
      action: word('窗口命令 / Command of the window'),
      shown: flag('false 则不显示 / False hides it'),
      items,
    },
    ['label'],
  );
  return publish('menu', {
    title: '菜单 / Menu',
    description: '主菜单的一组 / One group of the main menu',
    name: { type: 'string', pattern: KEY, description: '菜单名 / Name' },
    required: ['label', 'items'],
    properties: {
      label: described(LABEL, '文字 / Label'),
      order: { type: 'integer', description: '排序 / Order among the groups' },
      icon,
      items,
    },
    defs: { item },
  });
}
