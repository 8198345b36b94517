import type { JsonSchema } from '../../fields/field-type.ts';
import { publish } from './publish.ts';
import {
  closed,
  described,
  DOTTED_NAME,
  FIELD_PATH,
  flag,
  LABEL,
  mapOf,
  name,
  oneOf,
  setOf,
} from './vocabulary.ts';

/** Schema of view documents: columns, order, fixed filter, quick filters. */
export function viewSchema(): JsonSchema {
  const column = closed({
    width: { type: 'integer', minimum: 20, maximum: 2000, description: '宽度(像素) / Width in pixels' },
    pinned: flag('固定在左侧 / Pinned to the left'),
    after: { type: 'string', pattern: FIELD_PATH, description: '排在此列之后 / The column it follows' },
    shown: flag('false 则不显示 / False takes it off this view'),
    align: oneOf(['start', 'end', 'center'], '对齐 / Alignment'),
  });
  return publish('view', {
    title: '视图 / View',
    description: '一个实体的列表 / A list of an entity',
    name: { type: 'string', pattern: DOTTED_NAME, description: '“实体.名称” / "entity.name"' },
    required: ['entity', 'kind', 'label', 'columns'],
    properties: {
      entity: name('实体 / Entity'),
      kind: oneOf(
        ['list', 'board', 'calendar'],
        '种类:列表、看板或日历 / Kind: list, board of cards, or calendar',
      ),
      label: described(LABEL, '名称 / Label'),
      by: name('看板的分栏字段(单选) / Of a board: the choice whose values are its columns'),
      date: name('日历的日期字段 / Of a calendar: the date or moment by which records lie on it'),
      until: name('日历的结束字段 / Of a calendar: where a record ends'),
      colour: name('日历着色的选项字段 / Of a calendar: the choice whose colours records have'),
      personal: flag('列入各人“我的日历”及其订阅 / Part of everybody’s own calendar and its feed'),
      columns: mapOf(
        FIELD_PATH,
        { $ref: '#/$defs/column' },
        '列 / Columns, in their order; "owner.name" reaches one reference away',
      ),
      sort: {
        type: 'string',
        pattern: '^-?[a-z][a-z0-9_.]*(,-?[a-z][a-z0-9_.]*)*$',
        description: '排序 / Order, e.g. "-updated_at,name"',
      },
      filter: {
        type: 'object',
        description: '固定筛选,语法同记录接口 / Always applied; the language of the records API',
      },
      filters: setOf(FIELD_PATH, '快速筛选字段 / Quick filters above the list'),
    },
    defs: { column },
  });
}
