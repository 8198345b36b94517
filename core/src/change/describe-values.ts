import type { PlanOperation } from '../http/contract.ts';
import type { LocaleText } from '../text/locale.ts';
import type { ValueChange } from './dictionary-rows.ts';
import { sentence, valueText } from './change-text.ts';
import type { DictionaryValue } from '../store/dictionaries.ts';

const PARTS: readonly { readonly of: (value: DictionaryValue) => unknown; readonly text: LocaleText }[] = [
  { of: (value) => value.label, text: sentence('名称', 'label') },
  { of: (value) => value.parent, text: sentence('上级', 'parent') },
  { of: (value) => value.sort, text: sentence('顺序', 'order') },
  { of: (value) => value.color, text: sentence('颜色', 'colour') },
  { of: (value) => value.data, text: sentence('属性', 'attributes') },
];

/** One change of a dictionary value in words. Rows are changed, so there is no SQL to review and no risk to a table. */
export function describeValue(change: ValueChange, dictionary: LocaleText): PlanOperation {
  const { before, after, code } = change;
  const value = after ?? before;
  const zh = `字典“${dictionary['zh-CN']}”的“${value?.label['zh-CN']}”(${code})`;
  const en = `“${value?.label.en}” (${code}) of the dictionary “${dictionary.en}”`;
  const done = (operation: string, zhDone: string, enDone: string): PlanOperation => ({
    operation,
    text: sentence(`${zh} ${zhDone}`, `${en} ${enDone}`),
    risk: 'none',
    sql: [],
    rows: null,
  });
  if (!before) return done('value.add', '新增', 'added');
  if (!after) return done('value.remove', '删除(未被使用)', 'removed (unused)');
  if (before.active && !after.active) return done('value.retire', '停用', 'retired');
  if (!before.active && after.active) return done('value.restore', '恢复', 'restored');
  const parts = PARTS.filter(({ of }) => JSON.stringify(of(before)) !== JSON.stringify(of(after))).map(
    ({ of, text }) => {
      const [from, to] = [valueText(of(before)), valueText(of(after))];
      return from && to
        ? sentence(`${text['zh-CN']} ${from['zh-CN']} → ${to['zh-CN']}`, `${text.en} ${from.en} → ${to.en}`)
        : text;
    },
  );
  return done(
    'value.change',
    `修改:${parts.map((part) => part['zh-CN']).join('、')}`,
    `changed: ${parts.map((part) => part.en).join(', ')}`,
  );
}
