import type { JsonSchema } from '../../fields/field-type.ts';
import { publish } from './publish.ts';
import {
  cel,
  closed,
  described,
  DOTTED_NAME,
  flag,
  KEY,
  LABEL,
  mapOf,
  NAME,
  name,
  oneOf,
  setOf,
} from './vocabulary.ts';

/** Schema of form documents: header, tabs, sections, fields. */
export function formSchema(): JsonSchema {
  const after = { type: 'string', pattern: KEY, description: '排在其后 / Follows this one' };
  const visibleWhen = cel('满足条件时显示 / Shown when this holds');
  const field = closed({
    span: { type: 'integer', minimum: 1, maximum: 4, description: '所占列数 / Columns it spans' },
    rows: { type: 'integer', minimum: 1, maximum: 50, description: '行数 / Rows of a text area or table' },
    after,
    visibleWhen,
    shown: flag('false 则从本表单移除 / False takes it off this form'),
  });
  const section = closed(
    {
      label: described(LABEL, '分组标题 / Title'),
      columns: { type: 'integer', enum: [1, 2, 3, 4], description: '列数 / Columns' },
      collapsed: flag('默认折叠 / Folded at first'),
      after,
      visibleWhen,
      fields: mapOf(NAME, { $ref: '#/$defs/field' }, '字段 / Fields, in their order'),
    },
    ['label'],
  );
  const related = closed(
    {
      entity: name('子记录的实体 / Entity of the rows'),
      by: name('指向本记录的引用字段 / Their reference that points here'),
      view: { type: 'string', pattern: DOTTED_NAME, description: '列视图 / View that gives the columns' },
    },
    ['entity', 'by'],
  );
  const tab = closed(
    {
      label: described(LABEL, '页签标题 / Title'),
      after,
      visibleWhen,
      sections: mapOf(KEY, { $ref: '#/$defs/section' }, '分组 / Sections, in their order'),
      related: described(related, '子表 / Child table'),
      panel: oneOf(['history'], '内置面板 / Built-in panel'),
    },
    ['label'],
  );
  const action = closed(
    {
      label: described(LABEL, '按钮文字 / Label of the button'),
      create: name('新建记录的实体 / Entity of the new record'),
      values: mapOf(
        NAME,
        cel('值 / Value'),
        '新记录的字段→本记录的表达式 / Field of the new record → expression over this one',
      ),
      visibleWhen,
      after,
    },
    ['label', 'create'],
  );
  return publish('form', {
    title: '表单 / Form',
    description: '一个实体的录入与详情表单 / A form of an entity',
    name: { type: 'string', pattern: DOTTED_NAME, description: '“实体.名称” / "entity.name"' },
    required: ['entity', 'label', 'tabs'],
    properties: {
      entity: name('实体 / Entity'),
      label: described(LABEL, '名称 / Label'),
      use: oneOf(['new', 'edit', 'both'], '用于新增、修改或两者 / For new records, existing ones, or both'),
      each: name(
        '新建时此引用可选多个,各建一条 / In a new record this reference takes several; each gets a record',
      ),
      actions: mapOf(
        KEY,
        { $ref: '#/$defs/action' },
        '由本记录新建其他记录的按钮 / Buttons that open a new record filled from this one',
      ),
      header: closed({ fields: setOf(NAME, '字段 / Fields') }, ['fields'], '页首字段 / Fields in the header'),
      tabs: mapOf(KEY, { $ref: '#/$defs/tab' }, '页签 / Tabs, in their order'),
    },
    defs: { tab, section, field, action },
  });
}
