import type { LocaleText } from '../text/locale.ts';

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
    'zh-CN': '“{name}”的第 {index} 个值应为{expected},实际是{found}。',
    en: 'Value {index} of “{name}” must be {expected}, not {found}.',
  },
  mismatch: {
    'zh-CN': '“{name}”两边的类型不同:{left} 与 {right}。',
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

function fill(template: string, parameters: Parameters): string {
  return template.replace(/\{(\w+)\}/g, (whole, name: string) => String(parameters[name] ?? whole));
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
    const filled = { 'zh-CN': fill(text['zh-CN'], parameters), en: fill(text.en, parameters) };
    super(`${filled.en} (at ${position})`);
    this.name = 'ExpressionError';
    this.code = code;
    this.text = filled;
    this.position = position;
  }
}
