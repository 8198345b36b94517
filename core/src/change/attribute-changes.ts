import type { LocaleText } from '../text/locale.ts';
import { attributeText, sentence, typeText, valueText } from './change-text.ts';

/** «最大长度 50 → 100», «必填 否 → 是»: what differs between two definitions; a value too long for a sentence is only named. */
export function attributeChanges(
  before: object,
  after: object,
  skip: ReadonlySet<string> = new Set(),
): readonly LocaleText[] {
  const [old, now] = [before as Record<string, unknown>, after as Record<string, unknown>];
  return [...new Set([...Object.keys(old), ...Object.keys(now)])].flatMap((key) => {
    if (skip.has(key) || JSON.stringify(old[key]) === JSON.stringify(now[key])) return [];
    const name = attributeText(key);
    const text = key === 'field' ? typeText : valueText;
    const values = valueChange(text(old[key]), text(now[key]));
    return [sentence(name['zh-CN'] + values['zh-CN'], name.en + values.en)];
  });
}

/** What one value of a document became, in words. */
export function valueChanges(before: unknown, after: unknown): readonly LocaleText[] {
  const isDefinition = (value: unknown): boolean =>
    typeof value === 'object' && value !== null && !Array.isArray(value) && !('zh-CN' in value);
  const [old, now] = [before ?? {}, after ?? {}];
  if (isDefinition(old) && isDefinition(now))
    return attributeChanges(old, now, new Set(['$schema', 'renamedFrom']));
  const { 'zh-CN': zh, en } = valueChange(valueText(before), valueText(after));
  return zh === '' ? [] : [sentence(zh.trim(), en.trim())];
}

function valueChange(from: LocaleText | null, to: LocaleText | null): LocaleText {
  if (!from || !to) return sentence('', '');
  return sentence(` ${from['zh-CN']} → ${to['zh-CN']}`, ` ${from.en} → ${to.en}`);
}
