import type { Locale, LocaleText } from '../text/locale.ts';

type Parameters = Readonly<Record<string, string | number>>;

/** Everything that can be wrong with an expression: code → sentence in both languages. Codes are stable. */
const TEXTS = {
  empty: { 'zh-CN': '表达式为空。', en: 'The expression is empty.' },
  'too-long': {
    'zh-CN': '表达式太长,最多 {max} 个字符。',
    en: 'The expression is too long; at most {max} characters.',
  },
  'too-deep': {
    'zh-CN': '表达式太复杂,请拆成几个计算字段。',
    en: 'The expression is too complex; split it into computed fields.',
  },
  incomplete: { 'zh-CN': '表达式不完整。', en: 'The expression is incomplete.' },
  syntax: { 'zh-CN': '语法错误:不应出现“{found}”。', en: 'Syntax error: “{found}” is not expected here.' },
  text: {
    'zh-CN': '文字有误:缺少结束引号,或转义不正确。',
    en: 'The text is wrong: its closing quote is missing or an escape is not valid.',
  },
  number: {
    'zh-CN': '数字“{found}”不正确:请写成普通数字,最多 40 位,不用指数。',
    en: 'The number “{found}” is not valid: write it out in at most 40 digits, without exponent.',
  },
  reserved: {
    'zh-CN': '“{found}”是保留字,不能用作字段名。',
    en: '“{found}” is a reserved word and cannot name a field.',
  },
  unsupported: { 'zh-CN': '不支持“{what}”。', en: '“{what}” is not supported.' },
  macro: {
    'zh-CN': '不支持循环和宏“{name}”。请用 in、size()、contains(),判断是否为空请写 field != null。',
    en: 'Loops and macros such as “{name}” are not supported. Use in, size(), contains(); to test for a value write field != null.',
  },
  'list-place': { 'zh-CN': '列表只能写在 in 的右边。', en: 'A list may only stand to the right of “in”.' },
  'unknown-field': { 'zh-CN': '没有字段“{field}”。', en: 'There is no field “{field}”.' },
  'unknown-function': { 'zh-CN': '没有函数“{name}”。', en: 'There is no function “{name}”.' },
  arguments: {
    'zh-CN': '函数“{name}”需要 {expected} 个参数,现有 {found} 个。',
    en: 'The function “{name}” takes {expected} argument(s), not {found}.',
  },
  type: {
    'zh-CN': '“{name}”的第 {index} 个值应为{expected},实际是{actual}。',
    en: 'Value {index} of “{name}” must be {expected}, not {actual}.',
  },
  mismatch: {
    'zh-CN': '“{name}”两边的类型不同:{left}与{right}。',
    en: '“{name}” needs values of one type, not {left} and {right}.',
  },
  constant: {
    'zh-CN': '“{name}”的第 {index} 个值必须是固定值:{expected}。',
    en: 'Value {index} of “{name}” must be a fixed value: {expected}.',
  },
  'date-text': {
    'zh-CN': '“{found}”不是日期。请写成 2026-01-31,带时间写成 2026-01-31T08:00:00Z。',
    en: '“{found}” is not a date. Write 2026-01-31, with a time 2026-01-31T08:00:00Z.',
  },
  'not-in-sql': {
    'zh-CN': '函数“{name}”不能用于查询条件。',
    en: 'The function “{name}” cannot be used in a query.',
  },
  'field-not-in-sql': {
    'zh-CN': '字段“{field}”不能用于查询条件。',
    en: 'The field “{field}” cannot be used in a query.',
  },
  'function-missing': {
    'zh-CN': '此处不能使用函数“{name}”。',
    en: 'The function “{name}” is not available here.',
  },
} as const satisfies Record<string, LocaleText>;

export type ExpressionErrorCode = keyof typeof TEXTS;

/** Types and kinds of parameters as people call them, in messages. */
const KINDS: Readonly<Record<string, LocaleText>> = {
  bool: { 'zh-CN': '是/否', en: 'true or false' },
  int: { 'zh-CN': '整数', en: 'an integer' },
  decimal: { 'zh-CN': '小数', en: 'a decimal' },
  number: { 'zh-CN': '数字', en: 'a number' },
  string: { 'zh-CN': '文字', en: 'a text' },
  date: { 'zh-CN': '日期', en: 'a date' },
  datetime: { 'zh-CN': '日期时间', en: 'a date with time' },
  null: { 'zh-CN': '空', en: 'null' },
  list: { 'zh-CN': '列表', en: 'a list' },
  field: { 'zh-CN': '字段', en: 'a field' },
  calendar: { 'zh-CN': '日期或日期时间', en: 'a date, with or without time' },
  ordered: { 'zh-CN': '数字或日期', en: 'a number or a date' },
  comparable: { 'zh-CN': '可比较大小的值', en: 'a value that has an order' },
  scalar: { 'zh-CN': '单个值', en: 'a single value' },
  numeral: { 'zh-CN': '数字或文字', en: 'a number or a text' },
  sized: { 'zh-CN': '文字或列表', en: 'a text or a list' },
};

/** Placeholders that hold a kind; the others hold what the author wrote. */
const KIND_PARAMETERS: ReadonlySet<string> = new Set(['expected', 'actual', 'left', 'right']);

function fill(template: string, parameters: Parameters, locale: Locale): string {
  return template.replace(/\{(\w+)\}/g, (whole, name: string) => {
    const value = String(parameters[name] ?? whole);
    if (!KIND_PARAMETERS.has(name)) return value;
    const kind = value.startsWith('list<') ? 'list' : value;
    return Object.hasOwn(KINDS, kind) ? (KINDS[kind]?.[locale] ?? value) : value;
  });
}

/**
 * A fault of an expression: `text` in both languages for people, `position` the offset of the faulty character in
 * the expression (0-based), for an editor's underline. Callers put it into a fault of the document that holds it.
 */
export class ExpressionError extends Error {
  readonly code: ExpressionErrorCode;
  readonly text: LocaleText;
  readonly position: number;

  constructor(code: ExpressionErrorCode, position: number, parameters: Parameters = {}) {
    const text: LocaleText = TEXTS[code];
    const filled = { 'zh-CN': fill(text['zh-CN'], parameters, 'zh-CN'), en: fill(text.en, parameters, 'en') };
    super(`${filled.en} (at ${position})`);
    this.name = 'ExpressionError';
    this.code = code;
    this.text = filled;
    this.position = position;
  }
}
